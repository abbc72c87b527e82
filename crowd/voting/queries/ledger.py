"""The ledger of a vote as it is published: heads, leaves, and the proofs that a receipt is checked with."""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.ledger import BLOCK, Frontier, consistency_ranges, inclusion_ranges, root_of
from crowd.rounds.models import CallRound
from crowd.voting.models import Block, Head, Leaf

PIECE = 5_000


def origin_of(session: Session, row: CallRound) -> str:
    """The name of a ledger, signed with each of its heads: the call and the round."""
    call = session.scalar(select(Call.public_id).where(Call.id == row.call_id))
    return f"{call}/{row.key}"


def latest_head(session: Session, round_id: int) -> Head | None:
    return session.scalar(select(Head).where(Head.round_id == round_id).order_by(Head.size.desc()).limit(1))


def list_heads(session: Session, round_id: int, most: int | None = None) -> Sequence[Head]:
    """The newest first."""
    return session.scalars(select(Head).where(Head.round_id == round_id).order_by(Head.size.desc()).limit(most)).all()


def count_heads(session: Session, round_id: int) -> int:
    return session.scalar(select(func.count(Head.id)).where(Head.round_id == round_id)) or 0


def get_head(session: Session, round_id: int, size: int) -> Head | None:
    return session.scalar(select(Head).where(Head.round_id == round_id, Head.size == size))


def count_waiting(session: Session, round_id: int) -> int:
    """Acts that are in no tree yet."""
    waiting = (Leaf.round_id == round_id) & Leaf.position.is_(None)
    return session.scalar(select(func.count()).select_from(Leaf).where(waiting)) or 0


def find_leaf(session: Session, round_id: int, wanted: str) -> Leaf | None:
    """The leaf with this hash, 64 hexadecimal digits."""
    return session.get(Leaf, (round_id, wanted.strip().lower()))


def is_waiting(session: Session, round_id: int, leaf: str | None) -> bool:
    """The act is kept and in no tree yet."""
    found = find_leaf(session, round_id, leaf or "")
    return found is not None and found.position is None


def inclusion(session: Session, round_id: int, position: int, size: int) -> list[bytes]:
    """The proof of RFC 9162, 2.1.3, for the tree of `size` leaves."""
    return [_root(session, round_id, *part) for part in inclusion_ranges(position, size)]


def consistency(session: Session, round_id: int, old: int, new: int) -> list[bytes]:
    """The proof of RFC 9162, 2.1.4, that the tree of `new` leaves begins with that of `old`."""
    return [_root(session, round_id, *part) for part in consistency_ranges(old, new)]


def _root(session: Session, round_id: int, first: int, end: int) -> bytes:
    """Over a part of the tree as the proofs name them: a part larger than a block begins with a block."""
    tree = Frontier()
    if end - first > BLOCK:
        whole = (Block.round_id == round_id) & (Block.number >= first // BLOCK) & (Block.number < end // BLOCK)
        for root in session.scalars(select(Block.root).where(whole).order_by(Block.number)):
            tree.append_block(bytes.fromhex(root))
    tree.extend(_hashes(session, round_id, first + tree.size, end))
    return tree.root


def block_root(session: Session, round_id: int, number: int) -> bytes:
    """Over the leaves of one whole block."""
    return root_of(_hashes(session, round_id, number * BLOCK, (number + 1) * BLOCK))


def leaf_lines(session: Session, round_id: int) -> Iterator[bytes]:
    """What is hashed, of every leaf in the order of the tree."""
    sealed = (Leaf.round_id == round_id) & Leaf.position.is_not(None)
    query = select(Leaf.data).where(sealed).order_by(Leaf.position).execution_options(yield_per=PIECE)
    return (data.encode() for (data,) in session.connection().execute(query))


def _hashes(session: Session, round_id: int, first: int, end: int) -> Iterator[bytes]:
    part = (Leaf.round_id == round_id) & (Leaf.position >= first) & (Leaf.position < end)
    rows = session.scalars(select(Leaf.hash).where(part).order_by(Leaf.position).execution_options(yield_per=PIECE))
    return (bytes.fromhex(found) for found in rows)
