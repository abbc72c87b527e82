"""Prizes with their parts and obligations."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, defer, joinedload, selectinload

from crowd.awards.models import Award, AwardChange, AwardPart
from crowd.calls.models import Call
from crowd.core.awards import PartState, amount_text
from crowd.core.credit import percent_text
from crowd.core.status import CallStatus, ProposalStatus
from crowd.proposals.models import Proposal

COLUMNS = (
    "number",
    "proposal",
    "prize",
    "thing",
    "total",
    "currency",
    "receiver",
    "share",
    "amount",
    "state",
    "answered",
    "paid",
    "reference",
    "obligations_open",
    "given",
    "taken_back",
)


def list_awards(session: Session, call_id: int) -> Sequence[Award]:
    """All prizes of a call in the order of its proposals, with parts and obligations. A fixed number of statements."""
    return session.scalars(
        select(Award)
        .join(Award.proposal)
        .where(Award.call_id == call_id)
        .order_by(Proposal.number, Award.id)
        .options(
            contains_eager(Award.proposal).defer(Proposal.body),
            selectinload(Award.parts),
            selectinload(Award.obligations),
            selectinload(Award.changes),
        )
    ).all()


def list_receivable(session: Session, call_id: int) -> Sequence[Proposal]:
    """Selected proposals, to which a prize may be given."""
    return session.scalars(
        select(Proposal)
        .where(Proposal.call_id == call_id, Proposal.status == ProposalStatus.SELECTED)
        .order_by(Proposal.number)
        .options(defer(Proposal.body))
    ).all()


def get_award(session: Session, call_id: int, public_id: str) -> Award | None:
    return session.scalar(select(Award).where(Award.call_id == call_id, Award.public_id == public_id))


def changes_of(session: Session, award_id: int) -> Sequence[AwardChange]:
    """What the prize was before each change, oldest first."""
    return session.scalars(select(AwardChange).where(AwardChange.award_id == award_id).order_by(AwardChange.id)).all()


def get_part_of_call(session: Session, call_id: int, public_id: str) -> AwardPart | None:
    return session.scalar(
        select(AwardPart)
        .join(AwardPart.award)
        .where(Award.call_id == call_id, AwardPart.public_id == public_id)
        .options(contains_eager(AwardPart.award))
    )


def list_own_parts(session: Session, account_id: int) -> Sequence[AwardPart]:
    """What one person receives, the newest first; rehearsals left out."""
    return session.scalars(
        select(AwardPart)
        .join(AwardPart.award)
        .join(Award.proposal)
        .join(Proposal.call)
        .where(AwardPart.account_id == account_id, Call.is_rehearsal.is_(False), Call.status != CallStatus.DRAFT)
        .order_by(AwardPart.id.desc())
        .options(
            contains_eager(AwardPart.award).options(
                contains_eager(Award.proposal).options(
                    defer(Proposal.body), contains_eager(Proposal.call).options(joinedload(Call.organization))
                ),
                selectinload(Award.obligations),
                selectinload(Award.changes),
            )
        )
    ).all()


def get_own_part(session: Session, account_id: int, public_id: str) -> AwardPart | None:
    """A part of this person's, or None: of others there is nothing to see."""
    return session.scalar(
        select(AwardPart)
        .join(AwardPart.award)
        .join(Award.proposal)
        .join(Proposal.call)
        .where(AwardPart.account_id == account_id, AwardPart.public_id == public_id, Call.is_rehearsal.is_(False))
        .options(contains_eager(AwardPart.award))
    )


def public_awards(session: Session, proposal_id: int) -> Sequence[Award]:
    """What everybody may read of a proposal's prizes: those that the organization shows, without their parts."""
    return session.scalars(
        select(Award)
        .where(Award.proposal_id == proposal_id, Award.is_public, Award.taken_back_at.is_(None))
        .order_by(Award.id)
    ).all()


def export_rows(session: Session, call_id: int) -> Iterator[dict[str, Any]]:
    """One row for each part of each prize."""
    for award in list_awards(session, call_id):
        for part in award.parts:
            yield _row(award, part)


def _row(award: Award, part: AwardPart) -> dict[str, Any]:
    return {
        "number": award.proposal.number,
        "proposal": award.proposal.title,
        "prize": award.title,
        "thing": award.thing,
        "total": _decimal(award.amount, award.currency),
        "currency": award.currency,
        "receiver": part.name,
        "share": Decimal(percent_text(part.share)),
        "amount": _decimal(part.amount, award.currency),
        "state": part.state.value,
        "answered": _day(part.answered_at) if part.state is not PartState.DUE else "",
        "paid": _day(part.paid_at),
        "reference": part.reference,
        "obligations_open": sum(one.done_at is None for one in award.obligations),
        "given": _day(award.given_at),
        "taken_back": _day(award.taken_back_at),
    }


def _decimal(amount: int | None, currency: str) -> Decimal | None:
    return None if amount is None else Decimal(amount_text(amount, currency))


def _day(moment: Any) -> str:
    return moment.date().isoformat() if moment else ""
