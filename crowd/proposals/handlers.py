"""Readers of events, and of signing in."""

from flask import flash
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.gates import facts_of_call
from crowd.calls.models import Call
from crowd.core.errors import DomainError
from crowd.core.status import ProposalStatus
from crowd.proposals.actions import adopt_invitations, claim_visitor_draft
from crowd.proposals.forms import form_of_fields
from crowd.proposals.models import Proposal, ProposalVector, VisitorDraft
from crowd.proposals.queries import visitor_drafts_of
from crowd.store.db import db, transaction, utc_now
from crowd.store.models import Event
from crowd.web.access import current_actor
from crowd.web.browser import browser_hash
from crowd.web.text import ngettext


def adopt_waiting_invitations(session: Session, event: Event) -> None:
    """A verified address has a stake in the proposals whose teams wait for it."""
    account = session.get(Account, event.subject_id or event.actor_id) if event.subject_id or event.actor_id else None
    if account is not None and account.verified_at is not None:
        adopt_invitations(session, account)


def claim_what_was_begun() -> None:
    """What this browser wrote before becomes the drafts of whoever signed in. What cannot stays with the browser."""
    key = browser_hash()
    drafts = visitor_drafts_of(db.session(), key) if key else []
    claimed = sum(_claim(draft) for draft in drafts)
    if claimed:
        flash(
            ngettext("What you wrote is your draft now.", "What you wrote are your %(num)s drafts now.", claimed),
            "success",
        )


def _claim(draft: VisitorDraft) -> bool:
    """False when a field has to be mended first, or this person may not enter this call."""
    facts = facts_of_call(db.session(), draft.call_id)
    form = form_of_fields(facts.rules, draft.fields)
    if not form.validate():
        return False
    call = db.session.get_one(Call, draft.call_id)
    try:
        with transaction(call, draft) as session:
            facts = facts_of_call(session, call.id)
            claim_visitor_draft(session, call, facts, draft, form.text(), actor=current_actor(), now=utc_now())
    except DomainError:
        return False
    return True


def note_new_text(session: Session, event: Event) -> None:
    """What was handed in or changed waits to be understood (`jobs.understand_changed`)."""
    proposal = session.get(Proposal, event.proposal_id)
    if proposal is None or proposal.status is ProposalStatus.DRAFT:
        return
    vector = session.get(ProposalVector, proposal.id)
    if vector is None:
        session.add(
            ProposalVector(
                proposal_id=proposal.id, call_id=proposal.call_id, model="", vector=b"", stale=True, made_at=event.at
            )
        )
    else:
        vector.stale = True
