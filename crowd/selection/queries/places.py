"""Places that are free after the results, and the reserve list that may move up."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from crowd.core.status import ProposalStatus
from crowd.core.vacancies import UNDO_WITHIN, Change, by_rank, next_by_rank, vacancies
from crowd.proposals.models import Proposal
from crowd.selection.models import Correction, PublishedResult

OF_PLACES = ("outcome", "declined", "taken_up", "moved_up", "left_empty")


@dataclass(frozen=True)
class Reserve:
    """The reserve list of a call, the best rank first. `following`: whom the ranking calls up, if it names one."""

    proposals: tuple[Proposal, ...]
    ranks: Mapping[str, int | None]
    following: Proposal | None


@dataclass(frozen=True)
class Declining:
    """That the authors declined: why, when, and until when they may take the place up again (None: no longer)."""

    reason: str
    at: datetime
    undo_until: datetime | None


def free_places(session: Session, call_id: int) -> tuple[int, ...]:
    """Proposals whose place is free, by id, in the order in which they left it."""
    rows = session.scalars(
        select(Correction).where(Correction.call_id == call_id, Correction.kind.in_(OF_PLACES)).order_by(Correction.id)
    )
    return vacancies(_change(row.proposal_id, row.before, row.after, row.in_place_of_id) for row in rows)


def _change(proposal_id: int, before: object, after: object, in_place_of: int | None) -> Change[int]:
    return Change(proposal_id, _outcome(before), _outcome(after), in_place_of)


def _outcome(data: object) -> str:
    return str(data.get("outcome", "")) if isinstance(data, dict) else ""


def reserve_of(session: Session, call_id: int) -> Reserve:
    rows = session.scalars(
        select(Proposal)
        .where(Proposal.call_id == call_id, Proposal.status == ProposalStatus.RESERVE)
        .options(defer(Proposal.body))
        .order_by(Proposal.number)
    )
    listed = {row.public_id: row for row in rows}
    ranks = published_ranks(session, call_id)
    following = next_by_rank(list(listed), ranks)
    ordered = tuple(listed[key] for key in by_rank(list(listed), ranks))
    return Reserve(ordered, ranks, listed[following] if following else None)


def published_ranks(session: Session, call_id: int) -> Mapping[str, int | None]:
    """Ranks as they were published, by public id; nothing for an imported election."""
    record = session.scalar(select(PublishedResult.result).where(PublishedResult.call_id == call_id))
    return {entry["proposal"]: entry["rank"] for entry in json.loads(record)["ranking"]} if record else {}


def proposals_by_id(session: Session, ids: Sequence[int]) -> dict[int, Proposal]:
    rows = session.scalars(select(Proposal).where(Proposal.id.in_(ids)).options(defer(Proposal.body)))
    return {row.id: row for row in rows}


def declining_of(session: Session, proposal: Proposal, now: datetime) -> Declining | None:
    """Of a declined proposal what its authors said."""
    if proposal.status is not ProposalStatus.DECLINED:
        return None
    row = session.scalar(
        select(Correction)
        .where(Correction.proposal_id == proposal.id, Correction.kind == "declined")
        .order_by(Correction.id.desc())
        .limit(1)
    )
    if row is None:
        return None
    until = row.at + UNDO_WITHIN
    open_ = now < until and proposal.id in free_places(session, proposal.call_id)
    return Declining(row.note, row.at, until if open_ else None)
