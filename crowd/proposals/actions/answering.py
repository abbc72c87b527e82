"""Answers that came with a later stage, and files that are answers."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.actor import Actor
from crowd.core.answers import asked_later, changed_answers
from crowd.core.errors import InvalidInput, StaleVersion
from crowd.core.fields import answer_part
from crowd.core.permissions import Permission
from crowd.files.checking import CheckedFile
from crowd.proposals.actions.writing import add_version, check_frozen, record_edit, text_of
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Attachment, Proposal
from crowd.web.access import require


def answer_later(
    session: Session, proposal: Proposal, given: Mapping[str, Any], *, opened: int, actor: Actor, now: datetime
) -> bool:
    """Answer questions that came with a later stage, and nothing else; returns whether anything changed.

    Raises NotAllowed, StaleVersion, InvalidInput for a question that is not open.
    """
    facts = facts_of_proposal(session, proposal)
    require(actor, Permission.PROPOSAL_ANSWER, facts, now)
    check_frozen(facts.call, proposal, given, now)
    for key in given.keys() - {asked.key for asked in asked_later(facts, now)}:
        raise InvalidInput("answer_frozen", answer_part(key), label=key)
    stored = dict(text_of(session, proposal).answers)
    answers = changed_answers(stored, given)
    if answers == stored:
        return False
    if opened != proposal.version:
        raise StaleVersion(opened, proposal.version)
    proposal.answers, proposal.edited_at = answers, now
    add_version(session, proposal, actor=actor, now=now)
    record_edit(session, proposal, actor=actor, now=now)
    return True


def attach_answers(
    session: Session,
    proposal: Proposal,
    files: Mapping[str, tuple[CheckedFile, str]],
    *,
    permission: Permission,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Keep stored files (each with its storage key) as answers, by key of their question; the earlier ones are taken away."""
    require(actor, permission, facts_of_proposal(session, proposal), now)
    drop_answers(session, proposal, files.keys(), now=now)
    return insert_answers(session, proposal, files, actor=actor, now=now)


def insert_answers(
    session: Session, proposal: Proposal, files: Mapping[str, tuple[CheckedFile, str]], *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """The rows of files that are answers; who calls this has judged."""
    return {key: _attach(session, proposal, key, file, place, actor, now) for key, (file, place) in files.items()}


def _attach(
    session: Session, proposal: Proposal, key: str, file: CheckedFile, place: str, actor: Actor, now: datetime
) -> dict[str, Any]:
    row = Attachment(
        proposal_id=proposal.id,
        answers=key,
        filename=file.filename,
        media_type=file.media_type,
        size=len(file.data),
        sha256=hashlib.sha256(file.data).hexdigest(),
        storage_key=place,
        preview_key=file.preview_key,
        uploaded_by_id=actor.account_id,
        uploaded_at=now,
    )
    session.add(row)
    session.flush()
    return {"id": row.public_id, "name": row.filename, "size": row.size, "sha256": row.sha256}


def drop_answers(session: Session, proposal: Proposal, keys: Any, *, now: datetime) -> None:
    """Files that answered these questions leave the page, not the older versions that name them."""
    found = select(Attachment).where(
        Attachment.proposal_id == proposal.id, Attachment.answers.in_(list(keys)), Attachment.removed_at.is_(None)
    )
    for row in session.scalars(found):
        row.removed_at = now
