"""Stakes among many proposals: whoever has one sees nothing private of it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.proposals.models import Proposal
from crowd.proposals.queries import has_stake


def staked_among(session: Session, proposal_ids: Sequence[int], account_id: int | None) -> frozenset[int]:
    """Those of these proposals in which the person has a stake."""
    rows = select(Proposal.id).where(Proposal.id.in_(proposal_ids), has_stake(account_id))
    return frozenset(session.scalars(rows))
