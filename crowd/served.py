"""What each web process loads: the application, and the model of language beside its first requests."""

from app import app
from crowd.meaning.encoder import warm

__all__ = ["app"]

warm()
