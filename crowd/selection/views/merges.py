"""Merging a duplicate into another proposal, and undoing it."""

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crowd.core.errors import DomainError
from crowd.core.permissions import Permission
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal
from crowd.proposals.queries import find_in_call
from crowd.selection.actions.merging import merge_proposals, undo_merging
from crowd.selection.forms import MergeForm
from crowd.selection.views.blueprint import bp
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _


@bp.get("/proposals/<public_id>/merge")
@proposal_gate.requires(Permission.PROPOSAL_SCREEN)
def merge(found: Found[Proposal]) -> Any:
    form = MergeForm(formdata=None)
    other = find_in_call(db.session(), found.row.call_id, request.args.get("into", ""))
    form.into.data = f"#{other.number}" if other is not None else ""
    return _page(found, form)


@bp.post("/proposals/<public_id>/merge")
@proposal_gate.requires(Permission.PROPOSAL_SCREEN)
def merge_now(found: Found[Proposal]) -> Any:
    form, key = MergeForm(), found.row.public_id
    if not form.validate_on_submit():
        return _page(found, form), 422
    other = find_in_call(db.session(), found.row.call_id, form.into.data or "")
    if other is None:
        form.into.errors = [_("There is no such proposal in this call.")]
        return _page(found, form), 422
    reason, actor = form.reason.data or "", current_actor()
    try:
        with transaction(found.row.call, *_in_order(found.row, other)) as session:
            merge_proposals(session, found.row, other, reason, new_token=_token, actor=actor, now=utc_now())
    except DomainError as error:
        if error.status not in {409, 422}:
            raise
        fill_errors(form, error)
        return _page(proposal_gate.load(key), form), error.status
    text = _("“%(title)s” is merged into “%(other)s”. Both teams are told.", title=found.row.title, other=other.title)
    flash({"text": text, "undo_url": url_for(".merge_undo", public_id=key), "undo_label": None}, "success")  # type: ignore[arg-type]
    return redirect(url_for("pages.proposal", public_id=other.public_id), 303)


@bp.post("/proposals/<public_id>/merge/undo")
@proposal_gate.requires(Permission.PROPOSAL_SCREEN)
def merge_undo(found: Found[Proposal]) -> Response:
    other = db.session.get(Proposal, found.row.merged_into_id) if found.row.merged_into_id else None
    rows = _in_order(found.row, other or found.row)
    with transaction(found.row.call, *rows) as session:
        undo_merging(session, found.row, other or found.row, actor=current_actor(), now=utc_now())
    flash(_("Undone: “%(title)s” stands for itself again. Both teams are told.", title=found.row.title), "success")
    return redirect(url_for("pages.proposal", public_id=found.row.public_id), 303)


def _token() -> str:
    return secrets.token_urlsafe(32)


def _in_order(one: Proposal, other: Proposal) -> list[Proposal]:
    """Each once, in the order in which everybody locks them."""
    return sorted({row.id: row for row in (one, other)}.values(), key=lambda row: row.id)


def _page(found: Found[Proposal], form: MergeForm) -> str:
    other = find_in_call(db.session(), found.row.call_id, form.into.data or "") if form.into.data else None
    return render_template("selection/merge.html", found=found, form=form, other=other)
