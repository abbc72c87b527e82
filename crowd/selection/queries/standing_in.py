"""What only the chair of a jury may decide: proposals in which every manager of the organization has a stake."""

from sqlalchemy import Select, exists, select

from crowd.calls.models import Call
from crowd.core.actor import MANAGERS
from crowd.core.status import IN_THE_RUNNING, CallStatus, JurorStatus
from crowd.organizations.models import Membership
from crowd.proposals.models import Proposal
from crowd.proposals.queries import has_stake
from crowd.reviews.models import Juror
from crowd.rounds.models import CallRound
from crowd.selection.models import Verdict


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
