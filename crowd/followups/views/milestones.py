"""Milestones of one selected proposal, by its lead or a manager."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from sqlalchemy import select

from crowd.core.errors import DomainError
from crowd.core.permissions import Permission
from crowd.followups.actions import add_milestone, edit_milestone, remove_milestone
from crowd.followups.forms import MilestoneForm
from crowd.followups.models import Milestone
from crowd.followups.views.blueprint import bp
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _


def _page(found: Found[Proposal], form: MilestoneForm, row: Milestone | None = None) -> str:
    return render_template("followups/milestone.html", found=found, proposal=found.row, form=form, milestone=row)


def _milestone(found: Found[Proposal], key: str) -> Milestone:
    row = db.session.scalar(
        select(Milestone).where(
            Milestone.proposal_id == found.row.id, Milestone.public_id == key, Milestone.removed_at.is_(None)
        )
    )
    return row or abort(404)


@bp.get("/proposals/<public_id>/milestones/new")
@proposal_gate.requires(Permission.MILESTONE_SET)
def milestone(found: Found[Proposal]) -> str:
    return _page(found, MilestoneForm(formdata=None))


@bp.post("/proposals/<public_id>/milestones/new")
@proposal_gate.requires(Permission.MILESTONE_SET)
def milestone_save(found: Found[Proposal]) -> Any:
    form = MilestoneForm()
    if not form.validate_on_submit():
        return _page(found, form), 422
    with transaction(found.row) as session:
        add_milestone(session, found.row, form.command(), actor=current_actor(), now=utc_now())
    flash(_("The milestone stands on the page of the proposal."), "success")
    return back(found)


@bp.get("/proposals/<public_id>/milestones/<key>/edit")
@proposal_gate.requires(Permission.MILESTONE_SET)
def milestone_edit(found: Found[Proposal], key: str) -> str:
    row = _milestone(found, key)
    form = MilestoneForm(formdata=None, obj=row)
    form.version.data = str(row.version)
    return _page(found, form, row)


@bp.post("/proposals/<public_id>/milestones/<key>/edit")
@proposal_gate.requires(Permission.MILESTONE_SET)
def milestone_edit_save(found: Found[Proposal], key: str) -> Any:
    row, form = _milestone(found, key), MilestoneForm()
    if not form.validate_on_submit():
        return _page(found, form, row), 422
    try:
        with transaction(row) as session:
            edit_milestone(session, row, form.command(), actor=current_actor(), now=utc_now())
    except DomainError as error:
        if error.status not in {409, 422}:
            raise
        again = proposal_gate.load(found.row.public_id)
        row = _milestone(again, key)
        form.version.data = str(row.version)
        fill_errors(form, error)
        return _page(again, form, row), error.status
    flash(_("Saved. What it said before can still be read."), "success")
    return back(found)


@bp.post("/proposals/<public_id>/milestones/<key>/remove")
@proposal_gate.requires(Permission.MILESTONE_SET)
def milestone_remove(found: Found[Proposal], key: str) -> Any:
    row = _milestone(found, key)
    with transaction(row) as session:
        remove_milestone(session, row, actor=current_actor(), now=utc_now())
    flash(_("Removed. The page says that it was."), "success")
    return back(found)


def back(found: Found[Proposal]) -> Any:
    return redirect(url_for("pages.proposal", public_id=found.row.public_id, _anchor="became"), 303)
