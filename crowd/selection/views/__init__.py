"""Pages of deciding, publishing and showing results, and of credit."""

from crowd.selection.views import (
    certificates,
    chair,
    corrections,
    credit_corrections,
    endorsing,
    field,
    holding,
    letters,
    merges,
    places,
    publish,
    reasons,
    results,
    room,
    verdict,
)
from crowd.selection.views.blueprint import bp

__all__ = [
    "bp",
    "certificates",
    "chair",
    "corrections",
    "credit_corrections",
    "endorsing",
    "field",
    "holding",
    "letters",
    "merges",
    "places",
    "publish",
    "reasons",
    "results",
    "room",
    "verdict",
]
