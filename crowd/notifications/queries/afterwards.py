"""Whom a notice is for once the results are published."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from crowd.awards.models import AwardPart
from crowd.calls.models import Call
from crowd.conversation.models import Comment
from crowd.core.actor import MANAGERS, VISITOR
from crowd.core.notices import Whom
from crowd.core.permissions import Permission, judge
from crowd.core.rules import Audience
from crowd.core.status import MemberStatus
from crowd.core.subjects import ProposalFacts
from crowd.notifications.queries.recipients import Recipients
from crowd.organizations.models import Membership
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Proposal, TeamMember
from crowd.rounds.models import CallRound
from crowd.store.models import Event
from crowd.voting.models import Voter


def _team(session: Session, event: Event) -> Iterable[int | None]:
    return session.scalars(
        select(TeamMember.account_id).where(
            TeamMember.proposal_id == event.proposal_id, TeamMember.status == MemberStatus.ACCEPTED
        )
    )


def _managers(session: Session, event: Event) -> Iterable[int | None]:
    return session.scalars(
        select(Membership.account_id)
        .join(Call, Call.organization_id == Membership.organization_id)
        .where(Call.id == event.call_id, Membership.role.in_(list(MANAGERS)))
    )


def _team_and_managers(session: Session, event: Event) -> Iterable[int | None]:
    return [*_team(session, event), *_managers(session, event)]


def _receivers(session: Session, event: Event) -> Iterable[int | None]:
    return session.scalars(select(AwardPart.account_id).where(AwardPart.award_id == event.subject_id))


def _part_receiver(session: Session, event: Event) -> Iterable[int | None]:
    return session.scalars(select(AwardPart.account_id).where(AwardPart.id == event.subject_id))


def _followers(session: Session, event: Event) -> Iterable[int | None]:
    """The team; and where the proposal is public, whoever wrote on it or voted in its call."""
    team = set(_team(session, event))
    proposal = session.get(Proposal, event.proposal_id)
    if proposal is None or not _is_public(session, proposal, event):
        return team
    writers = select(Comment.author_id).where(Comment.proposal_id == proposal.id, Comment.deleted_at.is_(None))
    voters = (
        select(Voter.account_id)
        .join(CallRound, CallRound.id == Voter.round_id)
        .where(CallRound.call_id == proposal.call_id, Voter.account_id.is_not(None), Voter.cast_at.is_not(None))
    )
    return team | set(session.scalars(union(writers, voters)))


def _is_public(session: Session, proposal: Proposal, event: Event) -> bool:
    """Shown to all whom the call is for: whoever took part in it was among them."""
    facts = facts_of_proposal(session, proposal)
    return bool(judge(VISITOR, Permission.PROPOSAL_VIEW, _for_everybody(facts), event.at))


def _for_everybody(facts: ProposalFacts) -> ProposalFacts:
    rules = replace(facts.call.rules, audience=Audience.PUBLIC)
    return replace(facts, call=replace(facts.call, rules=rules))


AFTERWARDS: dict[Whom, Recipients] = {
    Whom.TEAM_AND_MANAGERS: _team_and_managers,
    Whom.RECEIVERS: _receivers,
    Whom.PART_RECEIVER: _part_receiver,
    Whom.FOLLOWERS: _followers,
}
