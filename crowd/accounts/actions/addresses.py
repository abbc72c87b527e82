"""Another e-mail address: proven by a link to the new one, told to the old one with a way back, never telling who has which."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from crowd.accounts.actions.entering import verify_account
from crowd.accounts.actions.links import mail_link, make_link, recipient_of, use_link
from crowd.accounts.actions.sessions import end_sessions
from crowd.accounts.commands import fold_address
from crowd.accounts.models import Account, LinkPurpose, MailedLink
from crowd.accounts.queries import address_taken
from crowd.core.errors import DomainError, InvalidInput
from crowd.core.events import EventKind
from crowd.mailing.actions import send_letter
from crowd.store.events import record


def ask_for_address(session: Session, account: Account, email: str, *, now: datetime) -> None:
    """Mail a link to the address that a locked account shall have; its owner is told when it is taken, the caller cannot tell.

    Raises InvalidInput("same_address").
    """
    email = email.strip()
    if fold_address(email) == account.email_folded:
        raise InvalidInput("same_address", "email")
    if address_taken(session, email, now):
        to = replace(recipient_of(account), email=email, name="", account_id=None, public_id="")
        send_letter(session, "address_taken", to, {}, now=now)
    else:
        mail_link(session, account, LinkPurpose.NEW_ADDRESS, now=now, email=email)


def confirm_address(session: Session, account: Account, link: MailedLink, *, now: datetime) -> None:
    """Give a locked account the address that a locked link proves; the old one gets a way back.

    Raises as `use_link`, DomainError("address_gone") when the address was taken meanwhile.
    """
    use_link(session, link, now=now)
    if address_taken(session, link.email, now):
        raise DomainError("address_gone")
    old = account.email
    _use_up(session, account, now)
    account.email, account.email_folded = link.email, link.email_folded
    session.flush()
    record(session, EventKind.ACCOUNT_ADDRESS_CHANGED, now=now, actor_id=account.id, subject_id=account.id)
    verify_account(session, account, now=now)
    mail_link(session, account, LinkPurpose.OLD_ADDRESS, now=now, email=old, more={"new": link.email, "at": now})


def restore_address(session: Session, account: Account, link: MailedLink, *, now: datetime) -> str:
    """Take an address change back, as `secure`. Raises as `use_link`."""
    use_link(session, link, now=now)
    account.email, account.email_folded = link.email, link.email_folded
    session.flush()
    record(session, EventKind.ACCOUNT_ADDRESS_RESTORED, now=now, actor_id=account.id, subject_id=account.id)
    return _shut(session, account, now)


def secure(session: Session, account: Account, link: MailedLink, *, now: datetime) -> str:
    """Somebody else got in: end all sessions, take the password away. Returns the address of a page to choose a new one.

    Both rows are locked. Raises as `use_link`.
    """
    use_link(session, link, now=now)
    record(session, EventKind.ACCOUNT_SECURED, now=now, actor_id=account.id, subject_id=account.id)
    return _shut(session, account, now)


def _shut(session: Session, account: Account, now: datetime) -> str:
    end_sessions(session, account.id, now=now)
    account.password_hash = None
    _use_up(session, account, now)
    return make_link(session, account, LinkPurpose.RESET, now=now)


def _use_up(session: Session, account: Account, now: datetime) -> None:
    """Links on their way to an address that no longer counts open nothing; the ways back stay."""
    session.execute(
        update(MailedLink)
        .where(
            MailedLink.account_id == account.id,
            MailedLink.purpose != LinkPurpose.OLD_ADDRESS,
            MailedLink.used_at.is_(None),
        )
        .values(used_at=now)
    )
