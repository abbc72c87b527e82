"""A few signed words about somebody's part: by the organization, or by those credited beside them."""

from datetime import datetime

from sqlalchemy.orm import Session

from crowd.core.actor import MANAGERS, Actor
from crowd.core.errors import InvalidInput
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.subjects import CallFacts
from crowd.selection.commands import Endorse
from crowd.selection.gates import facts_of_credit, facts_of_endorsement
from crowd.selection.models import Credit, Endorsement
from crowd.selection.queries.endorsements import my_endorsement
from crowd.store.events import record_in
from crowd.web.access import require


def endorse(session: Session, credit: Credit, command: Endorse, *, actor: Actor, now: datetime) -> Endorsement:
    """Say something of a locked credit, or say it anew. What the endorsed person took away is not put back by somebody else."""
    facts = facts_of_credit(session, credit)
    require(actor, Permission.CREDIT_ENDORSE, facts, now)
    row = my_endorsement(session, credit.id, actor.account_id)
    if row is not None and row.removed_at is not None:
        raise InvalidInput("endorsement_removed", "text")
    if row is None:
        row = Endorsement(credit_id=credit.id, author_id=actor.account_id)
        session.add(row)
    speaks = actor.roles.get(facts.call.organization.id) in MANAGERS
    row.text, row.at, row.for_organization = command.text, now, command.for_organization and speaks
    session.flush()
    _record(session, EventKind.ENDORSEMENT_WRITTEN, row, credit, facts.call, actor=actor, now=now)
    return row


def remove_endorsement(session: Session, row: Endorsement, *, actor: Actor, now: datetime) -> None:
    """By whoever it is about, for good; by whoever wrote it, as if it had never been."""
    facts = facts_of_endorsement(session, row)
    require(actor, Permission.ENDORSEMENT_REMOVE, facts, now)
    credit = session.get_one(Credit, row.credit_id)
    _record(session, EventKind.ENDORSEMENT_REMOVED, row, credit, facts.call, actor=actor, now=now)
    if actor.account_id == facts.endorsed_id:
        row.removed_at = row.removed_at or now
    else:
        session.delete(row)


def _record(
    session: Session,
    kind: EventKind,
    row: Endorsement,
    credit: Credit,
    call: CallFacts,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    about = {"proposal_id": credit.proposal_id, "subject_id": credit.id, "endorsement": row.id}
    record_in(session, kind, call, actor=actor, now=now, **about)
