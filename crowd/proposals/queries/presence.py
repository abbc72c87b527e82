"""Who else has a proposal open."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.proposals.models import Presence

AWAY_AFTER = timedelta(minutes=15)
"""Who opened a page and was not heard of for so long has left it, as far as anybody can tell."""


@dataclass(frozen=True)
class Present:
    name: str
    opened_at: datetime


def others_present(session: Session, proposal_id: int, account_id: int | None, now: datetime) -> list[Present]:
    """Who else has the proposal open for writing, the first to come first."""
    rows = session.execute(
        select(Account.name, Presence.opened_at)
        .join(Presence, Presence.account_id == Account.id)
        .where(
            Presence.proposal_id == proposal_id,
            Presence.account_id != account_id,
            Presence.seen_at > now - AWAY_AFTER,
        )
        .order_by(Presence.opened_at, Account.id)
    )
    return [Present(*row) for row in rows]
