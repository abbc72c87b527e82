"""Handing in with its receipt, withdrawing, deleting a draft."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, url_for

from crowd.core.errors import DomainError, InvalidInput, NotAllowed, StaleVersion
from crowd.core.permissions import Permission
from crowd.core.progress import steps
from crowd.core.receipt import canonical_json, submission_record
from crowd.core.status import ProposalStatus
from crowd.files.storage import file_store
from crowd.proposals.actions import delete_draft, hand_in, text_of, version_contents, withdraw_proposal
from crowd.proposals.commands import ProposalText
from crowd.proposals.forms import DeleteForm, HandInForm, WithdrawForm
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal, ProposalVersion
from crowd.proposals.queries import happenings_of, versions_of
from crowd.proposals.views.blueprint import bp
from crowd.proposals.views.questions import missing_parts, needed_in
from crowd.proposals.views.saving import closed_sentence
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _


@bp.get("/proposals/<public_id>/submit")
@proposal_gate.requires(Permission.PROPOSAL_WORK)
def submit(found: Found[Proposal]) -> Any:
    if found.row.status is not ProposalStatus.DRAFT:
        return redirect(url_for("pages.proposal", public_id=found.row.public_id), 303)
    form = HandInForm(found.facts.call.rules.declarations)
    form.version.data = str(found.row.version)
    return _submit_page(found, form)


@bp.post("/proposals/<public_id>/submit")
@proposal_gate.requires(Permission.PROPOSAL_WORK)
def submit_save(found: Found[Proposal]) -> Any:
    key, form = found.row.public_id, HandInForm(found.facts.call.rules.declarations)
    if found.row.status is not ProposalStatus.DRAFT:
        flash(_("This proposal has already been handed in."), "info")
        return redirect(url_for("proposals.receipt", public_id=key), 303)
    if not form.validate():
        return _submit_page(found, form), 422
    try:
        with transaction(found.row.call, found.row) as session:
            actor, now = current_actor(), utc_now()
            hand_in(
                session, found.row.call, found.row, opened=form.opened, declared=form.declared, actor=actor, now=now
            )
    except DomainError as error:
        return _not_handed_in(key, form, error)
    flash(_("Your proposal is handed in. This is your receipt."), "success")
    return redirect(url_for("proposals.receipt", public_id=key), 303)


def _not_handed_in(key: str, form: HandInForm, error: DomainError) -> Any:
    """The same page with the reason; of two presses at once the second finds the receipt of the first."""
    found = proposal_gate.load(key)
    if found.row.status is not ProposalStatus.DRAFT:
        return redirect(url_for("proposals.receipt", public_id=key), 303)
    if isinstance(error, NotAllowed) and error.code == "submission_open":
        words = closed_sentence(found.facts.call) + " " + _("Your draft is kept; it was not handed in.")
        form.form_errors = [words]
    elif isinstance(error, StaleVersion):
        form.form_errors = [_("The draft was changed meanwhile. Look at it once more, then hand it in.")]
    else:
        fill_errors(form, error)
    form.version.data = str(found.row.version)
    return _submit_page(found, form), 409 if not isinstance(error, InvalidInput) else 422


def _submit_page(found: Found[Proposal], form: HandInForm) -> str:
    text = text_of(db.session(), found.row)
    return render_template(
        "proposals/submit.html",
        proposal=found.row,
        call=found.row.call,
        facts=found.facts,
        form=form,
        text=text,
        missing=missing_parts(found, text),
        asked_fields=needed_in(found.facts.call),
    )


@bp.get("/proposals/<public_id>/receipt")
@proposal_gate.requires(Permission.PROPOSAL_RECEIPT)
def receipt(found: Found[Proposal]) -> str:
    return render_template(
        "proposals/receipt.html",
        proposal=found.row,
        call=found.row.call,
        facts=found.facts,
        versions=versions_of(db.session(), found.row.id),
        steps=steps(found.facts, happenings_of(db.session(), found.row.id), utc_now()),
    )


@bp.get("/proposals/<public_id>/receipt/<int:number>.json")
@proposal_gate.requires(Permission.PROPOSAL_RECEIPT)
def receipt_record(found: Found[Proposal], number: int) -> Any:
    """What the hash of a version is the hash of: canonical JSON, byte for byte."""
    version = next((v for v in versions_of(db.session(), found.row.id) if v.number == number), None)
    if version is None or version.sha256 is None:
        abort(404)
    record = submission_record(found.row.public_id, _contents(version), version.at, version.rules_sha256 or "")
    return Response(canonical_json(record), mimetype="application/json")


def _contents(version: ProposalVersion) -> dict[str, object]:
    text = ProposalText(
        version.title,
        version.summary,
        version.body,
        version.cost,
        version.language,
        tuple(version.tags),
        version.answers,
    )
    return version_contents(version.number, text, list(version.files))


@bp.get("/proposals/<public_id>/withdraw")
@proposal_gate.requires(Permission.PROPOSAL_WITHDRAW)
def withdraw(found: Found[Proposal]) -> str:
    return render_template("proposals/withdraw.html", proposal=found.row, form=WithdrawForm())


@bp.post("/proposals/<public_id>/withdraw")
@proposal_gate.requires(Permission.PROPOSAL_WITHDRAW)
def withdraw_save(found: Found[Proposal]) -> Any:
    form = WithdrawForm()
    if not form.validate():
        return render_template("proposals/withdraw.html", proposal=found.row, form=form), 422
    with transaction(found.row.call, found.row) as session:
        withdraw_proposal(session, found.row, form.reason.data or "", actor=current_actor(), now=utc_now())
    flash(_("Your proposal is withdrawn."), "success")
    return redirect(url_for("pages.proposal", public_id=found.row.public_id), 303)


@bp.get("/proposals/<public_id>/delete")
@proposal_gate.requires(Permission.PROPOSAL_DELETE)
def delete(found: Found[Proposal]) -> str:
    return render_template("proposals/delete.html", proposal=found.row, form=DeleteForm())


@bp.post("/proposals/<public_id>/delete")
@proposal_gate.requires(Permission.PROPOSAL_DELETE)
def delete_save(found: Found[Proposal]) -> Any:
    call_key = found.row.call.public_id
    with transaction(found.row) as session:
        keys = delete_draft(session, found.row, actor=current_actor(), now=utc_now())
    for key in keys:
        file_store().delete(key)
    flash(_("The draft is deleted."), "success")
    return redirect(url_for("pages.call", public_id=call_key), 303)
