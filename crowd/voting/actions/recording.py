"""What managers do with a round, on the record: how many are concerned, never who."""

from datetime import datetime

from sqlalchemy.orm import Session

from crowd.core.actor import Actor
from crowd.core.events import EventKind
from crowd.core.subjects import RoundFacts
from crowd.store.events import record


def record_act(
    session: Session,
    kind: EventKind,
    facts: RoundFacts,
    actor: Actor,
    now: datetime,
    *,
    number: int,
    reason: str | None = None,
) -> None:
    record(
        session,
        kind,
        now=now,
        actor_id=actor.account_id,
        organization_id=facts.call.organization.id,
        call_id=facts.call.id,
        subject_id=facts.id,
        reason=reason,
        number=number,
    )
