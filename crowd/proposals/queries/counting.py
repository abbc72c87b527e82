"""How many proposals somebody may see, from kept counts: the cost does not grow with the call."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from functools import cache

from sqlalchemy import Integer, Select, bindparam, func, select, union
from sqlalchemy.orm import Session

from crowd.core.actor import Actor
from crowd.core.permissions import Permission, judge
from crowd.core.status import MemberStatus, ModerationState, ProposalStatus
from crowd.core.subjects import CallFacts, ProposalFacts
from crowd.proposals.models import Proposal, ProposalCount, Reader, TeamMember

_PERSON = bindparam("person", type_=Integer)
_CALL = bindparam("call", type_=Integer)
_CALLS = bindparam("calls", type_=Integer, expanding=True)


def count_by_status(session: Session, call_ids: list[int]) -> Mapping[int, Counter[ProposalStatus]]:
    """All proposals of each call by status, drafts and hidden ones included."""
    counted: dict[int, Counter[ProposalStatus]] = {id_: Counter() for id_ in call_ids}
    for call_id, status, _moderation, _in_round, count in session.execute(_kept(), {"calls": call_ids}):
        counted[call_id][status] += count
    return counted


def count_visible(session: Session, call: CallFacts, actor: Actor, now: datetime) -> Counter[ProposalStatus]:
    """What this person may see of a call, drafts aside, by status: the numbers that `visible_to` would count row by row."""
    seen: Counter[ProposalStatus] = Counter()
    for _call, status, moderation, in_round, count in session.execute(_kept(), {"calls": [call.id]}):
        if _is_open(call, actor, now, status, moderation, in_round=in_round):
            seen[status] += count
    if actor.account_id is not None:
        for status, moderation, in_round in session.execute(_own(), {"call": call.id, "person": actor.account_id}):
            if not _is_open(call, actor, now, status, moderation, in_round=in_round):
                seen[status] += 1
    del seen[ProposalStatus.DRAFT]
    return seen


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
def _own() -> Select[ProposalStatus, ModerationState, bool]:
    """Proposals that this person sees for a reason of their own."""
    team = select(TeamMember.proposal_id).where(
        TeamMember.account_id == _PERSON, TeamMember.status == MemberStatus.ACCEPTED
    )
    mine = union(team, select(Reader.proposal_id).where(Reader.account_id == _PERSON)).subquery()
    columns = select(Proposal.status, Proposal.moderation, Proposal.in_round)
    return columns.join(mine, mine.c.proposal_id == Proposal.id).where(Proposal.call_id == _CALL)
