"""Review rounds of a call and a juror's assignments, with the facts permissions ask about."""

from dataclasses import replace
from datetime import datetime

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crowd.accounts.models import Account
from crowd.calls.gates import call_facts, facts_of_call
from crowd.calls.models import Call
from crowd.core.permissions import Permission
from crowd.core.rules import RoundKind
from crowd.core.status import JurorStatus
from crowd.core.subjects import AssignmentFacts, CallFacts, ProposalFacts, RoundFacts
from crowd.proposals.gates import Stakes, facts_of_proposals, stakes_in
from crowd.proposals.models import Proposal, TeamMember
from crowd.reviews.models import Assignment, Conflict, Juror, waits_and_blocks
from crowd.rounds.gates import round_facts
from crowd.rounds.models import CallRound
from crowd.store.db import lock, utc_now
from crowd.web.access import Found, Gate


def jury_of(session: Session, round_id: int) -> tuple[set[int], set[int]]:
    """Accounts of the jurors who accepted, and of the chairs among them."""
    rows = session.execute(
        select(Juror.account_id, Juror.is_chair).where(
            Juror.round_id == round_id, Juror.status == JurorStatus.ACCEPTED, Juror.account_id.is_not(None)
        )
    ).all()
    return {account_id or 0 for account_id, _ in rows}, {account_id or 0 for account_id, chair in rows if chair}


def review_rounds(session: Session, call_public_id: str) -> list[CallRound]:
    """The review rounds of a published call in order, with the call, its organization and stages."""
    return list(
        session.scalars(
            select(CallRound)
            .join(CallRound.call)
            .where(Call.public_id == call_public_id, CallRound.kind == RoundKind.REVIEW)
            .order_by(CallRound.position)
            .options(
                joinedload(CallRound.call).joinedload(Call.organization),
                joinedload(CallRound.call).selectinload(Call.stages),
            )
        )
    )


def facts_with_jury(session: Session, row: CallRound, call: CallFacts) -> RoundFacts:
    return round_facts(row, call, *jury_of(session, row.id))


def facts_of_round(session: Session, row: CallRound) -> RoundFacts:
    """Fresh facts inside a transaction; `row` must have been locked or read there."""
    return facts_with_jury(session, row, facts_of_call(session, row.call_id))


def find_round(session: Session, public_id: str) -> Found[CallRound] | None:
    """The round named by `?round=`; without it the first that is not over, else the last."""
    rows = review_rounds(session, public_id)
    row = _named(rows, request.args.get("round"), utc_now())
    return Found(row, facts_with_jury(session, row, call_facts(row.call))) if row else None


def _named(rows: list[CallRound], key: str | None, now: datetime) -> CallRound | None:
    if key is not None:
        return next((row for row in rows if row.key == key), None)
    running = (row for row in rows if not round_facts(row, call_facts(row.call)).is_over(now))
    return next(running, rows[-1] if rows else None)


round_gate = Gate(find_round, Permission.ROUND_VIEW)


def may_read(juror: Juror) -> bool:
    """A juror reads proposals only after accepting and declaring conflicts."""
    return juror.status is JurorStatus.ACCEPTED and juror.conflicts_declared_at is not None


def assignment_facts(session: Session, assignment: Assignment, round_: RoundFacts) -> AssignmentFacts:
    """`assignment.juror` with its account and `assignment.proposal` must be loaded."""
    juror, proposal = assignment.juror, assignment.proposal
    facts: ProposalFacts = facts_of_proposals(session, [proposal], round_.call)[proposal.id]
    staked = stakes_in(session, [proposal.id]).has(proposal.id, juror.account_id, juror.addresses)
    if juror.account_id and (staked or _held(session, juror, proposal.id)):
        facts = replace(facts, conflicted_ids=facts.conflicted_ids | {juror.account_id})
    return AssignmentFacts(
        id=assignment.id,
        round=round_,
        proposal=facts,
        juror_account_id=juror.account_id if may_read(juror) else None,
        status=assignment.status,
    )


def _held(session: Session, juror: Juror, proposal_id: int) -> bool:
    """A tie was found that keeps them from it, by the policy of the round, until a chair has looked."""
    waiting = select(Conflict.id).where(
        Conflict.juror_id == juror.id, Conflict.proposal_id == proposal_id, waits_and_blocks(Conflict.round_id)
    )
    return session.scalar(waiting.limit(1)) is not None


def find_assignment(session: Session, public_id: str) -> Found[Assignment] | None:
    """The assignment with its juror, round and call, and the proposal with all that is read while reviewing."""
    round_ = joinedload(Assignment.juror).joinedload(Juror.round).joinedload(CallRound.call)
    proposal = joinedload(Assignment.proposal)
    assignment = session.scalar(
        select(Assignment)
        .where(Assignment.public_id == public_id)
        .options(
            round_.joinedload(Call.organization),
            round_.selectinload(Call.stages),
            joinedload(Assignment.juror).joinedload(Juror.account),
            proposal.selectinload(Proposal.team).joinedload(TeamMember.account),
            proposal.selectinload(Proposal.tags),
            proposal.selectinload(Proposal.attachments),
        )
    )
    if assignment is None:
        return None
    row = assignment.juror.round
    facts = facts_with_jury(session, row, call_facts(row.call))
    return Found(assignment, assignment_facts(session, assignment, facts))


def facts_of_assignment(session: Session, assignment: Assignment) -> AssignmentFacts:
    """Fresh facts inside a transaction: juror, proposal, round and schedule are locked or read again.

    `assignment` with its juror, the juror's account and round, and its proposal must be loaded.
    """
    for row in (assignment.juror, assignment.proposal):
        lock(session, row)
    return assignment_facts(session, assignment, facts_of_round(session, assignment.juror.round))


assignment_gate = Gate(find_assignment, Permission.REVIEW_VIEW)


def stake_of_account(session: Session, stakes: Stakes, proposal_ids: list[int], account_id: int | None) -> set[int]:
    """Those of `proposal_ids` in which this person has a stake, under the account's address or any juror address of theirs."""
    if account_id is None:
        return set()
    own = session.scalar(select(Account.email_folded).where(Account.id == account_id))
    invited = session.scalars(select(Juror.email_folded).where(Juror.account_id == account_id))
    emails = {own or "", *invited}
    return {proposal_id for proposal_id in proposal_ids if stakes.has(proposal_id, account_id, emails)}
