"""Reading the desk."""

from crowd.desk.queries.kept import (
    chosen_columns,
    colleagues_of,
    get_bulk_act,
    get_label,
    labels_of,
    list_labels,
    list_notes,
    list_saved_filters,
    list_staff,
    reviewed_round,
)
from crowd.desk.queries.rows import Beside, beside
from crowd.desk.queries.stakes import staked_among
from crowd.desk.queries.table import (
    MOST_COUNTED,
    Listing,
    Reviewed,
    Scope,
    found_among,
    keys_of,
    list_table,
    narrowed,
)

__all__ = [
    "MOST_COUNTED",
    "Beside",
    "Listing",
    "Reviewed",
    "Scope",
    "beside",
    "chosen_columns",
    "colleagues_of",
    "found_among",
    "get_bulk_act",
    "get_label",
    "keys_of",
    "labels_of",
    "list_labels",
    "list_notes",
    "list_saved_filters",
    "list_staff",
    "list_table",
    "narrowed",
    "reviewed_round",
    "staked_among",
]
