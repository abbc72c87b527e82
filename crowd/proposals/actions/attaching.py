"""Files of a proposal. Taken away they leave the page, not the older versions that name them."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.calls.gates import rules_of
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.errors import InvalidInput
from crowd.core.permissions import Permission
from crowd.files.checking import CheckedFile
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Attachment, Proposal
from crowd.web.access import require


def attach_files(
    session: Session,
    proposal: Proposal,
    files: Sequence[tuple[CheckedFile, str]],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Add stored files (each with its storage key) to the locked proposal; saving the text afterwards keeps the version."""
    require(actor, Permission.PROPOSAL_EDIT, facts_of_proposal(session, proposal), now)
    insert_files(session, proposal, files, actor=actor, now=now)


def insert_files(
    session: Session, proposal: Proposal, files: Sequence[tuple[CheckedFile, str]], *, actor: Actor, now: datetime
) -> None:
    """The rows of stored files; who calls this has judged. Raises InvalidInput where there are too many."""
    _check_count(session, proposal, len(files))
    session.add_all(
        Attachment(
            proposal_id=proposal.id,
            filename=file.filename,
            media_type=file.media_type,
            size=len(file.data),
            sha256=hashlib.sha256(file.data).hexdigest(),
            storage_key=key,
            preview_key=file.preview_key,
            uploaded_by_id=actor.account_id,
            uploaded_at=now,
        )
        for file, key in files
    )
    session.flush()


def _check_count(session: Session, proposal: Proposal, more: int) -> None:
    most = rules_of(session.get_one(Call, proposal.call_id)).max_attachments
    standing = select(func.count()).where(
        Attachment.proposal_id == proposal.id, Attachment.removed_at.is_(None), Attachment.answers.is_(None)
    )
    if (session.scalar(standing) or 0) + more > most:
        raise InvalidInput("too_many_files", "files", most=most)


def remove_file(session: Session, proposal: Proposal, public_id: str, *, actor: Actor, now: datetime) -> bool:
    """Take a file away; returns whether it was there."""
    require(actor, Permission.PROPOSAL_EDIT, facts_of_proposal(session, proposal), now)
    file = _file(session, proposal, public_id)
    if file is None or file.removed_at is not None:
        return False
    file.removed_at = now
    session.flush()
    return True


def restore_file(session: Session, proposal: Proposal, public_id: str, *, actor: Actor, now: datetime) -> bool:
    """Undo taking a file away, if there is still room for it."""
    require(actor, Permission.PROPOSAL_EDIT, facts_of_proposal(session, proposal), now)
    file = _file(session, proposal, public_id)
    if file is None or file.removed_at is None or file.answers is not None:
        return False
    _check_count(session, proposal, 1)
    file.removed_at = None
    session.flush()
    return True


def _file(session: Session, proposal: Proposal, public_id: str) -> Attachment | None:
    return session.scalar(
        select(Attachment).where(Attachment.proposal_id == proposal.id, Attachment.public_id == public_id)
    )
