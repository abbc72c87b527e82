"""What people ask for, as frozen values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from crowd.core.fields import CustomField, answer_part, unready
from crowd.core.status import EntryChannel, ProposalStatus
from crowd.files.checking import CheckedFile

MOST_TAGS = 8
LONGEST_TAG = 40
LANGUAGES = ("en", "es", "ca", "de", "eu", "fr", "gl", "it", "nl", "pl", "pt", "ar", "he", "zh")
"""In which proposals may be written."""


@dataclass(frozen=True)
class ProposalText:
    """What an author writes. A draft may lack any of it.

    `answers` to custom fields, by key. As a change: None takes one away, what is not named stays as it is.
    """

    title: str = ""
    summary: str = ""
    body: str = ""
    cost: int | None = None
    language: str = "en"
    tags: tuple[str, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)

    def missing(self, *, asks_cost: bool, asked: Iterable[CustomField] = ()) -> tuple[str, ...]:
        """Names of the required parts that are not there, those of the `asked` fields as `answer_<key>`."""
        parts = {"title": self.title, "summary": self.summary, "body": self.body}
        lacking = [name for name, value in parts.items() if not value.strip()]
        if asks_cost and self.cost is None:
            lacking.append("cost")
        return (*lacking, *(answer_part(fault.field) for fault in unready(asked, self.answers)))


@dataclass(frozen=True)
class VisitorText:
    """Fields as typed without an account: names and values, by the browser with this key.

    `draft_key`: public id of the draft to come; `opened`: the version the form was opened with.
    """

    fields: tuple[tuple[str, str], ...]
    key_hash: str
    draft_key: str
    opened: int

    @property
    def size(self) -> int:
        return sum(len(name) + len(value) for name, value in self.fields)


@dataclass(frozen=True)
class Invitation:
    """A person asked to join a team. `share` in hundredths of a percent; None: the equal part."""

    email: str
    name: str
    roles: tuple[str, ...] = ()
    share: int | None = None


@dataclass(frozen=True)
class Place:
    """Roles and share of a member as the lead sets them, in the order of the team."""

    member_id: int
    roles: tuple[str, ...]
    share: int


@dataclass(frozen=True)
class Behalf:
    """For whom the organization enters a proposal. `email` and `contact` are private; `email` gets a link to claim it.

    `files` and `answers` (by key of the question) came with the sheet: each file with its key in the storage.
    """

    name: str
    channel: EntryChannel
    email: str = ""
    contact: str = ""
    consent: str = ""
    files: Sequence[tuple[CheckedFile, str]] = ()
    answers: Mapping[str, tuple[CheckedFile, str]] = field(default_factory=dict)


class ScreeningCode(StrEnum):
    """Why a proposal is not eligible, or what has to be corrected. Stored; never rename."""

    OFF_TOPIC = "off_topic"
    INCOMPLETE = "incomplete"
    NOT_ENTITLED = "not_entitled"
    DUPLICATE = "duplicate"
    RIGHTS = "rights"
    UNLAWFUL = "unlawful"
    OTHER = "other"


@dataclass(frozen=True)
class ManyScreened:
    """What came of screening many at once: ids that were decided, and public ids left as they were with the code of why."""

    done: tuple[int, ...]
    left: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ScreeningDecision:
    """`outcome`: eligible, ineligible or correction (by `due`)."""

    outcome: ProposalStatus
    code: str = ""
    text: str = ""
    due: datetime | None = None
