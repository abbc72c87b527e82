"""Writing mails into the outbox, and what an administrator may do with one there."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from markupsafe import escape
from sqlalchemy import Boolean, ColumnElement, Select, and_, column, delete, or_, select, table
from sqlalchemy.orm import Session

from crowd.core.errors import IllegalMove
from crowd.core.status import MailStatus
from crowd.mailing.gates import way_out
from crowd.mailing.letters import Letter, Recipient, write_letter
from crowd.mailing.models import Mail
from crowd.store.models import Event
from crowd.store.types import new_public_id
from crowd.web.names import nobody_in

__all__ = ["Recipient", "cancel_mail", "erase_person", "forget_farewells", "resend_mail", "send_letter"]

LOOSE = ("organization_requested", "team_invitation")
"""Letters that name who wrote them and belong to no call, organization or event."""

FAREWELL = "account_erased"
"""The last letter to somebody whose account is gone."""

WAITING = frozenset({MailStatus.QUEUED, MailStatus.FAILED})


def send_letter(  # noqa: PLR0913 (what a mail belongs to, all by name)
    session: Session,
    kind: str,
    to: Recipient,
    context: Mapping[str, Any],
    *,
    now: datetime,
    has_secret: bool = False,
    once_key: str | None = None,
    event_id: int | None = None,
    organization_id: int | None = None,
    call_id: int | None = None,
    due_at: datetime | None = None,
    thread: str = "",
) -> Mail:
    """Put a letter into the outbox; it leaves after the commit. With a `once_key` that was used before, the first mail is returned.

    `thread`: what mail programs show together, such as `proposal-<public id>`.
    """
    earlier = session.scalar(select(Mail).where(Mail.once_key == once_key)) if once_key else None
    if earlier is not None:
        return earlier
    public_id, out = new_public_id(), way_out(kind, to)
    page = f"/mails/{public_id}" if to.account_id and not has_secret else ""
    letter = write_letter(kind, to, context, way_out=out, page=page)
    mail = _mail_of(letter, to, public_id=public_id, kind=kind, way_out=out, has_secret=has_secret, thread=thread)
    mail.organization_id, mail.call_id, mail.event_id = organization_id, call_id, event_id
    mail.once_key, mail.created_at, mail.due_at = once_key, now, due_at or now
    if call_id is not None and session.scalar(_is_rehearsal(call_id)):
        mail.status = MailStatus.CANCELLED
    session.add(mail)
    session.flush()
    session.info["wrote_event"] = True  # the runner is poked, as after an event
    return mail


def _mail_of(letter: Letter, to: Recipient, **columns: Any) -> Mail:
    return Mail(
        to_email=to.email,
        to_name=to.name,
        account_id=to.account_id,
        language=to.language,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        **columns,
    )


def _is_rehearsal(call_id: int) -> Select[bool]:
    """A rehearsal sends no mail. By the table's name, because calls are an area above this one."""
    calls = table("calls", column("id"), column("is_rehearsal", Boolean()))
    return select(calls.c.is_rehearsal).where(calls.c.id == call_id)


def resend_mail(session: Session, mail: Mail, *, now: datetime) -> None:
    """Queue a mail again. Raises IllegalMove when its text was wiped because it held a link that opens a door."""
    if not mail.text:
        raise IllegalMove("resend", mail.status)
    mail.status, mail.attempts, mail.error = MailStatus.QUEUED, 0, ""
    mail.due_at, mail.claimed_at, mail.sent_at = now, None, None
    session.info["wrote_event"] = True


def cancel_mail(session: Session, mail: Mail) -> None:
    """Stop a mail that has not left. Raises IllegalMove when it has."""
    if mail.status not in WAITING:
        raise IllegalMove("cancel", mail.status)
    mail.status = MailStatus.CANCELLED


def erase_person(session: Session, account_id: int, email: str, name: str) -> None:
    """Mails to this person go; those to others that came of what the person did name a contributor instead."""
    session.execute(delete(Mail).where(or_(Mail.account_id == account_id, Mail.to_email == email)))
    words = [word for word in (email, name.strip()) if len(word) > 1]
    naming = or_(*(column_.contains(word, autoescape=True) for word in words for column_ in (Mail.subject, Mail.text)))
    for mail in session.scalars(select(Mail).where(_came_of(account_id), naming)):
        nobody = nobody_in(mail.language)
        for word in words:
            mail.subject, mail.text = _without(mail.subject, word, nobody), _without(mail.text, word, nobody)
            mail.html = _without(mail.html, str(escape(word)), str(escape(nobody)))
    session.flush()


def _came_of(account_id: int) -> ColumnElement[bool]:
    """Told of by an event of the person's, or written by hand where the person acted: other people may be called alike."""
    acts = select(Event.id).where(Event.actor_id == account_id)
    own = select(Event).where(Event.actor_id == account_id)
    calls, organizations = (
        own.with_only_columns(where).where(where.is_not(None)) for where in (Event.call_id, Event.organization_id)
    )
    direct = or_(Mail.call_id.in_(calls), Mail.organization_id.in_(organizations), Mail.kind.in_(LOOSE))
    return or_(Mail.event_id.in_(acts), and_(Mail.event_id.is_(None), direct))


def _without(text: str, word: str, nobody: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", lambda _match: nobody, text)


def forget_farewells(session: Session, before: datetime) -> None:
    """The address a farewell went to is forgotten once it left, or when it was to leave `before` and could not."""
    over = or_(Mail.status.in_([MailStatus.SENT, MailStatus.CANCELLED, MailStatus.FAILED]), Mail.created_at < before)
    session.execute(delete(Mail).where(Mail.kind == FAREWELL, over))
