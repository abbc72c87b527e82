"""Readers of events."""

from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.proposals.actions import adopt_invitations
from crowd.store.models import Event


def adopt_waiting_invitations(session: Session, event: Event) -> None:
    """A verified address has a stake in the proposals whose teams wait for it."""
    account = session.get(Account, event.subject_id or event.actor_id) if event.subject_id or event.actor_id else None
    if account is not None and account.verified_at is not None:
        adopt_invitations(session, account)
