"""What site administrators do to the machinery."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from crowd.store.models import Delivery, Event


def retry_delivery(session: Session, delivery: Delivery) -> None:
    """Give a reader its event once more. `delivery` is locked; one that is done stays so."""
    if delivery.done_at is not None:
        return
    delivery.attempts, delivery.error = 0, None
    session.execute(update(Event).where(Event.id == delivery.event_id).values(delivered_at=None))
    session.info["wrote_event"] = True
