"""What a list says about each proposal beside its own columns: people, tags, the reader's part. One query each for all rows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, case, func, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.status import MemberStatus
from crowd.proposals.models import Proposal, ProposalTag, TeamMember

_IDS = bindparam("ids", type_=Integer, expanding=True)


@dataclass(frozen=True)
class Member:
    """An accepted member of a team as lists name them; `public_id` only where the profile is public."""

    account_id: int | None
    name: str
    public_id: str | None


def teams_of(session: Session, proposals: Sequence[Proposal]) -> Mapping[int, Sequence[Member]]:
    """Accepted members by proposal, in the order of the team."""
    teams: dict[int, list[Member]] = defaultdict(list)
    for proposal_id, *member in session.execute(_teams(), {"ids": [proposal.id for proposal in proposals]}):
        teams[proposal_id].append(Member(*member))
    return teams


@cache
def _teams() -> Select[Any]:
    public = case((Account.profile_public & Account.blocked_at.is_(None), Account.public_id))
    return (
        select(TeamMember.proposal_id, TeamMember.account_id, func.coalesce(Account.name, TeamMember.name), public)
        .outerjoin(Account, Account.id == TeamMember.account_id)
        .where(TeamMember.proposal_id.in_(_IDS), TeamMember.status == MemberStatus.ACCEPTED)
        .order_by(TeamMember.proposal_id, TeamMember.position, TeamMember.id)
    )


def tags_of(session: Session, proposals: Sequence[Proposal]) -> Mapping[int, Sequence[str]]:
    """Tags by proposal, in the order of the alphabet."""
    tags: dict[int, list[str]] = defaultdict(list)
    for proposal_id, tag in session.execute(_tags(), {"ids": [proposal.id for proposal in proposals]}):
        tags[proposal_id].append(tag)
    return tags


@cache
def _tags() -> Select[int, str]:
    return (
        select(ProposalTag.proposal_id, ProposalTag.tag)
        .where(ProposalTag.proposal_id.in_(_IDS))
        .order_by(ProposalTag.proposal_id, ProposalTag.tag)
    )
