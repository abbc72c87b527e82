"""Pages that show more than one noun: one module for each kind of page, all on one blueprint."""

from crowd.pages.views import (
    call_head,
    call_previews,
    calls,
    home,
    people,
    previews,
    proposal_list,
    proposals,
    publishing,
    site,
    words,
)
from crowd.pages.views.blueprint import bp

__all__ = [
    "bp",
    "call_head",
    "call_previews",
    "calls",
    "home",
    "people",
    "previews",
    "proposal_list",
    "proposals",
    "publishing",
    "site",
    "words",
]
