"""The record of conflicts: what was said, and what was found by comparing."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.conflicts import ConflictKind, ConflictSource, ConflictStatus
from crowd.core.status import JurorStatus
from crowd.proposals.gates import Stakes
from crowd.proposals.models import Proposal
from crowd.reviews.models import Conflict, Juror
from crowd.reviews.queries import new_ties, stakes_of_jury
from crowd.rounds.models import CallRound
from crowd.store.types import new_public_id


def keep_ties(
    session: Session, row: CallRound, jurors: Collection[Juror], proposal_ids: Collection[int], *, now: datetime
) -> int:
    """Store what ties these jurors to these proposals, each once; what a chair judged stays judged. Returns how many are new.

    `account` of the jurors must be loaded.
    """
    new = new_ties(session, row, jurors, proposal_ids)
    session.add_all(
        Conflict(
            public_id=new_public_id(),
            round_id=row.id,
            juror_id=juror_id,
            proposal_id=proposal_id,
            kind=kind,
            source=ConflictSource.DETECTED,
            status=ConflictStatus.OPEN,
            at=now,
        )
        for juror_id, proposal_id, kind in new
    )
    session.flush()
    return len(new)


def ties_and_stakes(
    session: Session, row: CallRound, pairs: Iterable[tuple[Juror, Proposal]], *, now: datetime
) -> Stakes:
    """For giving work out: ties are looked for and stored; returns what keeps these people from these proposals."""
    both = list(pairs)
    jurors = list({juror.id: juror for juror, _ in both}.values())
    ids = list(dict.fromkeys(proposal.id for _, proposal in both))
    keep_ties(session, row, jurors, ids, now=now)
    return stakes_of_jury(session, row, jurors, ids)


def put_on_record(
    session: Session, proposal: Proposal, account_id: int, reason: str, *, actor_id: int | None, now: datetime
) -> None:
    """A conflict that somebody stated, for every place of this person on a jury of the call."""
    places = session.scalars(
        select(Juror)
        .join(CallRound, CallRound.id == Juror.round_id)
        .where(
            CallRound.call_id == proposal.call_id,
            Juror.account_id == account_id,
            Juror.status == JurorStatus.ACCEPTED,
        )
    ).all()
    source = ConflictSource.DECLARED if actor_id == account_id else ConflictSource.NOTED
    for juror in places:
        state(session, juror, proposal.id, source, reason, actor_id=actor_id, now=now)


def state(
    session: Session,
    juror: Juror,
    proposal_id: int,
    source: ConflictSource,
    reason: str,
    *,
    actor_id: int | None,
    now: datetime,
) -> Conflict:
    """Stated again after it was taken back it holds again, with the new reason."""
    row = conflict_row(session, juror, proposal_id, ConflictKind.STATED, now=now)
    if row.status is not ConflictStatus.CONFIRMED:
        row.source, row.status, row.reason, row.at, row.by_id = source, ConflictStatus.CONFIRMED, reason, now, actor_id
        row.decision, row.decided_at, row.decided_by_id = "", None, None
    session.flush()
    return row


def conflict_row(session: Session, juror: Juror, proposal_id: int, kind: ConflictKind, *, now: datetime) -> Conflict:
    """The stored conflict of this kind, or a new one that waits."""
    found = session.scalar(
        select(Conflict)
        .where(Conflict.juror_id == juror.id, Conflict.proposal_id == proposal_id, Conflict.kind == kind)
        .execution_options(populate_existing=True)
    )
    if found is None:
        found = Conflict(
            public_id=new_public_id(),
            round_id=juror.round_id,
            juror_id=juror.id,
            proposal_id=proposal_id,
            kind=kind,
            source=ConflictSource.DETECTED,
            status=ConflictStatus.OPEN,
            reason="",
            decision="",
            at=now,
        )
        session.add(found)
    return found
