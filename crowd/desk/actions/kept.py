"""Labels, notes, saved filters and chosen columns."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.errors import DomainError, InvalidInput
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.desk.commands import Column, Query
from crowd.desk.models import ChosenColumns, Label, Note, SavedFilter
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Proposal
from crowd.store.events import record
from crowd.store.search import fold
from crowd.web.access import require

MOST_LABELS = 100
MOST_FILTERS = 100


def make_label(session: Session, call: Call, name: str, *, now: datetime) -> Label:
    """A new label of the call's organization, or the one that is called so already.

    Raises InvalidInput("too_many_labels"). The caller has asked DESK_VIEW.
    """
    folded = fold(name)[:40]
    known = select(Label).where(Label.organization_id == call.organization_id)
    there = session.scalar(known.where(Label.name_folded == folded))
    if there is not None:
        return there
    if (session.scalar(select(func.count()).select_from(known.subquery())) or 0) >= MOST_LABELS:
        raise InvalidInput("too_many_labels", "name", most=MOST_LABELS)
    made = Label(organization_id=call.organization_id, name=name, name_folded=folded, created_at=now)
    session.add(made)
    session.flush()
    return made


def delete_label(session: Session, label: Label) -> None:
    """The label and all its places."""
    session.delete(label)
    session.flush()


def add_note(session: Session, proposal: Proposal, text: str, *, actor: Actor, now: datetime) -> Note:
    require(actor, Permission.DESK_NOTE, facts_of_proposal(session, proposal), now)
    note = Note(proposal_id=proposal.id, author_id=actor.account_id, text=text, at=now)
    session.add(note)
    session.flush()
    return note


def remove_note(session: Session, proposal: Proposal, note: Note, *, actor: Actor, now: datetime) -> None:
    """One's own note. Raises DomainError("not_your_note")."""
    _require_own(session, proposal, note, actor, now)
    note.removed_at = now


def restore_note(session: Session, proposal: Proposal, note: Note, *, actor: Actor, now: datetime) -> None:
    _require_own(session, proposal, note, actor, now)
    note.removed_at = None


def _require_own(session: Session, proposal: Proposal, note: Note, actor: Actor, now: datetime) -> None:
    require(actor, Permission.DESK_NOTE, facts_of_proposal(session, proposal), now)
    if note.author_id != actor.account_id:
        raise DomainError("not_your_note")


def choose_columns(session: Session, call: Call, columns: Sequence[Column], *, actor: Actor) -> None:
    """Kept for this person and call."""
    mine = select(ChosenColumns).where(ChosenColumns.call_id == call.id, ChosenColumns.account_id == actor.account_id)
    row = session.scalar(mine)
    if row is None:
        row = ChosenColumns(call_id=call.id, account_id=actor.account_id or 0, columns=[])
        session.add(row)
    row.columns = [column.value for column in columns]


def save_filter(
    session: Session, call: Call, name: str, query: Query, *, shared: bool, actor: Actor, now: datetime
) -> SavedFilter:
    """A named query; one's own of the same name is replaced. Raises InvalidInput("too_many_filters")."""
    mine = select(SavedFilter).where(
        SavedFilter.organization_id == call.organization_id, SavedFilter.owner_id == actor.account_id
    )
    known = {row.name: row for row in session.scalars(mine)}
    if name not in known and len(known) >= MOST_FILTERS:
        raise InvalidInput("too_many_filters", "name", most=MOST_FILTERS)
    row = known.get(name)
    if row is None:
        row = SavedFilter(
            organization_id=call.organization_id, owner_id=actor.account_id or 0, name=name, created_at=now
        )
        session.add(row)
    row.query, row.is_shared = dict(query.asked()), shared
    session.flush()
    return row


def delete_filter(session: Session, row: SavedFilter, *, actor: Actor) -> None:
    """One's own. Raises DomainError("not_your_filter")."""
    if row.owner_id != actor.account_id:
        raise DomainError("not_your_filter")
    session.delete(row)
    session.flush()


def note_export(session: Session, call: Call, kind: str, *, actor: Actor, now: datetime) -> None:
    """Who took proposals out of the product, and when."""
    record(
        session,
        EventKind.PROPOSALS_EXPORTED,
        now=now,
        actor_id=actor.account_id,
        organization_id=call.organization_id,
        call_id=call.id,
        target=kind,
    )
