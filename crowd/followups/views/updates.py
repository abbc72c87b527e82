"""Short updates on one selected proposal, by its team or the organization."""

from typing import Any

from flask import abort, flash, render_template
from sqlalchemy import select

from crowd.core.errors import DomainError
from crowd.core.permissions import Permission
from crowd.followups.actions import edit_update, post_update, remove_update
from crowd.followups.forms import UpdateForm
from crowd.followups.models import Update
from crowd.followups.views.blueprint import bp
from crowd.followups.views.milestones import back
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _


def _page(found: Found[Proposal], form: UpdateForm, row: Update | None = None) -> str:
    return render_template("followups/update.html", found=found, proposal=found.row, form=form, update=row)


def _update(found: Found[Proposal], key: str) -> Update:
    row = db.session.scalar(
        select(Update).where(Update.proposal_id == found.row.id, Update.public_id == key, Update.removed_at.is_(None))
    )
    return row or abort(404)


@bp.get("/proposals/<public_id>/updates/new")
@proposal_gate.requires(Permission.UPDATE_POST)
def update(found: Found[Proposal]) -> str:
    return _page(found, UpdateForm(formdata=None))


@bp.post("/proposals/<public_id>/updates/new")
@proposal_gate.requires(Permission.UPDATE_POST)
def update_save(found: Found[Proposal]) -> Any:
    form = UpdateForm()
    if not form.validate_on_submit():
        return _page(found, form), 422
    with transaction(found.row) as session:
        post_update(session, found.row, form.command(), actor=current_actor(), now=utc_now())
    flash(_("Published. Whoever follows the proposal is told."), "success")
    return back(found)


@bp.get("/proposals/<public_id>/updates/<key>/edit")
@proposal_gate.requires(Permission.UPDATE_POST)
def update_edit(found: Found[Proposal], key: str) -> str:
    row = _update(found, key)
    form = UpdateForm(formdata=None, obj=row)
    form.version.data = str(row.version)
    return _page(found, form, row)


@bp.post("/proposals/<public_id>/updates/<key>/edit")
@proposal_gate.requires(Permission.UPDATE_POST)
def update_edit_save(found: Found[Proposal], key: str) -> Any:
    row, form = _update(found, key), UpdateForm()
    if not form.validate_on_submit():
        return _page(found, form, row), 422
    try:
        with transaction(row) as session:
            edit_update(session, row, form.command(), actor=current_actor(), now=utc_now())
    except DomainError as error:
        if error.status not in {409, 422}:
            raise
        again = proposal_gate.load(found.row.public_id)
        row = _update(again, key)
        form.version.data = str(row.version)
        fill_errors(form, error)
        return _page(again, form, row), error.status
    flash(_("Saved. What it said before can still be read."), "success")
    return back(found)


@bp.post("/proposals/<public_id>/updates/<key>/remove")
@proposal_gate.requires(Permission.UPDATE_POST)
def update_remove(found: Found[Proposal], key: str) -> Any:
    row = _update(found, key)
    with transaction(row) as session:
        remove_update(session, row, actor=current_actor(), now=utc_now())
    flash(_("Removed. The page says that it was."), "success")
    return back(found)
