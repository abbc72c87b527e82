"""Declining a place after the results, and moving a reserve up."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.errors import DomainError
from crowd.core.permissions import Permission
from crowd.proposals.gates import facts_of_proposals, proposal_gate
from crowd.proposals.models import Proposal
from crowd.selection.actions.places import decline_selection, move_up, take_up_selection
from crowd.selection.forms import NOBODY, DeclineForm, MoveUpForm
from crowd.selection.queries.places import Declining, Reserve, declining_of, free_places, proposals_by_id, reserve_of
from crowd.selection.views.blueprint import bp
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import choice, fill_errors
from crowd.web.text import _


@bp.app_template_global()
def declining(proposal: Proposal) -> Declining | None:
    return declining_of(db.session(), proposal, utc_now())


@bp.get("/proposals/<public_id>/decline")
@proposal_gate.requires(Permission.SELECTION_DECLINE)
def decline(found: Found[Proposal]) -> str:
    return _decline_page(found, DeclineForm(formdata=None))


@bp.post("/proposals/<public_id>/decline")
@proposal_gate.requires(Permission.SELECTION_DECLINE)
def decline_save(found: Found[Proposal]) -> Any:
    form = DeclineForm()
    if not form.validate_on_submit():
        return _decline_page(found, form), 422
    with transaction(found.row.call, found.row) as session:
        decline_selection(session, found.row, form.reason.data or "", actor=current_actor(), now=utc_now())
    flash(
        _("You have declined. For 24 hours you can take the place up after all, unless a reserve moves up."), "success"
    )
    return redirect(url_for("pages.proposal", public_id=found.row.public_id), 303)


@bp.post("/proposals/<public_id>/take-up")
@proposal_gate.requires(Permission.SELECTION_TAKE_UP)
def take_up(found: Found[Proposal]) -> Any:
    with transaction(found.row.call, found.row) as session:
        take_up_selection(session, found.row, actor=current_actor(), now=utc_now())
    flash(_("You have taken the place up: the proposal is selected again, and your credits hold."), "success")
    return redirect(url_for("pages.proposal", public_id=found.row.public_id), 303)


def _decline_page(found: Found[Proposal], form: DeclineForm) -> str:
    return render_template("selection/decline.html", found=found, proposal=found.row, form=form)


@bp.get("/calls/<public_id>/results/places")
@call_gate.requires(Permission.SELECTION_CORRECT)
def places(found: Found[Call]) -> str:
    return _places_page(found, None)


@bp.post("/calls/<public_id>/results/places")
@call_gate.requires(Permission.SELECTION_CORRECT)
def settle_place(found: Found[Call]) -> Any:
    form = MoveUpForm()
    form.chosen.choices = _choices(reserve_of(db.session(), found.row.id))
    if not form.validate_on_submit():
        return _places_page(found, form), 422
    try:
        with transaction(found.row) as session:
            moved = move_up(session, found.row, form.command(), actor=current_actor(), now=utc_now())
    except DomainError as error:
        if error.status not in {409, 422}:
            raise
        fill_errors(form, error)
        return _places_page(call_gate.load(found.row.public_id), form), error.status
    said = (
        _("“%(title)s” has moved up. Its team is told by mail.", title=moved.title) if moved else _("Noted in public.")
    )
    flash(said, "success")
    return redirect(url_for(".results", public_id=found.row.public_id, _anchor="corrections"), 303)


def _choices(reserve: Reserve) -> list[Any]:
    rows = [choice(row.public_id, _ranked(row, reserve)) for row in reserve.proposals]
    return [*rows, choice(NOBODY, _("Nobody: the place stays empty"))]


def _ranked(row: Proposal, reserve: Reserve) -> str:
    rank = reserve.ranks.get(row.public_id)
    return _("rank %(rank)s: %(title)s", rank=rank, title=row.title) if rank is not None else row.title


def _places_page(found: Found[Call], form: MoveUpForm | None) -> str:
    """One free place at a time, the one that became free first; a form that was about another is about this one from now on."""
    session = db.session()
    free = free_places(session, found.row.id)
    reserve, known = reserve_of(session, found.row.id), proposals_by_id(session, free)
    vacated = known[free[0]] if free else None
    if form is None:
        form = MoveUpForm(formdata=None)
        form.chosen.data = reserve.following.public_id if reserve.following else None
    form.vacated.data = vacated.public_id if vacated else ""
    form.chosen.choices = _choices(reserve)
    facts = facts_of_proposals(session, reserve.proposals, found.facts)
    staked = [row for row in reserve.proposals if current_actor().account_id in facts[row.id].stake_ids()]
    return render_template(
        "selection/places.html",
        found=found,
        form=form,
        vacated=vacated,
        declined=declining_of(session, vacated, utc_now()) if vacated else None,
        free=len(free),
        reserve=reserve,
        staked=staked,
    )
