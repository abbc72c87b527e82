"""Readers of events."""

from sqlalchemy.orm import Session

from crowd.amendments.actions import ask_newcomer
from crowd.amendments.queries import proposed_in
from crowd.store.models import Event


def ask_newcomers(session: Session, event: Event) -> None:
    """Whoever hands in while an amendment waits entered under the rules in force, and is asked like the others."""
    amendment = proposed_in(session, event.call_id or 0)
    if amendment is not None:
        ask_newcomer(session, amendment, event)
