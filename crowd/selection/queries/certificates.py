"""Certificates by their code: what they certify, and whether they hold."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, defer, selectinload

from crowd.calls.gates import call_facts
from crowd.calls.models import Call
from crowd.core.subjects import CallFacts
from crowd.proposals.models import Proposal
from crowd.selection.models import Correction, Credit


@dataclass(frozen=True)
class Certificate:
    credit: Credit
    proposal: Proposal
    call: Call
    facts: CallFacts
    corrections: tuple[Correction, ...]
    taken_back: Correction | None  # the change of the proposal with which it ceased to hold

    @property
    def holds(self) -> bool:
        return self.credit.revoked_at is None


def find_certificate(session: Session, code: str) -> Certificate | None:
    credit = session.scalar(
        select(Credit)
        .join(Credit.proposal)
        .join(Proposal.call)
        .join(Call.organization)
        .where(Credit.code == code)
        .options(
            contains_eager(Credit.proposal).options(
                defer(Proposal.body),
                contains_eager(Proposal.call).options(contains_eager(Call.organization), selectinload(Call.stages)),
            )
        )
    )
    if credit is None:
        return None
    proposal, call = credit.proposal, credit.proposal.call
    return Certificate(
        credit, proposal, call, call_facts(call), _corrections(session, credit), _taken_back(session, credit)
    )


def _taken_back(session: Session, credit: Credit) -> Correction | None:
    """Where the selection itself was declined or taken back, and the credit with it."""
    if credit.revoked_at is None:
        return None
    return session.scalar(
        select(Correction)
        .where(
            Correction.proposal_id == credit.proposal_id,
            Correction.kind.in_(["declined", "outcome"]),
            Correction.at == credit.revoked_at,
        )
        .order_by(Correction.id.desc())
        .limit(1)
    )


def _corrections(session: Session, credit: Credit) -> tuple[Correction, ...]:
    """Corrections of this credit: those that name it, before or after."""
    rows = session.scalars(
        select(Correction)
        .where(Correction.proposal_id == credit.proposal_id, Correction.kind == "credit")
        .order_by(Correction.id)
    )
    return tuple(row for row in rows if isinstance(row.after, dict) and row.after.get("code") == credit.code)
