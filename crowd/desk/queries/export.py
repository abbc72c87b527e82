"""What an export holds, read in pieces: the memory it takes does not grow with the call."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, load_only

from crowd.accounts.models import Account
from crowd.core.fields import AnswerKind, CustomField, answer_part, cell_text
from crowd.desk.commands import Query, Sort
from crowd.desk.queries.rows import beside
from crowd.desk.queries.table import Scope, found_among, keys_of, narrowed
from crowd.proposals.models import Attachment, Proposal, ProposalTag
from crowd.store.paging import page_of

PIECE = 500
MOST_DIGITS = 15
"""Digits that a spreadsheet keeps of a number; a longer one stays text."""
ALWAYS = (
    "number",
    "id",
    "external_id",
    "title",
    "summary",
    "body",
    "language",
    "tags",
    "status",
    "submitted_at",
    "people",
    "files",
)
TEXTS = (Proposal.summary, Proposal.body)


@dataclass(frozen=True)
class Sheet:
    """Which columns this person's export has: as the table, never more."""

    cost: bool
    reviews: bool
    supports: bool
    addresses: bool
    questions: tuple[CustomField, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        maybe = {
            "cost": self.cost,
            "reviews": self.reviews,
            "supports": self.supports,
            "lead_email": self.addresses,
        }
        answers = (answer_part(asked.key) for asked in self.questions)
        return (*ALWAYS, *(name for name, there in maybe.items() if there), "labels", "looked_after_by", *answers)

    @property
    def piece(self) -> int:
        """Rows read at once: fewer where each may hold many long texts."""
        return PIECE // (1 + sum(asked.kind is AnswerKind.LONG for asked in self.questions))


@dataclass(frozen=True)
class Line:
    """One proposal of an export: its values by column, and its files as (name, storage key)."""

    values: Mapping[str, Any]
    files: Sequence[tuple[str, str]]


def export_lines(session: Session, scope: Scope, query: Query, sort: Sort, sheet: Sheet) -> Iterator[Line]:
    """All that the query finds, in its order."""
    among = found_among(session, scope, query) if query.narrowed else None
    statement = _statement(session, scope, query, sort, sheet, among)
    cursor: str | None = None
    while True:
        page = page_of(session, statement, keys_of(sort), cursor, sheet.piece)
        yield from _lines(session, scope, page.items, sheet)
        session.expunge_all()  # what was read is not read again
        if page.next is None:
            return
        cursor = page.next


def _statement(
    session: Session, scope: Scope, query: Query, sort: Sort, sheet: Sheet, among: Sequence[int] | None
) -> Select[Any]:
    shown = (
        Proposal.public_id,
        Proposal.external_id,
        Proposal.number,
        Proposal.status,
        Proposal.title,
        Proposal.cost,
        Proposal.language,
        Proposal.submitted_at,
        Proposal.in_round,
        Proposal.supports,
        Proposal.lead_id,
    )
    texts = (*TEXTS, Proposal.answers) if sheet.questions else TEXTS
    return narrowed(session, scope, query, sort, among).options(load_only(*shown, *texts, raiseload=True))


def _lines(session: Session, scope: Scope, rows: Sequence[Proposal], sheet: Sheet) -> Iterator[Line]:
    ids = [row.id for row in rows]
    around, tags, files = beside(session, scope, ids), _tags(session, ids), _files(session, ids)
    addresses = _addresses(session, rows) if sheet.addresses else {}
    for row in rows:
        held = files.get(row.id, [])
        every = {
            "number": row.number,
            "id": row.public_id,
            "external_id": row.external_id,
            "title": row.title,
            "summary": row.summary,
            "body": row.body,
            "language": row.language,
            "tags": ", ".join(tags.get(row.id, ())),
            "status": row.status.value,
            "submitted_at": row.submitted_at.isoformat() if row.submitted_at else None,
            "people": ", ".join(around.people.get(row.id, ())),
            "files": ", ".join(name for name, _key in held),
            "cost": row.cost,
            "reviews": around.reviews.get(row.id),
            "supports": row.supports if row.in_round else None,
            "lead_email": addresses.get(row.lead_id or 0),
            "labels": ", ".join(name for _key, name in around.labels.get(row.id, ())),
            "looked_after_by": ", ".join(around.colleagues.get(row.id, ())),
            **{answer_part(asked.key): _cell(asked, row.answers.get(asked.key)) for asked in sheet.questions},
        }
        yield Line({name: every[name] for name in sheet.columns}, held)


def _cell(asked: CustomField, answer: Any) -> str | Decimal | None:
    """An answer as the import reads it; a number is one, so that a negative one is not taken for a formula."""
    if answer and asked.kind is AnswerKind.NUMBER:
        number = Decimal(answer)
        return number if len(number.as_tuple().digits) <= MOST_DIGITS else str(answer)
    return cell_text(answer) or None


def _tags(session: Session, ids: Sequence[int]) -> Mapping[int, list[str]]:
    rows = session.execute(
        select(ProposalTag.proposal_id, ProposalTag.tag)
        .where(ProposalTag.proposal_id.in_(ids))
        .order_by(ProposalTag.proposal_id, ProposalTag.tag)
    )
    found: dict[int, list[str]] = {}
    for id_, tag in rows:
        found.setdefault(id_, []).append(tag)
    return found


def _files(session: Session, ids: Sequence[int]) -> Mapping[int, list[tuple[str, str]]]:
    rows = session.execute(
        select(Attachment.proposal_id, Attachment.filename, Attachment.storage_key)
        .where(Attachment.proposal_id.in_(ids), Attachment.removed_at.is_(None))
        .order_by(Attachment.proposal_id, Attachment.id)
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for id_, name, key in rows:
        found.setdefault(id_, []).append((name, key))
    return found


def _addresses(session: Session, rows: Sequence[Proposal]) -> Mapping[int, str]:
    leads = {row.lead_id for row in rows if row.lead_id}
    return dict(iter(session.execute(select(Account.id, Account.email).where(Account.id.in_(leads)))))
