"""A rehearsal goes without a trace: rows, events, notices, mails, search; the keys of its files are returned."""

from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.actions.cover import cover_keys
from crowd.calls.gates import facts_of_call
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.mailing.models import Mail
from crowd.notifications.models import Notification
from crowd.proposals.models import Attachment, Proposal
from crowd.rounds.models import CallRound
from crowd.store.models import Delivery, Event, SearchDocument
from crowd.voting.models import Tally
from crowd.web.access import require

BALLOTS = (EventKind.BALLOT_CAST, EventKind.BALLOT_CHANGED, EventKind.BALLOT_WITHDRAWN)


def remove_rehearsal(session: Session, call: Call, *, actor: Actor, now: datetime) -> list[str]:
    """Remove all of it in one act; `call` is locked. Returns storage keys, to be deleted after the commit."""
    require(actor, Permission.REHEARSAL_RUN, facts_of_call(session, call.id), now)
    proposals = select(Proposal.id).where(Proposal.call_id == call.id)
    people = select(Account.id).where(Account.rehearsal_id == call.id)
    keys = _files_of(session, call)
    rounds = select(CallRound.id).where(CallRound.call_id == call.id)
    ballots = Event.kind.in_(BALLOTS) & Event.subject_id.in_(
        rounds
    )  # which name neither call nor, cast by a code, anybody
    events = select(Event.id).where(
        or_(Event.call_id == call.id, Event.proposal_id.in_(proposals), Event.actor_id.in_(people), ballots)
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


def _files_of(session: Session, call: Call) -> list[str]:
    """What hangs on proposals with their previews, the bundles of counts, the picture of the call."""
    attached = select(Attachment.storage_key, Attachment.preview_key).join(Proposal).where(Proposal.call_id == call.id)
    bundles = select(Tally.bundle).join(CallRound).where(CallRound.call_id == call.id)
    pairs = session.execute(attached).all()
    return [
        key for key in (*(key for pair in pairs for key in pair), *session.scalars(bundles), *cover_keys(call)) if key
    ]
