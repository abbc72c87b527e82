"""Amendments: the review of one before it is published, the history of all, the answers to one that waits."""

from crowd.amendments.views import reading, writing
from crowd.amendments.views.blueprint import bp

__all__ = ["bp", "reading", "writing"]
