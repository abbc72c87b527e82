"""Merging duplicates as one act: the proposals, the lists of rounds, the votes of open ballots; and undoing it.

When: as long as the call runs, both stand, and no list of candidates would have to change in a way that nobody can follow. On every
list that is frozen and has the merged proposal, the other must stand too, as a list does not grow by merging. Of a vote that is open
and published with names the votes move along; a secret vote, and one that is over, refuses it: nobody can or may touch their ballots.
Reviews stay with the text they were written for. It can be undone until the next stage begins or another list is frozen.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.gates import facts_of_call
from crowd.core.actor import Actor
from crowd.core.errors import DomainError, IllegalMove, InvalidInput
from crowd.core.rules import RoundKind
from crowd.core.status import ProposalStatus
from crowd.core.subjects import CallFacts
from crowd.proposals.actions import NewToken, merge_into, standing_merge, undo_merge
from crowd.proposals.models import Merge, Proposal
from crowd.rounds.actions import strike_left
from crowd.rounds.gates import round_facts
from crowd.rounds.models import CallRound
from crowd.rounds.queries import is_listed
from crowd.voting.actions import move_votes, move_votes_back


def merge_proposals(
    session: Session,
    source: Proposal,
    target: Proposal,
    reason: str,
    *,
    new_token: NewToken,
    actor: Actor,
    now: datetime,
) -> Merge:
    """Merge the locked `source` into the locked `target`; the call is locked before them.

    Raises what `merge_into` does, and InvalidInput `merge_not_listed`, `merge_secret`, `merge_over`, `merge_ballot`.
    """
    facts = facts_of_call(session, source.call_id)
    frozen = [row for row in _rounds(session, source.call_id) if is_listed(session, row.id, source.id)]
    merge = merge_into(session, source, target, reason, new_token=new_token, actor=actor, now=now)
    for row in frozen:
        _check(session, row, target, facts, now)
    for row in frozen:
        strike_left(session, row, now=now)
        if row.kind is RoundKind.VOTE and row.opened_at is not None:
            names = (source.public_id, target.public_id)
            merge.moved += move_votes(session, row, merge, *names, actor_id=actor.account_id, now=now)
    session.flush()
    return merge


def _rounds(session: Session, call_id: int) -> Sequence[CallRound]:
    return session.scalars(
        select(CallRound)
        .where(CallRound.call_id == call_id)
        .order_by(CallRound.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _check(session: Session, row: CallRound, target: Proposal, call: CallFacts, now: datetime) -> None:
    """Whether a list that is frozen allows it."""
    facts = round_facts(row, call)
    words = {"round": facts.round.title}
    if row.kind is RoundKind.VOTE and row.opened_at is not None:
        if row.sealed_at is not None or row.counted_at is not None or facts.is_over(now):
            raise InvalidInput("merge_over", "into", **words)
        if facts.round.secret:
            raise InvalidInput("merge_secret", "into", **words)
    if not is_listed(session, row.id, target.id):
        raise InvalidInput("merge_not_listed", "into", **words)


def undo_merging(session: Session, source: Proposal, target: Proposal, *, actor: Actor, now: datetime) -> Merge:
    """Undo the merge that holds; call and both proposals are locked.

    Raises IllegalMove, DomainError `merge_stays` once the stage is over or a list was frozen since, `merge_chained` while the other
    is merged itself.
    """
    merge = standing_merge(session, source)
    if merge is None or source.merged_into_id != target.id:
        raise IllegalMove("undo_merge", source.status)
    facts, rounds = facts_of_call(session, source.call_id), _rounds(session, source.call_id)
    if not is_undoable(merge, facts, rounds, now):
        raise DomainError("merge_stays")
    if target.status is ProposalStatus.MERGED:
        raise DomainError("merge_chained")
    undo_merge(session, source, target, merge, actor=actor, now=now)
    for row in rounds:
        strike_left(session, row, now=now)
        if row.kind is RoundKind.VOTE:
            move_votes_back(session, row, merge)
    session.flush()
    return merge


def is_undoable(merge: Merge, call: CallFacts, rounds: Sequence[CallRound], now: datetime) -> bool:
    """No stage has begun or ended since, and no list was frozen."""
    moments = [moment for stage in call.schedule for moment in (stage.opens_at, stage.closes_at)]
    moments += [moment for row in rounds for moment in (row.confirmed_at, row.opened_at)]
    return not any(merge.at < moment <= now for moment in moments if moment)
