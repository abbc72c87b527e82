"""Casting, changing and withdrawing a ballot.

Voters share the locks of the call and the round, so that they do not wait for each other; whoever closes the stage or counts
locks them alone. The clock is read after the lock: a ballot that was accepted is counted, and none is accepted after the close.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.errors import InvalidInput, NotAllowed
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.rules import Round, VotingMethod
from crowd.core.tally.ballots import BallotFault, InvalidBallot, check_approval, check_score
from crowd.core.tally.choices import Choices
from crowd.proposals.models import Proposal
from crowd.proposals.queries import newest_versions, version_read
from crowd.rounds.gates import facts_of_round
from crowd.rounds.models import CallRound, Candidate
from crowd.store.db import hold
from crowd.store.events import record
from crowd.store.types import new_public_id
from crowd.voting.models import Ballot, Mark
from crowd.voting.queries import choices_of
from crowd.web.access import require

Clock = Callable[[], datetime]


def cast_ballot(
    session: Session,
    row: CallRound,
    choices: Choices,
    *,
    actor: Actor,
    clock: Clock,
    read: Mapping[str, int] = MappingProxyType({}),
) -> Ballot:
    """Put the person's one ballot of the round in place of what was there before. Casting the same again
    notes the versions that were read now, and nothing else. `read`: public id of a candidate → the version that the voter read.

    Raises NotAllowed outside the round or the electorate, InvalidInput (code of the first `BallotFault`) for a bad ballot.
    """
    round_, now = _hold_open(session, row, actor, clock)
    listed = _listed(session, row.id)
    marks = checked(choices, listed, round_)
    ballot = _own_ballot(session, row.id, actor.account_id)
    first = ballot.cast_at is None
    chosen = {listed[key]: value for key, value in marks.items()}
    seen = {listed[key]: version for key, version in read.items() if key in marks}
    if not first and choices_of(session, ballot.id).marks == marks:
        _put_marks(session, ballot.id, chosen, seen)
        return ballot
    ballot.cast_at, ballot.changed_at = (now, None) if first else (ballot.cast_at, now)
    _put_marks(session, ballot.id, chosen, seen)
    _record(session, EventKind.BALLOT_CAST if first else EventKind.BALLOT_CHANGED, row, actor, now)
    return ballot


def withdraw_ballot(session: Session, row: CallRound, *, actor: Actor, clock: Clock) -> bool:
    """Take the person's ballot back; its marks are gone. Returns whether there was one."""
    _, now = _hold_open(session, row, actor, clock)
    ballot = _own_ballot(session, row.id, actor.account_id)
    if ballot.cast_at is None:
        return False
    ballot.cast_at = ballot.changed_at = None
    _put_marks(session, ballot.id, {}, {})
    _record(session, EventKind.BALLOT_WITHDRAWN, row, actor, now)
    return True


def _hold_open(session: Session, row: CallRound, actor: Actor, clock: Clock) -> tuple[Round, datetime]:
    hold(session, session.get_one(Call, row.call_id))
    hold(session, row)
    now = clock()
    facts = facts_of_round(session, row)
    require(actor, Permission.ROUND_VOTE, facts, now)
    if row.counted_at is not None:
        raise NotAllowed("round_open")
    return facts.round, now


def _listed(session: Session, round_id: int) -> dict[str, int]:
    """The frozen list: public id → id. Struck candidates stay on it; the count runs without them."""
    rows = session.execute(
        select(Proposal.public_id, Proposal.id)
        .join(Candidate, Candidate.proposal_id == Proposal.id)
        .where(Candidate.round_id == round_id)
    )
    return {row.public_id: row.id for row in rows}


def checked(choices: Choices, listed: Collection[str], round_: Round) -> dict[str, int]:
    """The marks of a well formed ballot, blanks left out; InvalidInput with the code of its first fault."""
    try:
        if round_.method is VotingMethod.SCORE:
            return check_score(choices.marks, listed, round_.max_choices)
        return dict.fromkeys(check_approval(choices.marks, listed, round_.max_choices), 1)
    except InvalidBallot as invalid:
        raise _in_words(invalid.faults[0]) from invalid


def _in_words(fault: BallotFault) -> InvalidInput:
    return InvalidInput(fault.code, value=fault.value, limit=fault.limit)


def _own_ballot(session: Session, round_id: int, account_id: int | None) -> Ballot:
    """The person's row, made if it is not there, locked. Of several first votes at once, the constraint lets one row in."""
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    fresh = make(Ballot).values(public_id=new_public_id(), round_id=round_id, account_id=account_id)
    session.execute(fresh.on_conflict_do_nothing(index_elements=["round_id", "account_id"]))
    return session.scalars(
        select(Ballot)
        .where(Ballot.round_id == round_id, Ballot.account_id == account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _put_marks(session: Session, ballot_id: int, marks: Mapping[int, int], read: Mapping[int, int]) -> None:
    """With the version of each proposal that the voter read; the newest where that is not known."""
    session.execute(delete(Mark).where(Mark.ballot_id == ballot_id))
    if marks:
        newest = newest_versions(session, marks)
        seen = {id_: version_read(read.get(id_, 0), number) for id_, number in newest.items()}
        rows = [
            {"ballot_id": ballot_id, "proposal_id": id_, "value": value, "version_seen": seen.get(id_)}
            for id_, value in marks.items()
        ]
        session.execute(insert(Mark), rows)


def _record(session: Session, kind: EventKind, row: CallRound, actor: Actor, now: datetime) -> None:
    """Named by its round alone: an event that named the call would count ballots in every list of the call's events."""
    record(session, kind, now=now, actor_id=actor.account_id, subject_id=row.id)
