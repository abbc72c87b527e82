"""A rehearsal goes without a trace: rows, events, notices, mails, search; the keys of its files are returned."""

from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.gates import facts_of_call
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.permissions import Permission
from crowd.mailing.models import Mail
from crowd.notifications.models import Notification
from crowd.proposals.models import Attachment, Proposal
from crowd.store.models import Delivery, Event, SearchDocument
from crowd.web.access import require


def remove_rehearsal(session: Session, call: Call, *, actor: Actor, now: datetime) -> list[str]:
    """Remove all of it in one act; `call` is locked. Returns storage keys, to be deleted after the commit."""
    require(actor, Permission.REHEARSAL_RUN, facts_of_call(session, call.id), now)
    proposals = select(Proposal.id).where(Proposal.call_id == call.id)
    people = select(Account.id).where(Account.rehearsal_id == call.id)
    keys = list(session.scalars(select(Attachment.storage_key).where(Attachment.proposal_id.in_(proposals))))
    events = select(Event.id).where(
        or_(Event.call_id == call.id, Event.proposal_id.in_(proposals), Event.actor_id.in_(people))
    )
    for statement in (
        delete(Notification).where(or_(Notification.event_id.in_(events), Notification.account_id.in_(people))),
        delete(Mail).where(or_(Mail.call_id == call.id, Mail.event_id.in_(events), Mail.account_id.in_(people))),
        delete(SearchDocument).where(SearchDocument.noun == "proposal", SearchDocument.noun_id.in_(proposals)),
        delete(SearchDocument).where(SearchDocument.noun == "call", SearchDocument.noun_id == call.id),
        delete(Delivery).where(Delivery.event_id.in_(events)),
        delete(Event).where(Event.id.in_(events)),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})
    ids = list(session.scalars(people))
    session.execute(delete(Call).where(Call.id == call.id), execution_options={"synchronize_session": False})
    session.execute(delete(Account).where(Account.id.in_(ids)), execution_options={"synchronize_session": False})
    return keys
