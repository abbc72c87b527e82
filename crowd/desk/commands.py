"""What is asked of the table: a value that addresses, saved filters, exports and messages share."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from crowd.core.status import ProposalStatus

NOBODY = "nobody"
MOST_DIGITS = 9


class Sort(StrEnum):
    """Stored in saved filters; never rename."""

    NUMBER = "number"
    NEWEST = "newest"
    TITLE = "title"
    COST = "cost"
    SUPPORTS = "supports"
    REVIEWS = "reviews"


class Column(StrEnum):
    """What a row of the table may show beside number and title. Stored; never rename."""

    STATUS = "status"
    PEOPLE = "people"
    SUBMITTED = "submitted"
    COST = "cost"
    LABELS = "labels"
    COLLEAGUES = "colleagues"
    NOTES = "notes"
    FILES = "files"
    REVIEWS = "reviews"
    SUPPORTS = "supports"
    COMMENTS = "comments"
    LANGUAGE = "language"


USUAL = (Column.STATUS, Column.PEOPLE, Column.SUBMITTED, Column.LABELS, Column.COLLEAGUES, Column.NOTES)


@dataclass(frozen=True)
class Query:
    """Filters and order of the table; `label` and `colleague` are public ids (`colleague` may be NOBODY). Empty: not narrowed."""

    status: str = ""
    label: str = ""
    colleague: str = ""
    lacking: bool = False  # reviews
    files: bool = False
    cost_from: int | None = None
    cost_to: int | None = None
    q: str = ""
    sort: str = ""

    @staticmethod
    def of(asked: Mapping[str, Any]) -> "Query":
        """From an address or a stored filter; whatever is not understood is left out."""
        status = str(asked.get("status", ""))
        sort = str(asked.get("sort", ""))
        return Query(
            status=status if status in set(ProposalStatus) - {ProposalStatus.DRAFT} else "",
            label=_key(asked.get("label")),
            colleague=_key(asked.get("colleague")),
            lacking=str(asked.get("lacking", "")) == "1",
            files=str(asked.get("files", "")) == "1",
            cost_from=_number(asked.get("cost_from")),
            cost_to=_number(asked.get("cost_to")),
            q=" ".join(str(asked.get("q", "")).replace("\0", " ").split())[:200],
            sort=sort if sort in set(Sort) else "",
        )

    def asked(self) -> dict[str, Any]:
        """As an address says it, without what is not narrowed."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: "1" if value is True else str(value)
            for name, value in plain.items()
            if value not in ("", None, False)
        }

    @property
    def narrowed(self) -> bool:
        return bool(replace(self, sort="").asked())


def _key(value: object) -> str:
    text = str(value or "")
    return text if text.isalnum() and text.isascii() and len(text) <= 16 else ""


def _number(value: object) -> int | None:
    text = str(value or "").strip()
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= MOST_DIGITS else None
