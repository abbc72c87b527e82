"""The first page of a proposal: anyone may write; signing in comes when there is something to keep."""

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.errors import DomainError, NotAllowed
from crowd.core.permissions import Permission, Refused, judge
from crowd.proposals.actions import create_draft, edit_proposal
from crowd.proposals.forms import LANGUAGES, ProposalForm
from crowd.proposals.models import Proposal
from crowd.proposals.queries import draft_by_key, drafts_in, proposal_exists
from crowd.proposals.views.blueprint import bp
from crowd.proposals.views.saving import autosave_refused, autosaved, say_saved
from crowd.store.db import db, lock, transaction, utc_now
from crowd.store.types import ALPHABET, new_public_id
from crowd.web.access import Found, current_actor, require
from crowd.web.forms import fill_errors
from crowd.web.kept import forget_kept, keep_writing, kept_writing
from crowd.web.text import _

ANY_PERSON = Actor(account_id=0)
"""Somebody signed in without a role, to ask whether signing in would be enough."""


@bp.get("/calls/<public_id>/propose")
@call_gate.requires()
def propose(found: Found[Call]) -> Any:
    _check_open(found)
    form = ProposalForm(found.facts.rules)
    kept = kept_writing(_path(found), request.args.get("kept"))
    if kept:
        form = ProposalForm(
            found.facts.rules, formdata=MultiDict([(str(pair[0]), str(pair[1])) for pair in kept.fields])
        )
    else:
        form.language.data = _first_language(found)
    form.draft.data, form.version.data = form.draft.data or new_public_id(), form.version.data or "0"
    return _page(found, form, restored=kept is not None)


@bp.post("/calls/<public_id>/propose")
@call_gate.requires()
def propose_save(found: Found[Call]) -> Any:
    if current_actor().account_id is None:
        return _sign_in_first(found)
    form = ProposalForm(found.facts.rules)
    if not form.validate():
        return _page(found, form), 422
    try:
        proposal = _store(found, form)
    except DomainError as error:
        fill_errors(form, error)
        return _page(found, form), error.status
    _forget(found)
    say_saved(found.facts, proposal)
    target = "proposals.submit" if request.form.get("then") == "submit" else "proposals.edit"
    return redirect(url_for(target, public_id=proposal.public_id), 303)


@bp.post("/calls/<public_id>/propose/autosave")
@call_gate.requires()
def propose_autosave(found: Found[Call]) -> Any:
    if current_actor().account_id is None:
        keep_writing(_path(found))
        return jsonify(saved_at=utc_now().isoformat())
    form = ProposalForm(found.facts.rules)
    if not form.validate():
        return autosave_refused(form)
    try:
        proposal = _store(found, form)
    except DomainError as error:
        fill_errors(form, error)
        return autosave_refused(form, error.status)
    _forget(found)
    return autosaved(proposal)


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
    key = _key(form.draft.data)
    with transaction(found.row) as db_session:
        actor, now = current_actor(), utc_now()
        proposal = draft_by_key(db_session, key, found.row.id, actor.account_id)
        if proposal is None:
            key = new_public_id() if proposal_exists(db_session, key) else key
            return create_draft(db_session, found.row, found.facts, form.text(), key=key, actor=actor, now=now)
        lock(db_session, proposal)
        edit_proposal(db_session, proposal, form.text(), opened=form.opened or 1, actor=actor, now=now)
        return proposal


def _key(text: str | None) -> str:
    """The id the form carries if it is of our making and not somebody else's proposal, else a new one."""
    known = text is not None and len(text) == 12 and set(text) <= set(ALPHABET)
    return text if known and text else new_public_id()


def _page(found: Found[Call], form: ProposalForm, *, restored: bool = False) -> str:
    actor = current_actor()
    drafts = drafts_in(db.session(), found.row.id, actor.account_id) if actor.account_id else []
    return render_template(
        "proposals/propose.html", call=found.row, facts=found.facts, form=form, drafts=drafts, restored=restored
    )


def _forget(found: Found[Call]) -> None:
    """What this browser kept is in the draft now."""
    kept = kept_writing(_path(found))
    if kept:
        forget_kept(kept)


def _first_language(found: Found[Call]) -> str:
    spoken = current_actor().language
    return spoken if spoken in LANGUAGES else str(found.facts.rules.language)


def _path(found: Found[Call]) -> str:
    return url_for("proposals.propose", public_id=found.row.public_id)


def _sign_in_first(found: Found[Call]) -> Response:
    """Keep what a visitor wrote, and come back to it after signing in or signing up, in this browser or another."""
    token = keep_writing(_path(found))
    flash(_("What you wrote is kept. Sign in or create an account, and it will be here."), "info")
    way = "accounts.sign_up" if request.form.get("then") == "sign-up" else "accounts.sign_in"
    return redirect(url_for(way, next=f"{_path(found)}?kept={token}"), 303)
