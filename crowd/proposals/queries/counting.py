"""How many proposals somebody may see, from kept counts: the cost does not grow with the call."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, literal, select, union_all
from sqlalchemy.orm import Session

from crowd.core.actor import STAFF, Actor
from crowd.core.permissions import Permission, judge
from crowd.core.status import MemberStatus, ModerationState, ProposalStatus
from crowd.core.subjects import CallFacts, ProposalFacts
from crowd.proposals.models import Proposal, ProposalCount, Reader, TeamMember

_PERSON = bindparam("person", type_=Integer)
_CALL = bindparam("call", type_=Integer)
_CALLS = bindparam("calls", type_=Integer, expanding=True)


@dataclass(frozen=True)
class Near:
    """A proposal that a person sees for a reason of their own: in its team (`own`), or given it to read."""

    public_id: str
    status: ProposalStatus
    moderation: ModerationState
    in_round: bool
    own: bool


def near_proposals(session: Session, call_id: int, actor: Actor) -> tuple[Near, ...]:
    """Drafts included, newest first."""
    if actor.account_id is None:
        return ()
    rows = session.execute(_own(), {"call": call_id, "person": actor.account_id})
    return tuple(Near(key, status, moderation, in_round, bool(own)) for key, status, moderation, in_round, own in rows)


def count_by_status(session: Session, call_ids: list[int]) -> Mapping[int, Counter[ProposalStatus]]:
    """All proposals of each call by status, drafts and hidden ones included."""
    counted: dict[int, Counter[ProposalStatus]] = {id_: Counter() for id_ in call_ids}
    for call_id, status, _moderation, _in_round, count in session.execute(_kept(), {"calls": call_ids}):
        counted[call_id][status] += count
    return counted


def count_visible(
    session: Session, call: CallFacts, actor: Actor, now: datetime, near: Sequence[Near] | None = None
) -> Counter[ProposalStatus]:
    """What this person may see of a call, drafts aside, by status: the numbers that `visible_to` would count row by row.

    `near`: the person's `near_proposals` where they are known already.
    """
    seen: Counter[ProposalStatus] = Counter()
    for _call, status, moderation, in_round, count in session.execute(_kept(), {"calls": [call.id]}):
        if _is_open(call, actor, now, status, moderation, in_round=in_round):
            seen[status] += count
    mine = near_proposals(session, call.id, actor) if near is None else near
    own = {each.public_id for each in mine if each.own}
    for key, *kind, in_round in _recused(session, call.id, actor):
        if key not in own and _is_open(call, actor, now, *kind, in_round=in_round) and not _is_staff(actor, call):
            seen[kind[0]] -= 1
    for each in mine:
        if not _is_open(call, actor, now, each.status, each.moderation, in_round=each.in_round):
            seen[each.status] += 1
    del seen[ProposalStatus.DRAFT]
    return +seen


def _is_staff(actor: Actor, call: CallFacts) -> bool:
    return actor.roles.get(call.organization.id) in STAFF


def _recused(session: Session, call_id: int, actor: Actor) -> Iterable[Any]:
    """What a conflict of interest keeps from this person, in one more query, for reviewers who have any."""
    if not actor.recused_from:
        return ()
    columns = select(Proposal.public_id, Proposal.status, Proposal.moderation, Proposal.in_round)
    return session.execute(columns.where(Proposal.call_id == call_id, Proposal.id.in_(sorted(actor.recused_from))))


def _is_open(
    call: CallFacts,
    actor: Actor,
    now: datetime,
    status: ProposalStatus,
    moderation: ModerationState,
    *,
    in_round: bool,
) -> bool:
    """Whether this person sees every proposal of this kind, whoever wrote it."""
    facts = ProposalFacts(0, call, status, moderation, None, in_round=in_round)
    return bool(judge(actor, Permission.PROPOSAL_VIEW, facts, now))


@cache
def _kept() -> Select[int, ProposalStatus, ModerationState, bool, int]:
    kind = (ProposalCount.call_id, ProposalCount.status, ProposalCount.moderation, ProposalCount.in_round)
    counted = func.sum(ProposalCount.count)
    return select(*kind, counted).where(ProposalCount.call_id.in_(_CALLS)).group_by(*kind).having(counted > 0)


@cache
def _own() -> Select[str, ProposalStatus, ModerationState, bool, int]:
    """The person's own proposals and those given them to read, newest first; the last column is 1 for their own."""
    team = select(TeamMember.proposal_id, literal(1).label("own")).where(
        TeamMember.account_id == _PERSON, TeamMember.status == MemberStatus.ACCEPTED
    )
    both = union_all(team, select(Reader.proposal_id, literal(0)).where(Reader.account_id == _PERSON)).subquery()
    once = select(both.c.proposal_id, func.max(both.c.own).label("own")).group_by(both.c.proposal_id).subquery()
    columns = select(Proposal.public_id, Proposal.status, Proposal.moderation, Proposal.in_round, once.c.own)
    mine = columns.join(once, once.c.proposal_id == Proposal.id).where(Proposal.call_id == _CALL)
    return mine.order_by(Proposal.id.desc())
