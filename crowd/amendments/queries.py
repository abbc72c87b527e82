"""What an amendment meets: what already happened under the rules, who has to consent, and who did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.amendments.models import Amendment, Consent
from crowd.core.amendments import Circumstances
from crowd.core.rules import RoundKind
from crowd.core.status import STANDING, AmendmentStatus, ConsentAnswer, StageKind
from crowd.core.subjects import CallFacts
from crowd.proposals.models import Proposal
from crowd.reviews.models import Assignment, Review
from crowd.rounds.models import CallRound
from crowd.voting.models import Voter


def circumstances_of(session: Session, facts: CallFacts, now: datetime) -> Circumstances:
    """What already happened, in four small queries."""
    rounds = session.scalars(select(CallRound).where(CallRound.call_id == facts.id)).all()
    votes = [row.id for row in rounds if row.kind is RoundKind.VOTE]
    ballots = exists().where(Voter.round_id.in_(votes), Voter.cast_at.is_not(None))
    reviews = exists().where(Review.assignment_id == Assignment.id, Assignment.round_id.in_([row.id for row in rounds]))
    return Circumstances(
        handed_in=session.scalar(select(func.count()).where(*_standing(facts.id))) or 0,
        submission_over=facts.is_past(StageKind.SUBMISSION, now),
        frozen_rounds=frozenset(row.key for row in rounds if row.opened_at or row.confirmed_at),
        judged=bool(session.scalar(select(or_(ballots, reviews)))),
    )


def _standing(call_id: int) -> tuple[ColumnElement[bool], ...]:
    return (Proposal.call_id == call_id, Proposal.status.in_(STANDING))


def proposed_in(session: Session, call_id: int) -> Amendment | None:
    """The amendment that waits for consent; there is at most one."""
    return session.scalar(
        select(Amendment).where(Amendment.call_id == call_id, Amendment.status == AmendmentStatus.PROPOSED)
    )


@dataclass(frozen=True)
class AmendedState:
    """The amendment in force last, and the one that waits."""

    last: Amendment | None
    waiting: Amendment | None


def amended_state(session: Session, call_id: int) -> AmendedState:
    """What the page of a call says of amendments, in one query."""
    rows = session.scalars(
        select(Amendment)
        .where(
            Amendment.call_id == call_id,
            Amendment.status.in_([AmendmentStatus.IN_FORCE, AmendmentStatus.PROPOSED]),
        )
        .order_by(Amendment.number.desc())
        .limit(2)
    ).all()
    first = {row.status: row for row in reversed(rows)}
    return AmendedState(first.get(AmendmentStatus.IN_FORCE), first.get(AmendmentStatus.PROPOSED))


def get_amendment(session: Session, call_id: int, number: int) -> Amendment | None:
    return session.scalar(select(Amendment).where(Amendment.call_id == call_id, Amendment.number == number))


def list_amendments(session: Session, call_id: int) -> Sequence[Amendment]:
    """All of a call, the newest first."""
    return session.scalars(
        select(Amendment).where(Amendment.call_id == call_id).order_by(Amendment.number.desc())
    ).all()


def name_of(session: Session, account_id: int | None) -> str:
    return session.scalar(select(Account.name).where(Account.id == account_id)) or ""


@dataclass(frozen=True)
class Answers:
    """Of the proposals standing now."""

    asked: int
    accepted: int
    leaving: int

    @property
    def complete(self) -> bool:
        return self.accepted + self.leaving >= self.asked


def answers_to(session: Session, amendment: Amendment) -> Answers:
    rows = session.execute(
        select(Consent.answer, func.count())
        .select_from(Proposal)
        .outerjoin(Consent, (Consent.proposal_id == Proposal.id) & (Consent.amendment_id == amendment.id))
        .where(*_standing(amendment.call_id))
        .group_by(Consent.answer)
    )
    counts = dict(iter(rows))
    return Answers(sum(counts.values()), counts.get(ConsentAnswer.ACCEPT, 0), counts.get(ConsentAnswer.LEAVE, 0))


def leaving(session: Session, amendment: Amendment) -> Sequence[Proposal]:
    """Proposals that are withdrawn when the amendment comes into force, locked."""
    return session.scalars(
        select(Proposal)
        .join(Consent, Consent.proposal_id == Proposal.id)
        .where(
            Consent.amendment_id == amendment.id,
            Consent.answer == ConsentAnswer.LEAVE,
            *_standing(amendment.call_id),
        )
        .with_for_update(of=Proposal)
    ).all()


@dataclass(frozen=True)
class Asked:
    """A person's own proposal with what was answered for it so far."""

    proposal: Proposal
    answer: ConsentAnswer | None


def asked_of(session: Session, amendment: Amendment, account_id: int | None) -> list[Asked]:
    """The proposals that this person leads, standing now."""
    rows = session.execute(
        select(Proposal, Consent.answer)
        .outerjoin(Consent, (Consent.proposal_id == Proposal.id) & (Consent.amendment_id == amendment.id))
        .where(*_standing(amendment.call_id), Proposal.lead_id == account_id)
        .order_by(Proposal.id)
    )
    return [Asked(proposal, answer) for proposal, answer in rows]


def consent_of(session: Session, amendment_id: int, proposal_id: int) -> Consent | None:
    return session.scalar(
        select(Consent).where(Consent.amendment_id == amendment_id, Consent.proposal_id == proposal_id)
    )
