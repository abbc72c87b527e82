"""Pages of the jury and of its chair; one module for each kind of page, all on one blueprint."""

from crowd.reviews.views import (
    assigning,
    chair,
    conflicts,
    invitation,
    jury,
    numbers,
    panel,
    planning,
    queue,
    redacting,
    reviewing,
)
from crowd.reviews.views.blueprint import bp

__all__ = [
    "assigning",
    "bp",
    "chair",
    "conflicts",
    "invitation",
    "jury",
    "numbers",
    "panel",
    "planning",
    "queue",
    "redacting",
    "reviewing",
]
