"""Noting who has a proposal open. No permission of its own: only pages for the team call this."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from crowd.proposals.models import Presence
from crowd.proposals.queries import AWAY_AFTER


def note_presence(session: Session, proposal_id: int, account_id: int, *, opened: bool, now: datetime) -> None:
    """`opened`: the page was loaded just now; else something came from it. What has expired goes on the way."""
    session.execute(delete(Presence).where(Presence.seen_at < now - AWAY_AFTER))
    row = session.get(Presence, (proposal_id, account_id))
    if row is None:
        session.add(Presence(proposal_id=proposal_id, account_id=account_id, opened_at=now, seen_at=now))
        return
    row.seen_at = now
    if opened:
        row.opened_at = now
