"""Erasing: what names a person goes, what counts stays as a contributor's. Each area knows what that means for what it keeps."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.actions import forget_account, recipient_of
from crowd.accounts.models import Account
from crowd.awards import actions as awards
from crowd.calls import actions as calls
from crowd.conversation.actions import erasing as conversation
from crowd.core.errors import DomainError, Gone, InvalidInput
from crowd.core.events import EventKind
from crowd.desk import actions as desk
from crowd.mailing import actions as mailing
from crowd.mailing.actions import FAREWELL, Recipient, send_letter
from crowd.messages import actions as messages
from crowd.notifications import actions as notifications
from crowd.organizations import actions as organizations
from crowd.organizations.gates import actor_of
from crowd.privacy.commands import Asked, Blocker
from crowd.privacy.models import Erasure
from crowd.privacy.queries.erasing import get_erasure, what_blocks
from crowd.proposals import actions as proposals
from crowd.reviews.actions import erasing as reviews
from crowd.selection.actions import holding as selection
from crowd.store.events import record
from crowd.voting import actions as voting

Clock = Callable[[], datetime]


def erase_account(session: Session, account_id: int, asked: Asked, *, clock: Clock) -> list[str]:
    """Erase within one transaction, locked against everything the person might do at the same time (`accounts.gates.still_here`).

    Returns the keys of files to be deleted after the commit. Raises Gone where it was done already, DomainError("erasure_blocked")
    where somebody has to take over first, InvalidInput("reason_names") for a reason that names the person.
    """
    account = _locked(session, account_id)
    now = clock()
    if not asked.all_the_same and what_blocks(session, account):
        raise DomainError("erasure_blocked")
    _check_reason(asked.reason, account)
    to = recipient_of(account)
    files = _erase_everywhere(session, account, asked, clock)
    _note(session, account_id, asked, now)
    farewell = Recipient(to.email, to.name, to.language, None, to.time_zone)
    send_letter(session, FAREWELL, farewell, {"at": now}, now=now, has_secret=True)
    return files


def _locked(session: Session, account_id: int) -> Account:
    """Not as hard as `store.db.lock`: others may name this account meanwhile, and would else wait for each other."""
    query = select(Account).where(Account.id == account_id).execution_options(populate_existing=True)
    account = session.scalar(query.with_for_update(key_share=True))
    if account is None or account.erased_at is not None:
        raise Gone
    return account


def _check_reason(reason: str, account: Account) -> None:
    said = reason.casefold()
    if account.email_folded in said or account.name.strip().casefold() in said:
        raise InvalidInput("reason_names", "reason")


def _erase_everywhere(session: Session, account: Account, asked: Asked, clock: Clock) -> list[str]:
    """From what depends most to what depends least: votes and proposals are left as their person leaves them."""
    actor, id_, now = actor_of(session, account.id), account.id, clock()
    voting.erase_person(session, account, actor=actor, clock=clock)
    files = proposals.erase_person(session, account, actor=actor, now=now)
    reviews.erase_person(session, account, now=now)
    selection.erase_person(session, id_, now=now)
    awards.erase_person(session, id_)
    conversation.erase_person(session, id_, withdraw=asked.withdraw_comments, now=now)
    desk.erase_person(session, id_)
    messages.erase_person(session, id_)
    notifications.erase_person(session, id_)
    calls.erase_person(session, account, now=now)
    organizations.erase_person(session, account, now=now)
    mailing.erase_person(session, id_, account.email, account.name)
    return [*files, *forget_account(session, account, now=now)]


def _note(session: Session, account_id: int, asked: Asked, now: datetime) -> None:
    erasure = get_erasure(session, account_id)
    if erasure is None:
        erasure = Erasure(account_id=account_id, asked_at=now)
        session.add(erasure)
    erasure.token_hash, erasure.done_at = None, now
    erasure.confirmed_at, erasure.due_at = erasure.confirmed_at or now, erasure.due_at or now
    erasure.by_id, erasure.reason = asked.by_id, asked.reason
    record(
        session,
        EventKind.ACCOUNT_ERASED,
        now=now,
        actor_id=asked.by_id,
        subject_id=account_id,
        reason=asked.reason or None,
    )


def tell_of_obstacles(
    session: Session, account: Account, erasure: Erasure, blockers: Sequence[Blocker], *, now: datetime
) -> None:
    """Once: it is due, but somebody has to take over first."""
    if erasure.told_at is None:
        erasure.told_at = now
        words = {"organizations": [one.name for one in blockers if one.name]}
        send_letter(session, "erasure_blocked", recipient_of(account), words, now=now)
