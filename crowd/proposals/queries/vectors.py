"""The vectors of a call, kept in each process: what came since is read, the whole only when something went."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from crowd.core.similar import Stored
from crowd.proposals.models import ProposalVector

MOST_CALLS = 8
"""Calls kept at once: 5 MB for 10,000 proposals."""
OVERLAP = timedelta(minutes=1)
"""Rows this old are read again, as they may be committed in another order than they were made."""


@dataclass(frozen=True)
class _Kept:
    ids: tuple[int, ...]
    vectors: NDArray[np.int8]
    newest: datetime | None


class _Shelf:
    """The calls looked at last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int, str], _Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, int, str]) -> _Kept | None:
        with self._lock:
            return self._kept.get(key)

    def put(self, key: tuple[str, int, str], kept: _Kept) -> None:
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_CALLS:
                self._kept.popitem(last=False)


_shelf = _Shelf()


def vectors_of(session: Session, call_id: int, model: str) -> Stored:
    """Every vector of the call with its proposal's id, whoever may see it: filter what is found with it."""
    key = (str(getattr(session.get_bind(), "url", "")), call_id, model)
    count, newest = session.execute(
        select(func.count(), func.max(ProposalVector.made_at)).where(*_of(call_id, model))
    ).one()
    kept = _shelf.get(key)
    if kept is None or (len(kept.ids), kept.newest) != (count, newest):
        kept = _newer(session, call_id, model, kept) if kept and kept.ids else None
        if kept is None or (len(kept.ids), kept.newest) != (count, newest):
            kept = _whole(session, call_id, model)
        _shelf.put(key, kept)
    return Stored(kept.ids, kept.vectors)


def _of(call_id: int, model: str) -> tuple[ColumnElement[bool], ...]:
    return (ProposalVector.call_id == call_id, ProposalVector.model == model)


def _rows(session: Session, *where: ColumnElement[bool]) -> Sequence[Row[int, bytes, datetime]]:
    columns = (ProposalVector.proposal_id, ProposalVector.vector, ProposalVector.made_at)
    return session.execute(select(*columns).where(*where).order_by(ProposalVector.proposal_id)).all()


def _whole(session: Session, call_id: int, model: str) -> _Kept:
    rows = _rows(session, *_of(call_id, model))
    newest = max((row.made_at for row in rows), default=None)
    return _Kept(tuple(row.proposal_id for row in rows), _matrix(rows), newest)


def _newer(session: Session, call_id: int, model: str, kept: _Kept) -> _Kept:
    """What is kept, with the rows that were made since."""
    since = [ProposalVector.made_at >= kept.newest - OVERLAP] if kept.newest else []
    rows = _rows(session, *_of(call_id, model), *since)
    fresh = {row.proposal_id for row in rows}
    stay = [place for place, id_ in enumerate(kept.ids) if id_ not in fresh]
    ids = (*(kept.ids[place] for place in stay), *(row.proposal_id for row in rows))
    newest = max((row.made_at for row in rows), default=kept.newest)
    return _Kept(ids, np.concatenate([kept.vectors[stay], _matrix(rows)]) if rows else kept.vectors, newest)


def _matrix(rows: Sequence[Row[int, bytes, datetime]]) -> NDArray[np.int8]:
    width = len(rows[0].vector) if rows else 0
    return np.frombuffer(b"".join(row.vector for row in rows), np.int8).reshape(len(rows), width)
