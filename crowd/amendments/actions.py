"""Amending frozen rules: judged change by change, in force at once, or after everybody who handed in has consented.

The rule of consent: rules are the same for everybody, so an amendment that needs consent comes into force only when every
proposal standing has answered. "Leave" withdraws the proposal in that very moment and not before. Silence is no consent: if
anybody has not answered by the date, the amendment lapses and the rules stay as they were, for everybody.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.amendments.commands import Publish
from crowd.amendments.models import Amendment, Consent
from crowd.amendments.queries import answers_to, circumstances_of, consent_of, leaving, proposed_in
from crowd.calls.actions import begin_amendment, close_written, put_amended
from crowd.calls.gates import facts_of_call, frozen_rules, written_rules
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.amendments import LEAST_TIME, Verdict, judge_amendment, latest_answer, verdict_of
from crowd.core.checklist import missing
from crowd.core.errors import IllegalMove, InvalidInput, StaleVersion
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.pipeline import Move
from crowd.core.rules import CallRules, canonical, fingerprint
from crowd.core.status import AmendmentStatus, ConsentAnswer
from crowd.core.subjects import CallFacts
from crowd.proposals.actions import apply_move
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Proposal
from crowd.rounds.actions import keep_up
from crowd.store.events import record
from crowd.store.models import Event
from crowd.web.access import require

__all__ = [
    "answer_amendment",
    "ask_newcomer",
    "begin",
    "drop_proposed",
    "publish_amendment",
    "settle",
]

PAST = frozenset({"submission_over"})
"""What the checklist asks of a new call, and a running one has behind it."""


def begin(session: Session, call: Call, *, actor: Actor, now: datetime) -> None:
    """Raises InvalidInput `amendment_waits` while another one waits for consent."""
    if proposed_in(session, call.id) is not None:
        raise InvalidInput("amendment_waits")
    begin_amendment(session, call, actor=actor, now=now)


def publish_amendment(
    session: Session, call: Call, wanted: Publish, *, version: int, actor: Actor, now: datetime
) -> Amendment:
    """Put the written amendment in force, or propose it to those who handed in; `call` must be locked.

    Raises InvalidInput `amendment_empty`, `amendment_refused`, `call_incomplete`, `amendment_date`, StaleVersion.
    """
    facts = facts_of_call(session, call.id)
    require(actor, Permission.CALL_EDIT, facts, now)
    require(actor, Permission.CALL_AMEND, facts, now)
    if version != call.version:
        raise StaleVersion(version, call.version)
    rules = written_rules(call)
    verdict = _verdict(session, facts, rules, now)
    gaps = [gap for gap in missing(rules, now) if gap.code not in PAST]
    if gaps:
        raise InvalidInput("call_incomplete", count=len(gaps))
    amendment = _insert(session, call, rules, wanted, actor=actor, now=now)
    if verdict is Verdict.ALLOWED:
        _put_in_force(session, call, amendment, actor_id=actor.account_id, now=now)
        return amendment
    amendment.decide_by = _date(facts, wanted.decide_by, now)
    session.add(amendment)
    session.flush()
    close_written(call)
    _record(session, EventKind.AMENDMENT_PROPOSED, call, amendment, actor.account_id, now)
    return amendment


def _verdict(session: Session, facts: CallFacts, rules: CallRules, now: datetime) -> Verdict:
    judgements = judge_amendment(facts.rules, rules, circumstances_of(session, facts, now))
    if not judgements:
        raise InvalidInput("amendment_empty")
    verdict = verdict_of(judgements)
    if verdict is Verdict.REFUSED:
        raise InvalidInput("amendment_refused")
    return verdict


def _date(facts: CallFacts, wanted: datetime | None, now: datetime) -> datetime:
    latest = latest_answer(facts.schedule, now)
    if latest < now + LEAST_TIME:
        raise InvalidInput("amendment_too_late")
    if wanted is None or not now + LEAST_TIME <= wanted <= latest:
        raise InvalidInput("amendment_date", "decide_by")
    return wanted


def _insert(
    session: Session, call: Call, rules: CallRules, wanted: Publish, *, actor: Actor, now: datetime
) -> Amendment:
    last = session.scalar(select(func.max(Amendment.number)).where(Amendment.call_id == call.id)) or 0
    return Amendment(
        call_id=call.id,
        number=last + 1,
        status=AmendmentStatus.PROPOSED,
        reason=wanted.reason,
        by_id=actor.account_id,
        at=now,
        before=call.rules or "",
        before_sha256=call.rules_sha256 or "",
        after=canonical(rules).decode(),
        after_sha256=fingerprint(rules),
    )


def _put_in_force(session: Session, call: Call, amendment: Amendment, *, actor_id: int | None, now: datetime) -> None:
    amendment.status, amendment.in_force_at = AmendmentStatus.IN_FORCE, now
    session.add(amendment)
    session.flush()
    for proposal in leaving(session, amendment):
        apply_move(session, proposal, Move.WITHDRAW, actor_id=proposal.lead_id, now=now)
    put_amended(session, call, frozen_rules(amendment.after))
    keep_up(session, call.id, frozen_rules(amendment.after))
    _record(session, EventKind.CALL_AMENDED, call, amendment, actor_id, now)


def _record(
    session: Session, kind: EventKind, call: Call, amendment: Amendment, actor_id: int | None, now: datetime
) -> None:
    record(
        session,
        kind,
        now=now,
        actor_id=actor_id,
        organization_id=call.organization_id,
        call_id=call.id,
        subject_id=amendment.id,
        reason=amendment.reason,
        number=amendment.number,
        rules_sha256=amendment.after_sha256,
    )


def ask_newcomer(session: Session, amendment: Amendment, handed_in: Event) -> None:
    """Ask whoever handed in (the event says what and when) while the amendment waits."""
    record(
        session,
        EventKind.AMENDMENT_ASKED,
        now=handed_in.at,
        organization_id=handed_in.organization_id,
        call_id=amendment.call_id,
        proposal_id=handed_in.proposal_id,
        subject_id=amendment.id,
        reason=amendment.reason,
    )


def answer_amendment(
    session: Session,
    call: Call,
    amendment: Amendment,
    proposal: Proposal,
    answer: ConsentAnswer,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """The lead's answer for one proposal; `call`, `amendment` and `proposal` are locked. With the last answer it is in force.

    Raises IllegalMove when it was decided meanwhile.
    """
    require(actor, Permission.AMENDMENT_ANSWER, facts_of_proposal(session, proposal), now)
    if amendment.status is not AmendmentStatus.PROPOSED or amendment.call_id != proposal.call_id:
        raise IllegalMove("answer", amendment.status)
    consent = consent_of(session, amendment.id, proposal.id)
    if consent is None:
        consent = Consent(amendment_id=amendment.id, proposal_id=proposal.id)
        session.add(consent)
    consent.answer, consent.account_id, consent.at = answer, actor.account_id, now
    session.flush()
    record(
        session,
        EventKind.AMENDMENT_ANSWERED,
        now=now,
        actor_id=actor.account_id,
        call_id=call.id,
        proposal_id=proposal.id,
        subject_id=amendment.id,
        target=answer,
    )
    settle(session, call, amendment, now=now)


def settle(session: Session, call: Call, amendment: Amendment, *, now: datetime) -> bool:
    """Decide a proposed amendment if it can be decided: in force with the last answer, lapsed at its date. Both rows are locked.

    What became unfair meanwhile (a round opened, a vote was cast) lets it lapse as well.
    """
    if amendment.status is not AmendmentStatus.PROPOSED or amendment.decide_by is None:
        return False
    facts = facts_of_call(session, call.id)
    judged = judge_amendment(facts.rules, frozen_rules(amendment.after), circumstances_of(session, facts, now))
    over = verdict_of(judged) is Verdict.REFUSED or facts.results_published or not facts.running
    if not over and answers_to(session, amendment).complete:
        _put_in_force(session, call, amendment, actor_id=None, now=now)
        return True
    if not over and now < amendment.decide_by:
        return False
    amendment.status, amendment.ended_at = AmendmentStatus.LAPSED, now
    _record(session, EventKind.AMENDMENT_LAPSED, call, amendment, None, now)
    return True


def drop_proposed(session: Session, call: Call, amendment: Amendment, *, actor: Actor, now: datetime) -> None:
    """The organization takes a proposed amendment back; both rows are locked."""
    require(actor, Permission.CALL_AMEND, facts_of_call(session, call.id), now)
    if amendment.status is not AmendmentStatus.PROPOSED:
        raise IllegalMove("drop", amendment.status)
    amendment.status, amendment.ended_at = AmendmentStatus.DROPPED, now
    _record(session, EventKind.AMENDMENT_DROPPED, call, amendment, actor.account_id, now)
