"""Sending messages at their rate."""

from sqlalchemy import select

from crowd.core.reach import MessageStatus
from crowd.messages.actions import send_some
from crowd.messages.models import Message
from crowd.store.db import db, transaction, utc_now


def send_messages() -> None:
    """Each minute a minute's worth of every message that is being sent."""
    sending = db.session.scalars(select(Message).where(Message.status == MessageStatus.SENDING).order_by(Message.id))
    for message in sending.all():
        with transaction(message) as session:
            if message.status is MessageStatus.SENDING:
                send_some(session, message, utc_now())
