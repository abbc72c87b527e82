"""Where the chair of a jury decides: proposals in which a manager has a stake."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for

from crowd.calls.models import Call
from crowd.core.errors import DomainError
from crowd.core.status import Outcome
from crowd.selection.actions.verdicts import stand_in
from crowd.selection.commands import Decide
from crowd.selection.forms import VerdictForm
from crowd.selection.gates import chair_gate, facts_of_chair
from crowd.selection.queries.room import Row
from crowd.selection.views.blueprint import bp
from crowd.selection.views.loading import current_room
from crowd.store.db import transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _


@bp.get("/calls/<public_id>/decisions/chair")
@chair_gate.requires()
def chair(found: Found[Call]) -> Any:
    return _page(found, {})


@bp.post("/calls/<public_id>/decisions/chair/<proposal>")
@chair_gate.requires()
def decide_as_chair(found: Found[Call], proposal: str) -> Any:
    if proposal not in {row.proposal.public_id for row in _rows(found)}:
        abort(404)
    form = VerdictForm(prefix=proposal)
    if not form.validate_on_submit():
        return _page(found, {proposal: form}), 422
    decide = Decide(Outcome(form.outcome.data), form.reason.data or "", version=form.opened)
    try:
        with transaction(found.row) as session:
            facts = facts_of_chair(session, found.row.id)
            stand_in(session, found.row, proposal, decide, facts, actor=current_actor(), now=utc_now())
    except DomainError as error:
        if error.status not in {409, 422}:
            raise
        fill_errors(form, error)
        return _page(chair_gate.load(found.row.public_id), {proposal: form}), error.status
    flash(_("Decided and confirmed."), "success")
    return redirect(url_for(".chair", public_id=found.row.public_id), 303)


def _rows(found: Found[Call]) -> list[Row]:
    """Where a manager has a stake and the chair has none."""
    room = current_room(found.facts.call)
    actor_id = current_actor().account_id
    return [row for row in room.rows if row.managers_with_stake and actor_id not in row.facts.stake_ids()]


def _page(found: Found[Call], forms: dict[str, VerdictForm]) -> str:
    rows = _rows(found)
    shown = [(row, forms.get(row.proposal.public_id) or _form(row)) for row in rows]
    return render_template("selection/chair.html", found=Found(found.row, found.facts.call), shown=shown)


def _form(row: Row) -> VerdictForm:
    form = VerdictForm(formdata=None, prefix=row.proposal.public_id)
    form.version.data = "0"
    if row.verdict:
        form.outcome.data, form.reason.data = row.verdict.outcome.value, row.verdict.reason
        form.version.data = str(row.verdict.version)
    return form
