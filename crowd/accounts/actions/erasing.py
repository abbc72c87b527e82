"""What is left of an account whose person wants to be forgotten: a number."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from crowd.accounts.commands import erased_address
from crowd.accounts.models import Acceptance, Account, BrowserSession, MailedLink
from crowd.store.secrets import new_key
from crowd.store.types import new_public_id


def forget_account(session: Session, account: Account, *, now: datetime) -> list[str]:
    """Empty a locked account for good: nobody enters it, and its address may be signed up with again.

    Returns the keys of its picture's files, to be deleted after the commit.
    """
    for model in (BrowserSession, MailedLink, Acceptance):
        session.execute(delete(model).where(model.account_id == account.id))
    left = [key for key in (account.picture_key, account.picture_small_key) if key]
    account.picture_key = account.picture_small_key = account.picture_type = None
    account.email, account.email_folded = "", erased_address(account.id)
    account.name, account.bio, account.links, account.orcid = "", "", [], ""
    account.language, account.time_zone = "en", "UTC"
    account.password_hash = account.seen_at = account.accepted_at = None
    account.is_admin = account.profile_public = False
    account.public_id, account.unsubscribe_key = new_public_id(), new_key()
    account.blocked_at = account.erased_at = now
    session.flush()
    return left
