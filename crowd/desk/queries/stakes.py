"""Stakes as SQL: whoever has one in a proposal sees nothing private of it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.status import MemberStatus
from crowd.proposals.models import Exclusion, Proposal, TeamMember


def stake_of(account_id: int | None) -> ColumnElement[bool]:
    """Authorship, a place in the team (also pending, under the account or its address) or a conflict: `ProposalFacts.stake_ids`."""
    address = select(Account.email_folded).where(Account.id == account_id).scalar_subquery()
    in_team = exists().where(
        TeamMember.proposal_id == Proposal.id,
        or_(TeamMember.account_id == account_id, TeamMember.email_folded == address),
        TeamMember.status.in_([MemberStatus.ACCEPTED, MemberStatus.PENDING]),
    )
    excluded = exists().where(Exclusion.proposal_id == Proposal.id, Exclusion.account_id == account_id)
    leads = and_(Proposal.lead_id.is_not(None), Proposal.lead_id == account_id)  # never NULL: its opposite is asked too
    return or_(leads, in_team, excluded)


def staked_among(session: Session, proposal_ids: Sequence[int], account_id: int | None) -> frozenset[int]:
    """Those of these proposals in which the person has a stake."""
    rows = select(Proposal.id).where(Proposal.id.in_(proposal_ids), stake_of(account_id))
    return frozenset(session.scalars(rows))
