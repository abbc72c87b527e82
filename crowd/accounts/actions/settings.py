"""What people change about themselves, and administrators about people."""

from datetime import datetime

from sqlalchemy.orm import Session

from crowd.accounts.actions.links import recipient_of
from crowd.accounts.actions.sessions import end_sessions
from crowd.accounts.commands import EditAccount, Picture
from crowd.accounts.models import Account
from crowd.core.actor import Actor
from crowd.core.errors import DomainError
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.mailing.actions import send_letter
from crowd.store.events import record
from crowd.web.access import require


def edit_account(account: Account, command: EditAccount) -> None:
    """`account` is one's own and locked."""
    account.name, account.bio, account.links = command.name, command.bio, list(command.links)
    account.language, account.time_zone = command.language, command.time_zone
    account.profile_public, account.orcid = command.profile_public, command.orcid


def set_picture(account: Account, picture: Picture | None) -> list[str]:
    """Give a locked account a picture, or none. Returns the keys of the files that nothing refers to any more."""
    left = [key for key in (account.picture_key, account.picture_small_key) if key]
    account.picture_key = picture.key if picture else None
    account.picture_small_key = picture.small_key if picture else None
    account.picture_type = picture.media_type if picture else None
    return left


def change_password(session: Session, account: Account, password_hash: str, *, now: datetime) -> None:
    """Set a password, made before the transaction; ends all sessions and tells the owner."""
    account.password_hash = password_hash
    end_sessions(session, account.id, now=now)
    record(session, EventKind.ACCOUNT_PASSWORD_CHANGED, now=now, actor_id=account.id, subject_id=account.id)
    send_letter(session, "password_changed", recipient_of(account), {"at": now}, now=now)


def block_account(session: Session, account: Account, *, reason: str, actor: Actor, now: datetime) -> None:
    """Shut an account out: its sessions end and no link lets it in."""
    require(actor, Permission.SITE_ADMIN, None, now)
    if account.id == actor.account_id:
        raise DomainError("not_oneself")
    if account.blocked_at is None:
        account.blocked_at = now
        end_sessions(session, account.id, now=now)
        record(
            session, EventKind.ACCOUNT_BLOCKED, now=now, actor_id=actor.account_id, subject_id=account.id, reason=reason
        )


def unblock_account(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    require(actor, Permission.SITE_ADMIN, None, now)
    if account.blocked_at is not None:
        account.blocked_at = None
        record(session, EventKind.ACCOUNT_UNBLOCKED, now=now, actor_id=actor.account_id, subject_id=account.id)
