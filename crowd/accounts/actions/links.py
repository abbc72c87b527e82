"""Links sent to an address: to confirm it, to sign in, to choose a new password. Each works once and for a while."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from crowd.accounts.commands import Client, fold_address
from crowd.accounts.models import Account, LinkPurpose, MailedLink
from crowd.accounts.queries import get_account_by_address
from crowd.core.errors import DomainError
from crowd.mailing.actions import Recipient, send_letter
from crowd.mailing.models import Mail
from crowd.store import limits
from crowd.store.secrets import new_token, token_hash
from crowd.web.links import absolute_link

HOLDS = {
    LinkPurpose.VERIFY: timedelta(days=3),
    LinkPurpose.SIGN_IN: timedelta(hours=2),
    LinkPurpose.RESET: timedelta(hours=2),
    LinkPurpose.NOT_ME: timedelta(days=7),
    LinkPurpose.NEW_ADDRESS: timedelta(days=1),
    LinkPurpose.OLD_ADDRESS: timedelta(days=7),
}
MAILS_TO_ADDRESS = limits.Limit("mails-to-address", 6, timedelta(hours=1))
MAILS_FROM_NETWORK = limits.Limit("mails-from-network", 100, timedelta(hours=1))


def make_link(
    session: Session,
    account: Account,
    purpose: LinkPurpose,
    *,
    next_path: str = "/",
    email: str = "",
    now: datetime,
) -> str:
    """A new link's absolute address; its token is in no other place."""
    token = new_token()
    session.add(
        MailedLink(
            account_id=account.id,
            purpose=purpose,
            token_hash=token_hash(token),
            next_path=next_path,
            email=email,
            email_folded=fold_address(email),
            created_at=now,
            expires_at=now + HOLDS[purpose],
        )
    )
    return absolute_link(f"/link/{token}")


def recipient_of(account: Account) -> Recipient:
    """Who a letter goes to, with what its way out is signed by."""
    return Recipient(
        account.email,
        account.name,
        account.language,
        account.id,
        account.time_zone,
        account.public_id,
        account.unsubscribe_key,
    )


def mail_link(  # noqa: PLR0913 (what the link and its letter are about, all by name)
    session: Session,
    account: Account,
    purpose: LinkPurpose,
    *,
    now: datetime,
    next_path: str = "/",
    kind: str | None = None,
    email: str = "",
    more: Mapping[str, Any] = MappingProxyType({}),
) -> Mail:
    """Send a link by the letter of its purpose (or `kind`), to the account's address or to `email`; `more`: what else the letter says."""
    address = make_link(session, account, purpose, next_path=next_path, email=email, now=now)
    context = {"address": address, "until": now + HOLDS[purpose], **more}
    to = recipient_of(account)
    to = replace(to, email=email) if email else to
    return send_letter(session, kind or purpose.value, to, context, now=now, has_secret=True)


def count_mail(email: str, client: Client, now: datetime) -> None:
    """Count a mail that somebody asks for, in a transaction of its own, whether or not the address is known. Raises TooManyAttempts."""
    limits.take(
        limits.counted(client.secret_key, MAILS_TO_ADDRESS, fold_address(email)),
        limits.counted(client.secret_key, MAILS_FROM_NETWORK, client.network),
        now=now,
        code="too_many_mails",
    )


def ask_for_link(session: Session, email: str, purpose: LinkPurpose, *, next_path: str, now: datetime) -> None:
    """Mail a link if the address has an account that is not blocked. The caller's answer is the same either way."""
    account = get_account_by_address(session, email)
    if account is not None and account.blocked_at is None:
        mail_link(session, account, purpose, next_path=next_path, now=now)


def check_link(link: MailedLink, now: datetime) -> None:
    """Raises DomainError("link_used") or DomainError("link_expired")."""
    if link.used_at is not None:
        raise DomainError("link_used")
    if link.expires_at <= now:
        raise DomainError("link_expired")


def use_link(session: Session, link: MailedLink, *, now: datetime) -> None:
    """Use up a locked link, and with it all others of its purpose for the account. Raises as `check_link`."""
    check_link(link, now)
    session.execute(
        update(MailedLink)
        .where(
            MailedLink.account_id == link.account_id, MailedLink.purpose == link.purpose, MailedLink.used_at.is_(None)
        )
        .values(used_at=now)
    )
