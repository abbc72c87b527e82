"""How far the decisions of calls are, for the desk and for the start page of those who decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from crowd.core.status import IN_THE_RUNNING
from crowd.proposals.models import Proposal
from crowd.selection.models import Verdict


@dataclass(frozen=True)
class Decisions:
    """Proposals of one call that want a verdict: still without one or without its reason, and settled."""

    undecided: int = 0
    settled: int = 0


def wants_verdict() -> ColumnElement[bool]:
    """For statements over Proposal. Whoever was told after an earlier round needs no verdict."""
    return Proposal.status.in_(list(IN_THE_RUNNING))


def undecided() -> ColumnElement[int]:
    """`Row.settled` as SQL, its opposite counted: for statements over Proposal, outer joined to Verdict."""
    lacking = or_(Verdict.id.is_(None), func.trim(Verdict.reason) == "")
    return func.coalesce(func.sum(case((lacking, 1), else_=0)), 0)


def decisions_of(session: Session, call_ids: Sequence[int]) -> Mapping[int, Decisions]:
    """By call id; calls in which nobody is in the running are left out. One statement."""
    rows = session.execute(
        select(Proposal.call_id, undecided(), func.count(Proposal.id))
        .outerjoin(Verdict, Verdict.proposal_id == Proposal.id)
        .where(Proposal.call_id.in_(call_ids), wants_verdict())
        .group_by(Proposal.call_id)
    )
    return {call_id: Decisions(int(left), total - int(left)) for call_id, left, total in rows}
