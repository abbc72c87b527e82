"""Many first ballots written at once: the roll, the ballots, the leaves of the ledger and the events."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

from sqlalchemy import Connection, Integer, String, bindparam, insert, select, text

from crowd.core.events import EventKind
from crowd.store.among import among, listed
from crowd.store.events import silent_event
from crowd.store.models import Event
from crowd.store.prepared import Prepared
from crowd.store.types import UtcDateTime
from crowd.voting.models import Ballot, Leaf, Voter


@dataclass(frozen=True)
class Entry:
    """`who`: the id of the account, or of the one-time code. `data`: the leaf, whose hash is `leaf`."""

    who: int
    key: str
    network: str | None
    choices: str
    seen: str | None
    member: bool | None
    leaf: str
    data: str


@dataclass(frozen=True)
class Box:
    """Where they are put in, and when; `hour`: when the events say that it was."""

    round_id: int
    by_code: bool
    now: datetime
    hour: datetime

    @property
    def column(self) -> str:
        return "code_id" if self.by_code else "account_id"

    def voter(self, entry: Entry) -> dict[str, int | None]:
        return {"account_id": None if self.by_code else entry.who, "code_id": entry.who if self.by_code else None}


def enter_all(connection: Connection, box: Box, entries: Sequence[Entry]) -> Callable[[], set[str]]:
    """Tells, once it is committed, the keys of the ballots that are in: not of those whose voter stands on the roll.

    In the order of the voters, so that of two who enter some of the same ones neither waits for what the other holds.
    """
    if not entries:
        return set
    sorted_entries = sorted(entries, key=lambda entry: entry.who)
    at_once = connection.dialect.name == "postgresql"
    return (_in_one_statement if at_once else _table_by_table)(connection, box, sorted_entries)


def _table_by_table(connection: Connection, box: Box, entries: Sequence[Entry]) -> Callable[[], set[str]]:
    """Whoever writes is alone: nobody comes onto the roll meanwhile."""
    there = _on_roll(box.column).all(connection, round=box.round_id, whose=listed(entry.who for entry in entries))
    known, inside = {row.who for row in there}, []
    for entry in entries:  # of two ballots of one voter, the first
        if entry.who not in known:
            known.add(entry.who)
            inside.append(entry)
    here = {"round_id": box.round_id}
    _onto_roll.each(
        connection,
        [
            {**here, **box.voter(entry), "ballot": entry.key, "network": entry.network, "cast_at": box.now}
            for entry in inside
        ],
    )
    _into_box.each(
        connection,
        [
            {
                **here,
                "key": entry.key,
                "choices": entry.choices,
                "seen": entry.seen,
                "member": entry.member,
                "acts": 1,
                "leaf": entry.leaf,
            }
            for entry in inside
        ],
    )
    _onto_ledger.each(connection, [{**here, "hash": entry.leaf, "data": entry.data} for entry in inside])
    _told.each(connection, [_event(box, entry) for entry in inside])
    return lambda: {entry.key for entry in inside}


def _event(box: Box, entry: Entry) -> dict[str, object]:
    actor_id = None if box.by_code else entry.who
    _model, values = silent_event(EventKind.BALLOT_CAST, now=box.hour, actor_id=actor_id, subject_id=box.round_id)
    return dict(values)


@cache
def _on_roll(column: str) -> Prepared:
    """Which of them stand on the roll, with a ballot or without."""
    voter = Voter.__table__.c
    mine = (voter.round_id == bindparam("round"), among(voter[column], "whose"))
    return Prepared(lambda: select(voter[column].label("who")).where(*mine))


_onto_roll, _into_box, _onto_ledger, _told = (
    Prepared(partial(insert, model)) for model in (Voter, Ballot, Leaf, Event)
)


_ONE_STATEMENT = """
WITH entry AS MATERIALIZED (
    SELECT * FROM json_to_recordset(CAST(:entries AS json)) AS given (
        who integer, key text, network text, choices text, seen text, member boolean, leaf text, data text
    )
),
entered AS (
    INSERT INTO voters (round_id, {column}, ballot, network, cast_at)
    SELECT :round, who, key, network, :now FROM entry ORDER BY who
    ON CONFLICT (round_id, {column}) DO NOTHING RETURNING ballot
),
inside AS MATERIALIZED (SELECT entry.* FROM entry JOIN entered ON entered.ballot = entry.key),
box AS (
    INSERT INTO ballots (round_id, key, choices, seen, member, acts, leaf)
    SELECT :round, key, choices, seen, member, 1, leaf FROM inside ORDER BY key
),
ledger AS (
    INSERT INTO leaves (round_id, hash, data) SELECT :round, leaf, data FROM inside ORDER BY leaf
),
told AS (
    INSERT INTO events (kind, at, actor_id, subject_id, data, delivered_at)
    SELECT :kind, :hour, {actor}, :round, '{{}}', :hour FROM inside ORDER BY who
)
SELECT ballot FROM entered
"""


def _in_one_statement(connection: Connection, box: Box, entries: Sequence[Entry]) -> Callable[[], set[str]]:
    """Ballots and leaves in the order of random values: where they lie does not tell whose they are."""
    rows = _at_once(by_code=box.by_code).put(
        connection,
        entries=json.dumps([vars(entry) for entry in entries]),
        round=box.round_id,
        now=box.now,
        hour=box.hour,
    )
    return lambda: {row.ballot for row in rows()}


@cache
def _at_once(*, by_code: bool) -> Prepared:
    actor, column = ("NULL", "code_id") if by_code else ("who", "account_id")
    moment = UtcDateTime()
    values = (
        bindparam("entries", type_=String),
        bindparam("round", type_=Integer),
        bindparam("now", type_=moment),
        bindparam("hour", type_=moment),
        bindparam("kind", EventKind.BALLOT_CAST.value, type_=String),
    )
    written = text(_ONE_STATEMENT.format(actor=actor, column=column)).bindparams(*values)
    return Prepared(lambda: written.columns(Voter.__table__.c.ballot))
