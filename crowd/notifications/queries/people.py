"""The circles of people around a call and its proposals, from which notices choose."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.actor import MANAGERS, STAFF
from crowd.core.status import AssignmentStatus, JurorStatus, MemberStatus, OrganizationRole
from crowd.notifications.queries.teams import Ids, team
from crowd.objections.gates import objection_facts
from crowd.objections.models import Objection
from crowd.organizations.models import Membership
from crowd.proposals.gates import stakes_in
from crowd.proposals.models import Proposal, TeamMember
from crowd.reviews.models import Assignment, Discussion, Juror, Remark
from crowd.rounds.models import CallRound
from crowd.store.models import Event
from crowd.voting.models import MovedBallot, Voter


def staff_of(session: Session, event: Event, roles: frozenset[OrganizationRole] = STAFF) -> Ids:
    return session.scalars(
        select(Membership.account_id)
        .join(Call, Call.organization_id == Membership.organization_id)
        .where(Call.id == event.call_id, Membership.role.in_(list(roles)))
    )


def entrants_of(call_id: int | None) -> Select[int | None]:
    return (
        select(TeamMember.account_id)
        .join(Proposal, TeamMember.proposal_id == Proposal.id)
        .where(Proposal.call_id == call_id, TeamMember.status == MemberStatus.ACCEPTED)
    )


def voters_of(call_id: int | None) -> Select[int | None]:
    return (
        select(Voter.account_id)
        .join(CallRound, Voter.round_id == CallRound.id)
        .where(CallRound.call_id == call_id, Voter.account_id.is_not(None))
    )


def jurors_of(call_id: int | None) -> Select[int | None]:
    return (
        select(Juror.account_id)
        .join(CallRound, Juror.round_id == CallRound.id)
        .where(CallRound.call_id == call_id, Juror.status == JurorStatus.ACCEPTED)
    )


def moved_voters(session: Session, event: Event) -> Ids:
    """Whose ballots of an open vote name another proposal since a merge, `subject_id`."""
    return session.scalars(
        select(Voter.account_id)
        .join(MovedBallot, (MovedBallot.round_id == Voter.round_id) & (MovedBallot.ballot == Voter.ballot))
        .where(MovedBallot.merge_id == event.subject_id)
    )


def panel_of(session: Session, event: Event) -> Ids:
    """Jurors whose review of the event's proposal is in, in the round of the remark."""
    return session.scalars(
        select(Juror.account_id)
        .join(Assignment, Assignment.juror_id == Juror.id)
        .join(Remark, Remark.round_id == Assignment.round_id)
        .where(
            Remark.id == event.subject_id,
            Assignment.proposal_id == event.proposal_id,
            Assignment.status == AssignmentStatus.SUBMITTED,
            Juror.status == JurorStatus.ACCEPTED,
        )
    )


def panel_and_chairs(session: Session, event: Event) -> Ids:
    """Jurors whose review of the proposal is in, and the chairs of the round; where it has none, managers. Nobody with a stake."""
    row = session.get(Discussion, event.subject_id)
    if row is None:
        return []
    accepted = select(Juror.account_id).where(Juror.round_id == row.round_id, Juror.status == JurorStatus.ACCEPTED)
    reviewed = accepted.join(Assignment, Assignment.juror_id == Juror.id).where(
        Assignment.proposal_id == row.proposal_id, Assignment.status == AssignmentStatus.SUBMITTED
    )
    chairs = set(session.scalars(accepted.where(Juror.is_chair))) or set(staff_of(session, event, MANAGERS))
    stakes = stakes_in(session, [row.proposal_id])
    return {*session.scalars(reviewed), *chairs} - stakes.accounts.get(row.proposal_id, frozenset())


def answering(session: Session, event: Event) -> Ids:
    """Managers and chairs who did not decide what the objection is about, have no stake in it and did not object."""
    row = session.get(Objection, event.subject_id)
    if row is None:
        return []
    facts = objection_facts(session, row)
    able = {id_ for id_ in staff_of(session, event, MANAGERS) if id_ is not None} | facts.chair_ids
    return able - facts.decider_ids - facts.stake_ids() - {row.author_id}


def objecting(session: Session, event: Event) -> Ids:
    author = session.scalars(select(Objection.author_id).where(Objection.id == event.subject_id))
    return {*author, *(team(session, event) if event.proposal_id else ())}
