"""Pages of the decision and its result; each module of this package adds its views."""

from crowd.selection.views import (
    certificates,
    chair,
    corrections,
    field,
    merges,
    places,
    publish,
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
    "merges",
    "places",
    "publish",
    "results",
    "room",
    "verdict",
]
