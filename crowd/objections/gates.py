"""Results as people meet them who may object, objections by their public id, and the facts permissions ask about."""

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, joinedload

from crowd.calls.gates import facts_of_call, find_call
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.objections import DECIDED_ANEW, window_of
from crowd.core.permissions import Permission
from crowd.core.status import SUBMITTED_OR_LATER, MemberStatus
from crowd.core.subjects import CallFacts, ObjectionFacts, ResultFacts
from crowd.objections.models import Objection
from crowd.proposals.gates import facts_of_proposals
from crowd.proposals.models import Proposal, TeamMember
from crowd.rounds.models import CallRound
from crowd.selection.gates import chairs_of
from crowd.selection.models import Correction, PublishedResult, RoundLeavingOut, Verdict
from crowd.voting.models import Voter
from crowd.web.access import Found, Gate


def result_facts(session: Session, call: Call, facts: CallFacts, actor: Actor) -> ResultFacts:
    """The result as `actor` meets it."""
    id_ = actor.account_id
    party = frozenset({id_}) if id_ is not None and took_part(session, call.id, id_) else frozenset[int]()
    return ResultFacts(facts, window_of(facts.schedule, call.results_published_at), party)


def took_part(session: Session, call_id: int, account_id: int) -> bool:
    """Handed in a proposal of the call, alone or in a team, or cast a ballot in one of its votes."""
    handed_in = (
        exists()
        .where(TeamMember.proposal_id == Proposal.id, TeamMember.account_id == account_id)
        .where(TeamMember.status == MemberStatus.ACCEPTED)
        .where(Proposal.call_id == call_id, Proposal.status.in_(SUBMITTED_OR_LATER))
    )
    voted = (
        exists()
        .where(Voter.round_id == CallRound.id, Voter.account_id == account_id, Voter.cast_at.is_not(None))
        .where(CallRound.call_id == call_id)
    )
    return bool(session.scalar(select(or_(handed_in, voted))))


def objection_facts(session: Session, row: Objection) -> ObjectionFacts:
    """Fresh facts: who decided what it is about, who has a stake in it."""
    call = facts_of_call(session, row.call_id)
    proposal = session.get(Proposal, row.proposal_id) if row.proposal_id else None
    stakes = facts_of_proposals(session, [proposal], call)[proposal.id].stake_ids() if proposal else frozenset[int]()
    return ObjectionFacts(
        id=row.id,
        call=call,
        author_id=row.author_id,
        status=row.status,
        decider_ids=deciders_of(session, row.call_id, row.proposal_id),
        chair_ids=chairs_of(session, call).chair_ids,
        stakes=stakes,
    )


def deciders_of(session: Session, call_id: int, proposal_id: int | None) -> frozenset[int]:
    """Whoever gave or confirmed the verdict on a proposal, left it out of a round, or changed what was published of it since.

    Of the whole result also who published it.
    """
    of_verdicts = select(Verdict.decided_by_id, Verdict.confirmed_by_id).join(Verdict.proposal)
    of_leavings = select(RoundLeavingOut.by_id).join(Proposal, Proposal.id == RoundLeavingOut.proposal_id)
    about = Proposal.id == proposal_id if proposal_id else Proposal.call_id == call_id
    found = {id_ for row in session.execute(of_verdicts.where(about)) for id_ in row}
    found |= set(session.scalars(of_leavings.where(about)))
    of_changes = select(Correction.by_id).join(Proposal, Proposal.id == Correction.proposal_id).where(about)
    found |= set(session.scalars(of_changes.where(Correction.kind.in_(DECIDED_ANEW))))
    if proposal_id is None:
        found |= set(session.scalars(select(PublishedResult.published_by_id).where(PublishedResult.call_id == call_id)))
    return frozenset(id_ for id_ in found if id_ is not None)


def find_objection(session: Session, public_id: str) -> Found[Objection] | None:
    row = session.scalar(
        select(Objection)
        .where(Objection.public_id == public_id)
        .options(joinedload(Objection.proposal), joinedload(Objection.author), joinedload(Objection.answered_by))
    )
    return Found(row, objection_facts(session, row)) if row else None


objection_gate = Gate(find_objection, Permission.OBJECTION_VIEW)
"""To everybody else there is no such page."""
objected_gate: Gate[Call] = Gate(find_call, Permission.RESULTS_VIEW)
