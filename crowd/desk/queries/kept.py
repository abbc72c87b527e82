"""Labels, colleagues, saved filters, chosen columns, notes: what the organization keeps for itself."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from crowd.accounts.models import Account
from crowd.core.actor import STAFF
from crowd.core.rules import RoundKind
from crowd.core.subjects import CallFacts
from crowd.desk.commands import USUAL, Column
from crowd.desk.models import BulkAct, ChosenColumns, Colleague, Label, Labelled, Note, SavedFilter
from crowd.desk.queries.table import Reviewed
from crowd.organizations.models import Membership
from crowd.rounds.models import CallRound


def list_labels(session: Session, organization_id: int) -> Sequence[Label]:
    return session.scalars(
        select(Label).where(Label.organization_id == organization_id).order_by(Label.name_folded)
    ).all()


def get_label(session: Session, organization_id: int, public_id: str) -> Label | None:
    return session.scalar(select(Label).where(Label.organization_id == organization_id, Label.public_id == public_id))


def list_staff(session: Session, organization_id: int) -> Sequence[Account]:
    """Those who may look after a proposal."""
    return session.scalars(
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.organization_id == organization_id, Membership.role.in_(list(STAFF)))
        .order_by(Account.name, Account.id)
    ).all()


def list_saved_filters(session: Session, organization_id: int, account_id: int | None) -> Sequence[SavedFilter]:
    """The person's own and those shared in the organization."""
    return session.scalars(
        select(SavedFilter)
        .where(
            SavedFilter.organization_id == organization_id,
            or_(SavedFilter.owner_id == account_id, SavedFilter.is_shared),
        )
        .order_by(SavedFilter.name, SavedFilter.id)
    ).all()


def chosen_columns(session: Session, call_id: int, account_id: int | None) -> tuple[Column, ...]:
    """In the order of the table; the usual ones until something was chosen."""
    mine = select(ChosenColumns.columns).where(ChosenColumns.call_id == call_id, ChosenColumns.account_id == account_id)
    kept = session.scalar(mine)
    return USUAL if kept is None else tuple(column for column in Column if column.value in kept)


def list_notes(session: Session, proposal_id: int) -> Sequence[Note]:
    """Standing notes, the oldest first."""
    return session.scalars(
        select(Note)
        .where(Note.proposal_id == proposal_id, Note.removed_at.is_(None))
        .order_by(Note.id)
        .options(joinedload(Note.author))
    ).all()


def labels_of(session: Session, proposal_id: int) -> Sequence[Label]:
    labelled = select(Label).join(Labelled, Labelled.label_id == Label.id).where(Labelled.proposal_id == proposal_id)
    return session.scalars(labelled.order_by(Label.name_folded)).all()


def colleagues_of(session: Session, proposal_id: int) -> Sequence[Account]:
    looking = select(Account).join(Colleague, Colleague.account_id == Account.id)
    return session.scalars(looking.where(Colleague.proposal_id == proposal_id).order_by(Account.name)).all()


def get_bulk_act(session: Session, call_id: int, public_id: str) -> BulkAct | None:
    return session.scalar(select(BulkAct).where(BulkAct.call_id == call_id, BulkAct.public_id == public_id))


def reviewed_round(session: Session, call: CallFacts) -> Reviewed | None:
    """The last review round that has opened, with how many reviews it asks for."""
    row = session.scalar(
        select(CallRound)
        .where(
            CallRound.call_id == call.id, CallRound.kind == RoundKind.REVIEW, CallRound.candidates_sha256.is_not(None)
        )
        .order_by(CallRound.position.desc())
        .limit(1)
    )
    return Reviewed(row.id, max(call.rules.round(row.key).min_reviews or 1, 1)) if row else None
