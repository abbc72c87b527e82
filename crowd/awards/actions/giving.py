"""Giving a prize, splitting it, showing it, taking it back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.awards.commands import GiveAward
from crowd.awards.models import Award, AwardPart
from crowd.core.actor import Actor
from crowd.core.awards import PartState, split
from crowd.core.errors import InvalidInput
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Proposal
from crowd.selection.models import Credit
from crowd.store.events import record_in
from crowd.web.access import require


def give_award(session: Session, proposal: Proposal, command: GiveAward, *, actor: Actor, now: datetime) -> Award:
    """Give a prize to the locked proposal, split by the shares of its credits as they hold now."""
    facts = facts_of_proposal(session, proposal)
    require(actor, Permission.AWARD_GIVE, facts, now)
    check_prize(command.amount, command.currency, command.thing)
    credits_ = session.scalars(
        select(Credit).where(Credit.proposal_id == proposal.id, Credit.revoked_at.is_(None)).order_by(Credit.id)
    ).all()
    if not credits_:
        raise InvalidInput("award_nobody")
    award = Award(
        call_id=proposal.call_id,
        proposal_id=proposal.id,
        title=command.title,
        amount=command.amount,
        currency=command.currency,
        thing=command.thing,
        is_public=command.is_public,
        given_at=now,
        given_by_id=actor.account_id,
    )
    amounts = split(command.amount, {credit.id: credit.share for credit in credits_}) if command.amount else {}
    award.parts = [
        AwardPart(account_id=credit.account_id, name=credit.name, share=credit.share, amount=amounts.get(credit.id))
        for credit in credits_
    ]
    session.add(award)
    session.flush()
    record_of(session, EventKind.AWARD_GIVEN, award, actor=actor, now=now)
    return award


def check_prize(amount: int | None, currency: str, thing: str) -> None:
    """Something is given, and an amount names its currency."""
    if amount is None and not thing.strip():
        raise InvalidInput("award_nothing", "amount")
    if amount is not None and not currency:
        raise InvalidInput("award_currency", "currency")


def lock_parts(session: Session, award: Award) -> Sequence[AwardPart]:
    return session.scalars(
        select(AwardPart)
        .where(AwardPart.award_id == award.id)
        .order_by(AwardPart.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def record_of(
    session: Session,
    kind: EventKind,
    award: Award,
    *,
    actor: Actor,
    now: datetime,
    part: AwardPart | None = None,
    change: tuple[str | None, str | None] = (None, None),
) -> None:
    """The audit entry of an act on a prize; `subject_id` is the part it is about, else the prize. No amounts, no names."""
    proposal = session.get_one(Proposal, award.proposal_id)
    facts = facts_of_proposal(session, proposal)
    about = {"proposal_id": award.proposal_id, "subject_id": part.id if part else award.id}
    record_in(session, kind, facts.call, actor=actor, now=now, **about, source=change[0], target=change[1])


def may_settle(session: Session, award: Award, actor: Actor, now: datetime) -> None:
    """Managers without a stake in the proposal look after its prizes."""
    proposal = session.get_one(Proposal, award.proposal_id)
    require(actor, Permission.AWARD_SETTLE, facts_of_proposal(session, proposal), now)


def show_award(session: Session, award: Award, *, is_public: bool, actor: Actor, now: datetime) -> None:
    """Whether everybody may read of it. The award is locked."""
    may_settle(session, award, actor, now)
    if award.is_public is not is_public:
        award.is_public = is_public
        record_of(
            session,
            EventKind.AWARD_SHOWN,
            award,
            actor=actor,
            now=now,
            change=(None, "public" if is_public else "team"),
        )


def take_back_award(session: Session, award: Award, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take a prize back of which nothing is paid. It stays in the ledger, with the reason."""
    may_settle(session, award, actor, now)
    if not reason.strip():
        raise InvalidInput("award_reason", "reason")
    parts = lock_parts(session, award)
    if award.taken_back_at is not None or any(part.state is PartState.PAID for part in parts):
        raise InvalidInput("award_settled")
    award.taken_back_at, award.taken_back_reason = now, reason.strip()
    record_of(session, EventKind.AWARD_TAKEN_BACK, award, actor=actor, now=now)
