"""The versions of a published result: as it was published, and after each change of an outcome or a reason."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from crowd.calls.models import Call
from crowd.core.selection.corrected import PublicChange, correction_texts
from crowd.proposals.models import Proposal
from crowd.selection.models import Correction, PublishedResult


def correction_files(session: Session, call: Call, record_sha256: str) -> list[str]:
    """The file of each version after the first, oldest first."""
    return correction_texts(call.public_id, record_sha256, _changes(session, call.id))


def versions_of(session: Session, call_id: int) -> Sequence[Correction]:
    """The changes that made a version, oldest first."""
    return session.scalars(
        select(Correction).where(Correction.call_id == call_id, Correction.version.is_not(None)).order_by(Correction.id)
    ).all()


def record_sha256(session: Session, call_id: int) -> str | None:
    return session.scalar(select(PublishedResult.sha256).where(PublishedResult.call_id == call_id))


def _changes(session: Session, call_id: int) -> list[PublicChange]:
    replaced = aliased(Proposal)
    rows = session.execute(
        select(Correction, Proposal.public_id, replaced.public_id)
        .join(Proposal, Proposal.id == Correction.proposal_id)
        .outerjoin(replaced, replaced.id == Correction.in_place_of_id)
        .where(Correction.call_id == call_id, Correction.kind != "credit")
        .order_by(Correction.id)
    )
    return [
        PublicChange(key, row.kind, _told(row.before), _told(row.after), row.note, other, row.at)
        for row, key, other in rows
    ]


def _told(data: object) -> dict[str, str]:
    found = data if isinstance(data, dict) else {}
    return {"outcome": str(found.get("outcome", "")), "reason": str(found.get("reason", ""))}
