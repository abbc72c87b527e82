"""How fair the orders were: how often each candidate stood among the first of an open ballot.

Counted in this process and written in batches, so that opening a ballot writes nothing. What a process had not written when it
was ended is lost: at most a batch, and no candidate's more than another's.
"""

import threading
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from crowd.rounds.models import Candidate
from crowd.store.db import transaction
from crowd.voting.models import Exposure

FIRST = 5
"""So many stand on the first screen of a ballot."""
BATCH = 100
EVERY = timedelta(minutes=1)


class Impressions:
    """Ballots opened and not written yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: Counter[tuple[int, int]] = Counter()
        self._ballots = 0
        self._since: datetime | None = None

    def note(self, round_id: int, first: Sequence[int], now: datetime) -> None:
        """These stood first on a ballot that was opened; written together with others once there are enough, or after a minute."""
        with self._lock:
            self._seen.update((round_id, proposal_id) for proposal_id in first)
            self._ballots += 1
            self._since = self._since or now
            due = self._ballots >= BATCH or now - self._since >= EVERY
        if due:
            self.write()

    def write(self) -> None:
        with self._lock:
            seen, self._seen, self._ballots, self._since = self._seen, Counter(), 0, None
        if seen:
            with transaction() as session:
                _add(session, seen)


def _add(session: Session, seen: Counter[tuple[int, int]]) -> None:
    """A round that is gone meanwhile (a rehearsal) counts nothing."""
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    listed = select(Candidate.round_id, Candidate.proposal_id)
    rounds = {round_id for round_id, _ in seen}
    still = {(row.round_id, row.proposal_id) for row in session.execute(listed.where(Candidate.round_id.in_(rounds)))}
    rows = [
        {"round_id": round_id, "proposal_id": proposal_id, "shown": number}
        for (round_id, proposal_id), number in sorted(seen.items())
        if (round_id, proposal_id) in still
    ]
    if not rows:
        return
    fresh = make(Exposure).values(rows)
    session.execute(
        fresh.on_conflict_do_update(
            index_elements=["round_id", "proposal_id"], set_={"shown": Exposure.shown + fresh.excluded.shown}
        )
    )


def exposure_of(session: Session, round_id: int) -> dict[int, int]:
    """Id of a proposal → how often it stood among the first."""
    return dict(
        session.execute(select(Exposure.proposal_id, Exposure.shown).where(Exposure.round_id == round_id)).all()
    )


impressions = Impressions()
