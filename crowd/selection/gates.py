"""Calls as those who chair a jury see them at the decision; credits as those they are about see them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.gates import facts_of_call, find_call
from crowd.calls.models import Call
from crowd.core.permissions import Permission
from crowd.core.status import JurorStatus, ModerationState
from crowd.core.subjects import CallFacts, ChairFacts, CreditFacts, EndorsementFacts
from crowd.proposals.models import Proposal
from crowd.reviews.models import Juror
from crowd.rounds.models import CallRound
from crowd.selection.models import Credit, Endorsement
from crowd.web.access import Found, Gate


def chairs_of(session: Session, call: CallFacts) -> ChairFacts:
    """The accounts that accepted to chair one of the call's juries."""
    rows = session.scalars(
        select(Juror.account_id)
        .join(CallRound, CallRound.id == Juror.round_id)
        .where(CallRound.call_id == call.id, Juror.is_chair, Juror.status == JurorStatus.ACCEPTED)
    )
    return ChairFacts(call, frozenset(id_ for id_ in rows if id_ is not None))


def facts_of_chair(session: Session, call_id: int) -> ChairFacts:
    """Fresh facts inside a transaction."""
    return chairs_of(session, facts_of_call(session, call_id))


def find_chaired(session: Session, public_id: str) -> Found[Call] | None:
    found = find_call(session, public_id)
    return Found(found.row, chairs_of(session, found.facts)) if found else None


chair_gate = Gate(find_chaired, Permission.SELECTION_STAND_IN)
"""To everybody but the chair there is no such page."""


def facts_of_credit(session: Session, credit: Credit) -> CreditFacts:
    """Fresh facts of one credit and its call."""
    call_id = session.scalars(select(Proposal.call_id).where(Proposal.id == credit.proposal_id)).one()
    beside = session.scalars(
        select(Credit.account_id).where(
            Credit.proposal_id == credit.proposal_id,
            Credit.id != credit.id,
            Credit.account_id.is_not(None),
            Credit.revoked_at.is_(None),
        )
    )
    return CreditFacts(
        id=credit.id,
        call=facts_of_call(session, call_id),
        account_id=credit.account_id,
        standing=credit.revoked_at is None,
        named=bool(credit.name),
        beside_ids=frozenset(id_ for id_ in beside if id_ is not None),
    )


def find_credit(session: Session, code: str) -> Found[Credit] | None:
    credit = session.scalar(select(Credit).where(Credit.code == code))
    return Found(credit, facts_of_credit(session, credit)) if credit else None


credit_gate = Gate(find_credit, Permission.CREDIT_VIEW, "code")
"""To everybody else there is the certificate alone."""


def facts_of_endorsement(session: Session, row: Endorsement) -> EndorsementFacts:
    credit = session.get_one(Credit, row.credit_id)
    shown = row.removed_at is None and row.moderation is ModerationState.VISIBLE
    return EndorsementFacts(
        row.id,
        facts_of_credit(session, credit).call,
        row.author_id,
        credit.account_id,
        standing=shown and credit.revoked_at is None,
    )


def find_endorsement(session: Session, public_id: str) -> Found[Endorsement] | None:
    row = session.scalar(select(Endorsement).where(Endorsement.public_id == public_id))
    return Found(row, facts_of_endorsement(session, row)) if row else None


endorsement_gate = Gate(find_endorsement, Permission.ENDORSEMENT_REMOVE)
shown_endorsement_gate = Gate(find_endorsement, Permission.ENDORSEMENT_VIEW)
"""For whoever reads it on a certificate or a portfolio."""
