"""Texts without names, stored by the organization for reviewers who may not know the authors."""

from datetime import datetime

from sqlalchemy.orm import Session

from crowd.core.events import EventKind
from crowd.proposals.models import Proposal, Redaction
from crowd.proposals.queries import last_version_number, redaction_of
from crowd.store.events import record


def store_redaction(
    session: Session, proposal: Proposal, text: tuple[str, str], *, files_kept_back: bool, by: int | None, now: datetime
) -> Redaction:
    """`text`: summary and body. The version of the authors stays as it is; `proposal` must be locked."""
    row = redaction_of(session, proposal.id) or Redaction(proposal_id=proposal.id)
    row.summary, row.body = text
    row.files_kept_back, row.by_id, row.at = files_kept_back, by, now
    row.version_number = last_version_number(session, proposal.id)
    session.add(row)
    session.flush()
    _record(session, proposal, "stored", by, now)
    return row


def drop_redaction(session: Session, proposal: Proposal, *, by: int | None, now: datetime) -> None:
    """Reviewers read what the authors wrote again."""
    row = redaction_of(session, proposal.id)
    if row is not None:
        session.delete(row)
        _record(session, proposal, "dropped", by, now)


def _record(session: Session, proposal: Proposal, target: str, by: int | None, now: datetime) -> None:
    record(
        session,
        EventKind.PROPOSAL_REDACTED,
        now=now,
        actor_id=by,
        call_id=proposal.call_id,
        proposal_id=proposal.id,
        target=target,
    )
