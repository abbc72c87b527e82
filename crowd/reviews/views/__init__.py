"""Pages of the jury and of its chair; one module for each kind of page, all on one blueprint."""

from crowd.reviews.views import assigning, chair, invitation, jury, numbers, planning, queue, reviewing
from crowd.reviews.views.blueprint import bp

__all__ = ["assigning", "bp", "chair", "invitation", "jury", "numbers", "planning", "queue", "reviewing"]
