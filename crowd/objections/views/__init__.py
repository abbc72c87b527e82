"""Objections to results: read, object, answer."""

from crowd.objections.views import answering, objecting, state
from crowd.objections.views.blueprint import bp

__all__ = ["answering", "bp", "objecting", "state"]
