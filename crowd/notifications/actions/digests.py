"""Digests: what a person wanted to be told of together, in one mail."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from crowd.accounts.actions import recipient_of
from crowd.accounts.models import Account
from crowd.core.notices import DIGEST
from crowd.mailing.actions import send_letter
from crowd.notifications.models import Notification
from crowd.notifications.queries import list_due
from crowd.organizations.gates import actor_of

Sentence = Callable[[str, dict[str, Any]], str]


def write_digest(session: Session, account: Account, sentence: Sentence, *, now: datetime) -> bool:
    """Mail a locked account what waits for it, each notice once ever. Returns whether there was anything left to tell.

    `sentence` says a notice in the language that holds when it is called.
    """
    may_be_told = account.blocked_at is None and account.verified_at is not None
    notices = list_due(session, actor_of(session, account.id), now) if may_be_told else []
    if notices:
        mail = send_letter(
            session,
            DIGEST,
            recipient_of(account),
            {"parts": _by_call(notices), "count": len(notices), "sentence": sentence},
            now=now,
            once_key=f"{DIGEST}:{account.id}:{notices[-1].id}",
        )
        for notice in notices:
            notice.mail_id = mail.id
    told = update(Notification).where(Notification.account_id == account.id, Notification.digest_at <= now)
    session.execute(told.values(digest_at=None))
    return bool(notices)


def _by_call(notices: Sequence[Notification]) -> list[tuple[str, list[Notification]]]:
    """Notices under the titles of their calls, in the order in which each call comes first."""
    found: dict[int | None, list[Notification]] = {}
    for notice in notices:
        found.setdefault(notice.call_id, []).append(notice)
    return [(_title(some[-1]), some) for some in found.values()]


def _title(notice: Notification) -> str:
    return str(notice.data.get("call", "")) if isinstance(notice.data, dict) else ""
