"""Signing up and proving who one is.

A password counts for an address only after the address was proven by the browser that chose the password, or by somebody who
knows it. Else a stranger who signed up with another's address would be let in when its owner confirms it.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from crowd.accounts.actions.legal import accept_texts
from crowd.accounts.actions.links import mail_link, use_link
from crowd.accounts.actions.sessions import end_sessions
from crowd.accounts.commands import Client, SignUp, fold_address
from crowd.accounts.models import Account, LinkPurpose, MailedLink
from crowd.accounts.queries import address_taken, get_account_by_address
from crowd.core.errors import InvalidInput
from crowd.core.events import EventKind
from crowd.mailing.actions import Recipient, send_letter
from crowd.store import limits
from crowd.store.events import record
from crowd.store.secrets import new_key, verify_password

WRONG_BY_ONE = limits.Limit("password-one", 8, timedelta(minutes=15))
"""One network at one account."""
WRONG_BY_ALL = limits.Limit("password-account", 60, timedelta(hours=1))
"""All networks at one account: many machines guess together. Its owner comes in by a mailed link."""
WRONG_FROM_NETWORK = limits.Limit("password-network", 150, timedelta(minutes=15))
"""One network at all accounts. Only wrong passwords count, so a room full of people may sign in."""


def prove_password(session: Session, email: str, password: str, *, client: Client, now: datetime) -> Account:
    """The account whose address and password these are. Counts wrong ones; never call it within a transaction.

    Raises TooManyAttempts("too_many_sign_ins"), InvalidInput("wrong_password").
    """
    folded = fold_address(email)
    held = limits.hold(
        limits.counted(client.secret_key, WRONG_BY_ONE, folded, client.network),
        limits.counted(client.secret_key, WRONG_BY_ALL, folded),
        limits.counted(client.secret_key, WRONG_FROM_NETWORK, client.network),
        now=now,
        code="too_many_sign_ins",
    )
    account = get_account_by_address(session, email)
    known = account.password_hash if account is not None and account.blocked_at is None else None
    if not verify_password(known, password) or account is None:
        raise InvalidInput("wrong_password")
    limits.release(held)
    return account


def note_entry(account: Account, now: datetime) -> None:
    """`account` is locked."""
    account.seen_at = now


def make_account(session: Session, command: SignUp, *, now: datetime, verified: bool = False) -> Account:
    """A new account. The address must be free (a unique row decides)."""
    account = Account(
        email=command.email.strip(),
        email_folded=command.email_folded,
        name=command.name,
        password_hash=command.password_hash,
        language=command.language,
        time_zone=command.time_zone,
        links=[],
        unsubscribe_key=new_key(),
        created_at=now,
        verified_at=now if verified else None,
    )
    session.add(account)
    session.flush()
    record(session, EventKind.ACCOUNT_SIGNED_UP, now=now, actor_id=account.id, subject_id=account.id)
    return account


def sign_up(session: Session, command: SignUp, *, now: datetime) -> None:
    """Make the account and mail its first link. A known address gets a mail that says so: the caller cannot tell."""
    known = get_account_by_address(session, command.email)
    if known is not None:
        if known.blocked_at is None:
            mail_link(session, known, LinkPurpose.SIGN_IN, next_path=command.next_path, now=now, kind="account_exists")
        return
    if address_taken(session, command.email, now):  # its owner may still take it back
        send_letter(session, "address_taken", Recipient(command.email.strip(), "", command.language), {}, now=now)
        return
    account = make_account(session, command, now=now)
    accept_texts(session, account, now=now)
    mail_link(session, account, LinkPurpose.VERIFY, next_path=command.next_path, now=now)


def verify_account(session: Session, account: Account, *, now: datetime, actor_id: int | None = None) -> None:
    """The address is proven (by its link, by an invitation sent to it, by an administrator). `account` is locked."""
    if account.verified_at is None:
        account.verified_at = now
        record(session, EventKind.ACCOUNT_VERIFIED, now=now, actor_id=actor_id or account.id, subject_id=account.id)


def enter_by_link(session: Session, account: Account, link: MailedLink, *, own_password: bool, now: datetime) -> None:
    """Use a link to sign in or to confirm. Both rows are locked. Raises as `use_link`.

    `own_password`: whoever comes chose the account's password or knows it. Else an unproven account loses it, and with it
    every session of whoever chose it.
    """
    use_link(session, link, now=now)
    if account.verified_at is None and not own_password:
        account.password_hash = None
        end_sessions(session, account.id, now=now)
    verify_account(session, account, now=now)
    note_entry(account, now)
