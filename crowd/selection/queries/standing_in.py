"""What only the chair of a jury may decide: proposals in which every manager of the organization has a stake."""

from sqlalchemy import ColumnElement, Select, exists, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from crowd.calls.models import Call
from crowd.core.actor import MANAGERS
from crowd.core.status import IN_THE_RUNNING, CallStatus, JurorStatus, MemberStatus
from crowd.organizations.models import Membership
from crowd.proposals.models import Exclusion, Proposal, TeamMember
from crowd.reviews.models import Juror
from crowd.rounds.models import CallRound
from crowd.selection.models import Verdict

IN_THE_TEAM = (MemberStatus.PENDING, MemberStatus.ACCEPTED)


def has_stake(account_id: InstrumentedAttribute[int | None] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """`ProposalFacts.stake_ids` as SQL, for statements over Proposal: lead, team (also pending) or declared conflict."""
    member, conflict = aliased(TeamMember), aliased(Exclusion)
    in_team = exists().where(
        member.proposal_id == Proposal.id, member.account_id == account_id, member.status.in_(IN_THE_TEAM)
    )
    in_conflict = exists().where(conflict.proposal_id == Proposal.id, conflict.account_id == account_id)
    return or_(
        func.coalesce(Proposal.lead_id == account_id, literal(value=False)),
        in_team.correlate_except(member),
        in_conflict.correlate_except(conflict),
    )


def waiting_for_chairs() -> Select[int | None, int, int]:
    """Chair's account, call, proposal: unconfirmed, the chair without a stake and no manager without one."""
    free_manager = (
        exists()
        .where(
            Membership.organization_id == Call.organization_id,
            Membership.role.in_(list(MANAGERS)),
            ~has_stake(Membership.account_id),
        )
        .correlate_except(Membership)
    )
    confirmed = exists().where(Verdict.proposal_id == Proposal.id, Verdict.confirmed_by_id.is_not(None))
    return (
        select(Juror.account_id.label("account_id"), Call.id.label("call_id"), Proposal.id.label("proposal_id"))
        .join(CallRound, CallRound.id == Juror.round_id)
        .join(Call, Call.id == CallRound.call_id)
        .join(Proposal, Proposal.call_id == Call.id)
        .where(
            Juror.is_chair,
            Juror.status == JurorStatus.ACCEPTED,
            Call.status.in_([CallStatus.PUBLISHED, CallStatus.PAUSED]),
            Call.results_published_at.is_(None),
            Proposal.status.in_(list(IN_THE_RUNNING)),
            ~free_manager,
            ~confirmed,
            ~has_stake(Juror.account_id),
        )
    )
