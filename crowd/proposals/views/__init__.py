"""Pages and acts of proposals: one module for each part of a proposal's life."""

from crowd.proposals.views import (
    agreeing,
    entering,
    files,
    handing_in,
    history,
    importing,
    invitation,
    naming,
    proposing,
    questions,
    screening,
    showing,
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
    "agreeing",
    "bp",
    "entering",
    "files",
    "handing_in",
    "history",
    "importing",
    "invitation",
    "naming",
    "proposing",
    "questions",
    "screening",
    "showing",
    "similar",
    "team",
    "visiting",
    "words",
    "writing",
]
