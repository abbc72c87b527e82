"""Reading the ledger: all of a call for its managers, one's own for receivers, what is public for everybody."""

from crowd.awards.queries.ledger import (
    changes_of,
    export_rows,
    get_award,
    get_own_part,
    get_part_of_call,
    list_awards,
    list_own_parts,
    list_receivable,
    public_awards,
)

__all__ = [
    "changes_of",
    "export_rows",
    "get_award",
    "get_own_part",
    "get_part_of_call",
    "list_awards",
    "list_own_parts",
    "list_receivable",
    "public_awards",
]
