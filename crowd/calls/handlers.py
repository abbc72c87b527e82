"""Readers of events."""

from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls import actions
from crowd.store.models import Event


def adopt_guest(session: Session, event: Event) -> None:
    """A verified address gets what waits for it: an invitation to a call, a permit to hand in late."""
    account = session.get(Account, event.subject_id or event.actor_id) if event.subject_id or event.actor_id else None
    if account is not None and account.verified_at is not None:
        actions.adopt_guest(session, account, now=event.at)
