"""The words of the table."""

from typing import Any

from crowd.core.status import ProposalStatus
from crowd.desk.commands import Column, Sort
from crowd.web.text import _l

SORTS: dict[Sort, Any] = {
    Sort.NUMBER: _l("Number"),
    Sort.NEWEST: _l("Newest first"),
    Sort.TITLE: _l("Title"),
    Sort.COST: _l("Highest cost first"),
    Sort.REVIEWS: _l("Fewest reviews first"),
    Sort.SUPPORTS: _l("Most supported"),
}
COLUMNS: dict[Column, Any] = {
    Column.STATUS: _l("State"),
    Column.PEOPLE: _l("People"),
    Column.SUBMITTED: _l("Handed in"),
    Column.COST: _l("Cost"),
    Column.LABELS: _l("Labels"),
    Column.COLLEAGUES: _l("Looked after by"),
    Column.NOTES: _l("Notes"),
    Column.FILES: _l("Files"),
    Column.REVIEWS: _l("Reviews"),
    Column.SUPPORTS: _l("Supports"),
    Column.COMMENTS: _l("Comments"),
    Column.LANGUAGE: _l("Language"),
}
NUMBERS = frozenset({Column.COST, Column.NOTES, Column.FILES, Column.REVIEWS, Column.SUPPORTS, Column.COMMENTS})
STATUSES: dict[ProposalStatus, Any] = {
    ProposalStatus.SUBMITTED: _l("Unscreened"),
    ProposalStatus.CORRECTION: _l("In correction"),
    ProposalStatus.ELIGIBLE: _l("Eligible"),
    ProposalStatus.INELIGIBLE: _l("Not eligible"),
    ProposalStatus.SHORTLISTED: _l("Shortlisted"),
    ProposalStatus.NOT_ADVANCED: _l("Did not advance"),
    ProposalStatus.SELECTED: _l("Selected"),
    ProposalStatus.RESERVE: _l("Reserve"),
    ProposalStatus.NOT_SELECTED: _l("Not selected"),
    ProposalStatus.DECLINED: _l("Declined by the authors"),
    ProposalStatus.WITHDRAWN: _l("Withdrawn"),
    ProposalStatus.MERGED: _l("Merged"),
}
