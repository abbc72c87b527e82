"""The first page of a proposal: anyone may write; signing in comes when it is to be handed in."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.errors import DomainError, NotAllowed, StaleVersion
from crowd.core.permissions import Permission, Refused, judge
from crowd.proposals.actions import ANY_PERSON, KEPT_FOR, create_draft, edit_proposal
from crowd.proposals.forms import LANGUAGES, ProposalForm, form_of_fields, is_choice, resolved
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal, VisitorDraft
from crowd.proposals.queries import draft_by_key, drafts_in, proposal_exists
from crowd.proposals.views.blueprint import bp
from crowd.proposals.views.merging import both_of_proposal, both_texts, other_of_visitor
from crowd.proposals.views.saving import autosave_refused, autosaved, say_saved
from crowd.proposals.views.visiting import forget_here, keep_here, kept_answer, kept_here, usable_key, way_on
from crowd.store.db import db, lock, transaction, utc_now
from crowd.store.types import new_public_id
from crowd.web.access import Found, current_actor, require
from crowd.web.forms import fill_errors

AFTER = {"submit": "proposals.submit", "similar": "proposals.similar"}
"""Where the buttons lead once the draft is made."""


@bp.get("/calls/<public_id>/propose")
@call_gate.requires()
def propose(found: Found[Call]) -> Any:
    kept = kept_here(found)
    if kept is None and (claimed := _claimed(found)):
        return redirect(url_for("proposals.edit", public_id=claimed.public_id), 303)
    _check_open(found)
    if kept is None:
        form = ProposalForm(found.facts.rules)
        form.language.data = _first_language(found)
        form.draft.data, form.version.data = new_public_id(), "0"
        return _page(found, form)
    form = form_of_fields(found.facts.rules, kept.fields)
    form.validate()
    form.draft.data = kept.draft_key
    form.version.data = str(kept.version if current_actor().account_id is None else kept.opened)
    return _page(found, form, kept=kept)


def _claimed(found: Found[Call]) -> Proposal | None:
    """The draft that a text became at signing in, when the way back still names the text."""
    actor, key = current_actor(), request.args.get("draft", "")
    return draft_by_key(db.session(), key, found.row.id, actor.account_id) if actor.account_id else None


@bp.post("/calls/<public_id>/propose")
@call_gate.requires()
def propose_save(found: Found[Call]) -> Any:
    if current_actor().account_id is None:
        return _save_for_browser(found)
    form = ProposalForm(found.facts.rules)
    if not form.validate():
        return _page(found, form), 422
    try:
        proposal = _store(found, form)
    except StaleVersion:
        return _both(found, form)
    except DomainError as error:
        fill_errors(form, error)
        return _page(found, form), error.status
    forget_here(found)
    say_saved(found.facts, proposal)
    target = AFTER.get(request.form.get("then", ""), "proposals.edit")
    return redirect(url_for(target, public_id=proposal.public_id), 303)


def _save_for_browser(found: Found[Call]) -> Any:
    """A visitor's text is kept as it is, faults and all: they are told when it becomes a draft."""
    kept = kept_here(found)
    fields = request.form if kept is None or not is_choice(request.form) else _picked(found, kept)
    form = form_of_fields(found.facts.rules, fields.items(multi=True))
    form.validate()
    try:
        return way_on(found, keep_here(found, fields, form.opened))
    except StaleVersion:
        return _both(found, form)
    except NotAllowed:
        raise
    except DomainError as error:
        fill_errors(form, error)
        return _page(found, form), error.status


def _picked(found: Found[Call], kept: VisitorDraft) -> MultiDict[str, str]:
    return resolved(request.form, form_of_fields(found.facts.rules, kept.fields))


def _both(found: Found[Call], form: ProposalForm) -> Any:
    """What another window saved, beside what this one holds."""
    actor, kept = current_actor(), kept_here(found)
    if actor.account_id is None and kept is not None:
        other = other_of_visitor(found.facts, kept)
        return both_texts(found.row, form, other, url=url_for("proposals.propose_save", public_id=found.row.public_id))
    proposal = draft_by_key(db.session(), form.draft.data or "", found.row.id, actor.account_id)
    return both_of_proposal(proposal_gate.load(proposal.public_id), form) if proposal else abort(404)


@bp.post("/calls/<public_id>/propose/autosave")
@call_gate.requires()
def propose_autosave(found: Found[Call]) -> Any:
    form = ProposalForm(found.facts.rules)
    valid, visitor = form.validate(), current_actor().account_id is None
    if not valid and not visitor:
        return autosave_refused(form)
    try:
        if visitor:
            return kept_answer(keep_here(found, request.form, form.opened))
        proposal = _store(found, form)
    except DomainError as error:
        return autosave_refused(form, error, form.draft.data)
    forget_here(found)
    key = proposal.public_id
    moved = {
        "url": url_for("proposals.edit", public_id=key),
        "autosave": url_for("proposals.autosave", public_id=key),
        "keep": key,
    }
    return autosaved(proposal, moved=moved)


def _check_open(found: Found[Call]) -> None:
    """A closed call says so before anybody writes; members-only entry asks to sign in first."""
    actor = current_actor()
    if actor.account_id is not None:
        require(actor, Permission.PROPOSAL_CREATE, found.facts, utc_now())
        return
    judgment = judge(ANY_PERSON, Permission.PROPOSAL_CREATE, found.facts, utc_now())
    if isinstance(judgment, Refused):
        only_members = judgment.predicate in {"may_enter", "audience"}
        raise NotAllowed("signed_in" if only_members else judgment.predicate, judgment.opens_at)


def _store(found: Found[Call], form: ProposalForm) -> Proposal:
    """Make the draft, or save into it when this form made it before (autosave, double click)."""
    key = usable_key(form.draft.data)
    with transaction(found.row) as db_session:
        actor, now = current_actor(), utc_now()
        proposal = draft_by_key(db_session, key, found.row.id, actor.account_id)
        if proposal is None:
            key = new_public_id() if proposal_exists(db_session, key) else key
            return create_draft(db_session, found.row, found.facts, form.text(), key=key, actor=actor, now=now)
        lock(db_session, proposal)
        edit_proposal(db_session, proposal, form.text(), opened=form.opened or 1, actor=actor, now=now)
        return proposal


def _page(found: Found[Call], form: ProposalForm, *, kept: VisitorDraft | None = None) -> str:
    actor = current_actor()
    return render_template(
        "proposals/propose.html",
        call=found.row,
        facts=found.facts,
        form=form,
        drafts=drafts_in(db.session(), found.row.id, actor.account_id) if actor.account_id else [],
        kept=kept,
        kept_until=kept.edited_at + KEPT_FOR if kept else None,
        way=request.values.get("way", ""),
    )


def _first_language(found: Found[Call]) -> str:
    spoken = current_actor().language
    return spoken if spoken in LANGUAGES else str(found.facts.rules.language)
