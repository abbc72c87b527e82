"""Stakes as SQL: whoever has one neither judges nor reads what is kept from the authors."""

from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, and_, exists, or_, select, union
from sqlalchemy.orm import aliased

from crowd.accounts.models import Account
from crowd.core.actor import NOBODY
from crowd.core.status import MemberStatus
from crowd.proposals.models import Exclusion, Proposal, TeamMember

IN_THE_TEAM = (MemberStatus.PENDING, MemberStatus.ACCEPTED)
"""Also when the invitation has expired: the lead may send it again until results are published, which ends those left."""


def has_stake(account: Any) -> ColumnElement[bool]:
    """`ProposalFacts.stake_ids` as SQL, never NULL, for statements over Proposal. `account`: an id, None, or a column of ids.

    Lead, place in the team (also pending, under the account or its address), or a conflict.
    """
    person_id = NOBODY if account is None else account
    member, conflict, person = aliased(TeamMember), aliased(Exclusion), aliased(Account)
    address = select(person.email_folded).where(person.id == person_id).correlate_except(person).scalar_subquery()
    in_team = exists().where(
        member.proposal_id == Proposal.id,
        or_(member.account_id == person_id, and_(member.account_id.is_(None), member.email_folded == address)),
        member.status.in_(IN_THE_TEAM),
    )
    in_conflict = exists().where(conflict.proposal_id == Proposal.id, conflict.account_id == person_id)
    leads = and_(Proposal.lead_id.is_not(None), Proposal.lead_id == person_id)
    return or_(leads, in_team.correlate_except(member), in_conflict.correlate_except(conflict))


def staked_ids(account: ColumnElement[int]) -> CompoundSelect[Any]:
    """The same from the person's side: ids of all proposals in which they have a stake, by index."""
    address = select(Account.email_folded).where(Account.id == account).scalar_subquery()
    team = select(TeamMember.proposal_id).where(TeamMember.status.in_(IN_THE_TEAM))
    return union(
        select(Proposal.id.label("proposal_id")).where(Proposal.lead_id == account),
        team.where(TeamMember.account_id == account),
        team.where(TeamMember.account_id.is_(None), TeamMember.email_folded == address),
        select(Exclusion.proposal_id).where(Exclusion.account_id == account),
    )
