"""The ledger of a vote: acts become leaves of a hash tree in shuffled batches, each batch under a signed head.

A batch of a secret vote holds at least `LEAST` leaves, or all that are left at the close: neither the tree nor the time of a head tells
who cast which. Whoever seals has locked the round alone.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import case, insert, literal, select, update
from sqlalchemy.orm import Session

from crowd.core.bundle import beat_line
from crowd.core.ledger import BLOCK, Frontier, leaf_hash
from crowd.core.rules import Electorate, Round
from crowd.core.signing import Sign, signed_head
from crowd.core.wall_clock import utc_text
from crowd.rounds.models import CallRound
from crowd.store.types import UtcDateTime
from crowd.voting.actions.watching import note_signals
from crowd.voting.models import Block, Head, Leaf, Voter
from crowd.voting.queries.ledger import block_root, latest_head, origin_of

LEAST = 20
EVERY = timedelta(hours=1)
MOST = 100_000
_random = secrets.SystemRandom()


def keeps_ledger(round_: Round) -> bool:
    """An imported roll came as a finished list; there are no acts to keep."""
    return round_.electorate is not Electorate.ROLL


def is_due(head: Head | None, round_: Round, now: datetime) -> bool:
    """Where counts are hidden, heads come by the clock, so that neither their number nor their times tell of the turnout."""
    return not round_.hides_counts or head is None or head.at + EVERY <= now


def seal(
    session: Session, row: CallRound, round_: Round, now: datetime, sign: Sign, *, last: bool = False
) -> Head | None:
    """Put one batch of acts into the tree of the locked round. `last`: however few there are. Returns the new head, if any.

    Where counts are hidden there is a head each hour though nobody voted: a leaf that says nothing makes it a new one.
    """
    waiting = _waiting(session, row.id)
    if len(waiting) < (LEAST if round_.secret and not last else 1):
        waiting = []
    if round_.hides_counts and not last:
        waiting.append(_beat(session, row.id))
    if not waiting:
        return None
    _random.shuffle(waiting)
    tree = _tree(session, row.id)
    known = tree.size
    _place(session, row.id, waiting, known)
    tree.extend(map(bytes.fromhex, waiting))
    session.add_all(
        Block(round_id=row.id, number=number, root=block_root(session, row.id, number).hex())
        for number in range(known // BLOCK, tree.size // BLOCK)
    )
    return _sign(session, row, tree, now, sign)


def _place(session: Session, round_id: int, hashes: Sequence[str], first: int) -> None:
    """Give each leaf its place in the tree."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        placed = "UPDATE leaves SET position = v.place FROM unnest(%s::text[], %s::int[]) AS v(hash, place)"
        numbers = list(range(first, first + len(hashes)))
        connection.exec_driver_sql(
            f"{placed} WHERE leaves.round_id = %s AND leaves.hash = v.hash", (list(hashes), numbers, round_id)
        )
    else:
        placed = "UPDATE leaves SET position = ? WHERE round_id = ? AND hash = ?"
        rows = [(place, round_id, leaf) for place, leaf in enumerate(hashes, start=first)]
        connection.exec_driver_sql(placed, rows)


def close_ledger(session: Session, row: CallRound, round_: Round, now: datetime, sign: Sign) -> None:
    """Seal what is left and, of a secret vote, forget which ballot is whose and the hour of each. The round takes no ballot after."""
    if row.sealed_at is not None:
        return
    row.sealed_at = now
    if keeps_ledger(round_):
        note_signals(session, row.id)
        while seal(session, row, round_, now, sign, last=True):
            pass
        if latest_head(session, row.id) is None:
            _sign(session, row, Frontier(), now, sign)
    if keeps_ledger(round_):
        _forget(session, row.id, round_, now)


def _forget(session: Session, round_id: int, round_: Round, now: datetime) -> None:
    """Networks; of a secret vote also whose ballot is whose, and the hour of each."""
    kept: dict[str, Any] = {"network": None}
    if round_.secret:
        at = case((Voter.cast_at.is_(None), None), else_=literal(now, UtcDateTime()))
        kept |= {"ballot": None, "cast_at": at, "changed_at": None}
    session.execute(update(Voter).where(Voter.round_id == round_id).values(**kept))


def tie_seed(session: Session, row: CallRound) -> bytes | None:
    """SHA-256(secret ‖ root at close), which nobody could know while votes were cast; None where no secret was committed to."""
    head = latest_head(session, row.id)
    if row.tie_secret is None or head is None or row.sealed_at is None:
        return None
    return hashlib.sha256(bytes.fromhex(row.tie_secret) + bytes.fromhex(head.root)).digest()


def _beat(session: Session, round_id: int) -> str:
    data = beat_line(secrets.token_hex(16))
    leaf = leaf_hash(data).hex()
    session.execute(insert(Leaf).values(round_id=round_id, hash=leaf, data=data.decode()))
    return leaf


def _waiting(session: Session, round_id: int) -> list[str]:
    """The hashes of acts that are in no tree yet."""
    session.flush()
    waiting = (Leaf.round_id == round_id) & Leaf.position.is_(None)
    return list(session.scalars(select(Leaf.hash).where(waiting).limit(MOST)))


def _tree(session: Session, round_id: int) -> Frontier:
    head = latest_head(session, round_id)
    return Frontier.kept(head.size, json.loads(head.frontier)) if head else Frontier()


def _sign(session: Session, row: CallRound, tree: Frontier, now: datetime, sign: Sign) -> Head:
    at = now.astimezone(UTC).replace(microsecond=0)
    signed = signed_head(origin_of(session, row), tree.size, tree.root, utc_text(at), sign)
    head = Head(
        round_id=row.id,
        size=tree.size,
        root=tree.root.hex(),
        at=at,
        signature=signed.signature.hex(),
        frontier=json.dumps(tree.texts),
    )
    session.add(head)
    session.flush()
    return head
