"""Pages of deciding, publishing and showing results."""

from crowd.selection.views import (
    certificates,
    chair,
    corrections,
    field,
    letters,
    merges,
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
    "field",
    "letters",
    "merges",
    "publish",
    "reasons",
    "results",
    "room",
    "verdict",
]
