"""Pages and acts of proposals: one module for each part of a proposal's life."""

from crowd.proposals.views import (
    entering,
    files,
    handing_in,
    history,
    proposing,
    questions,
    screening,
    similar,
    team,
    visiting,
    words,
    writing,
)
from crowd.proposals.views.blueprint import bp
from crowd.proposals.views.sentences import SENTENCES

__all__ = [
    "SENTENCES",
    "bp",
    "entering",
    "files",
    "handing_in",
    "history",
    "proposing",
    "questions",
    "screening",
    "similar",
    "team",
    "visiting",
    "words",
    "writing",
]
