"""The vote of a call that an address means, and what permissions are asked about whoever votes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.gates import FACT_COLUMNS, facts_from, select_schedule
from crowd.calls.models import Call, CallStage
from crowd.core.errors import Gone
from crowd.core.permissions import Permission
from crowd.core.rules import Electorate, Round, RoundKind
from crowd.core.subjects import CallFacts, RoundFacts
from crowd.organizations.models import Organization
from crowd.rounds.gates import round_facts, rounds_of
from crowd.rounds.models import CallRound
from crowd.store.db import db
from crowd.store.lately import Lately
from crowd.store.prepared import Prepared, Question, ask_together
from crowd.voting.commands import Acting
from crowd.voting.models import Elector, VoterCode
from crowd.web.access import Found, Gate

R = TypeVar("R")


def find_vote(session: Session, call: Found[Call], key: str | None, now: datetime) -> Found[CallRound] | None:
    """The voting round called `key`; without one the open round, else the last that was, else the first to come."""
    rows = [row for row in rounds_of(session, call.row.id) if row.kind is RoundKind.VOTE]
    return meant([Found(row, round_facts(row, call.facts)) for row in rows], key, now)


def meant(votes: Sequence[Found[R]], key: str | None, now: datetime) -> Found[R] | None:
    """Of all votes of a call, as `find_vote`."""
    if key:
        return next((vote for vote in votes if vote.facts.round.key == key), None)
    begun = [vote for vote in votes if _has_begun(vote.facts, now)]
    is_open = next((vote for vote in begun if not vote.facts.is_over(now)), None)
    return is_open or next(iter(begun[::-1]), None) or next(iter(votes), None)


def _has_begun(facts: RoundFacts, now: datetime) -> bool:
    stage = facts.stage()
    return stage is not None and stage.opens_at <= facts.call.clock(now)


@dataclass(frozen=True)
class Poll:
    """What casting a ballot asks of a round beside its facts, in place of its row."""

    id: int
    key: str
    list_state: tuple[str | None, int]  # fingerprint of the list, and how often something on it was struck
    closed: bool  # sealed for the count, or counted


@dataclass(frozen=True)
class Polls:
    """The votes of a published call, for whoever casts a ballot."""

    call: str
    votes: tuple[Found[Poll], ...]


_ROUND = CallRound.__table__.c
_COLUMNS = (
    *FACT_COLUMNS,
    *(_ROUND.id.label("round_id"), _ROUND.key, _ROUND.opened_at, _ROUND.candidates_sha256),
    *(_ROUND.strikes, _ROUND.sealed_at, _ROUND.counted_at),
)


def find_polls(session: Session, public_id: str) -> Found[Polls] | None:
    rows, stages = ask_together(session, (_of_call, {"call": public_id}), (_schedule_of_call, {"call": public_id}))
    if not rows:
        return None
    call = facts_from(rows[0], stages)
    return Found(Polls(public_id, tuple(_poll(row, call) for row in rows if row.round_id is not None)), call)


def find_polls_lately(public_id: str) -> Found[Polls] | None:
    """As they were up to a second ago: only for whoever looks again under the lock, and else finds them anew."""
    return _polls.of(public_id, lambda: find_polls(db.session(), public_id))


_polls = Lately[str, Found[Polls]](1)


def hold_poll(session: Session, round_id: int) -> Found[Poll]:
    """The vote as it is now. Its call and its round are shared with others who hold them; whoever locks one is kept out until the end.

    Raises Gone when it is no more.
    """
    return poll_held(*ask_together(session, *holding_poll(round_id)))


def holding_poll(round_id: int) -> tuple[Question, Question]:
    """What `hold_poll` asks, to be asked with more; `poll_held` reads the answers."""
    return (_held, {"round": round_id}), (_schedule_of_round, {"round": round_id})


def poll_held(rows: Sequence[Any], stages: Sequence[Any]) -> Found[Poll]:
    if not rows:
        raise Gone
    return _poll(rows[0], facts_from(rows[0], stages))


def poll_of(session: Session, round_id: int) -> Found[Poll]:
    """As `hold_poll`, and nobody is kept out."""
    which = {"round": round_id}
    return poll_held(*ask_together(session, (_of_round, which), (_schedule_of_round, which)))


def _poll(row: Any, call: CallFacts) -> Found[Poll]:
    closed = row.sealed_at is not None or row.counted_at is not None
    facts = RoundFacts(
        id=row.round_id,
        call=call,
        round=call.rules.round(row.key),
        opened=row.opened_at is not None,
        counted=row.counted_at is not None,
    )
    return Found(Poll(row.round_id, row.key, (row.candidates_sha256, row.strikes), closed), facts)


@Prepared
def _of_call() -> Select[Any]:
    call, house, round_ = Call.__table__, Organization.__table__, CallRound.__table__
    votes = and_(_ROUND.call_id == call.c.id, _ROUND.kind == RoundKind.VOTE)
    return (
        select(*_COLUMNS)
        .select_from(call.join(house, house.c.id == call.c.organization_id).outerjoin(round_, votes))
        .where(call.c.public_id == bindparam("call"), call.c.rules.is_not(None))
        .order_by(_ROUND.position)
    )


def _one() -> Select[Any]:
    call, house, round_ = Call.__table__, Organization.__table__, CallRound.__table__
    return (
        select(*_COLUMNS)
        .select_from(call.join(house, house.c.id == call.c.organization_id).join(round_, _ROUND.call_id == call.c.id))
        .where(_ROUND.id == bindparam("round"))
    )


@Prepared
def _held() -> Select[Any]:
    """The call before the round, as whoever locks both. A row that was waited for is read as it is after the wait."""
    return _one().with_for_update(read=True, of=(Call.__table__, CallRound.__table__))


_of_round = Prepared(_one)


@Prepared
def _schedule_of_call() -> Select[Any]:
    call = Call.__table__.c
    whose = select(call.id).where(call.public_id == bindparam("call")).scalar_subquery()
    return select_schedule().where(CallStage.call_id == whose)


@Prepared
def _schedule_of_round() -> Select[Any]:
    whose = select(_ROUND.call_id).where(_ROUND.id == bindparam("round")).scalar_subquery()
    return select_schedule().where(CallStage.call_id == whose)


polls_gate = Gate(find_polls, Permission.CALL_VIEW)


def ballot_permission(round_: Round) -> Permission:
    """What whoever votes must have: an account of the electorate, or a code."""
    return Permission.ROUND_VOTE_BY_CODE if round_.electorate is Electorate.CODES else Permission.ROUND_VOTE


def of_voter(session: Session, facts: RoundFacts, voting: Acting) -> RoundFacts:
    """With what is to know of this voter: does the account stand on the list, is the code good."""
    match facts.round.electorate:
        case Electorate.INVITED if voting.account_id is not None:
            listed = select(Account.id).join(Elector, Elector.email_folded == Account.email_folded)
            mine = listed.where(Elector.round_id == facts.id, Account.id == voting.account_id)
            return replace(facts, voter_ids=frozenset(session.scalars(mine)))
        case Electorate.CODES if voting.code_id is not None:
            good = (VoterCode.id == voting.code_id) & (VoterCode.round_id == facts.id) & VoterCode.revoked_at.is_(None)
            return replace(facts, code_shown=session.scalar(select(VoterCode.id).where(good)) is not None)
        case _:
            return facts
