"""One objection: its words, its answer, or the form to answer."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.errors import InvalidInput
from crowd.core.permissions import Permission
from crowd.objections.actions import answer_objection, withdraw_objection
from crowd.objections.forms import KINDS, STATUSES, AnswerForm
from crowd.objections.gates import objection_gate
from crowd.objections.models import Objection
from crowd.objections.views.blueprint import bp
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _


@bp.get("/objections/<public_id>")
@objection_gate.requires()
def show(found: Found[Objection]) -> str:
    return _page(found, AnswerForm(formdata=None))


@bp.post("/objections/<public_id>/answer")
@objection_gate.requires(Permission.OBJECTION_ANSWER)
def answer(found: Found[Objection]) -> Any:
    form = AnswerForm()
    if not form.validate_on_submit():
        return _page(found, form), 422
    try:
        with transaction(found.row) as session:
            answer_objection(session, found.row, form.command(), actor=current_actor(), now=utc_now())
    except InvalidInput as error:
        fill_errors(form, error)
        return _page(objection_gate.load(found.row.public_id), form), error.status
    flash(_("The answer is public. Whoever objected is told, and so are the authors of the proposal."), "success")
    return redirect(url_for(".show", public_id=found.row.public_id), 303)


@bp.post("/objections/<public_id>/withdraw")
@objection_gate.requires(Permission.OBJECTION_WITHDRAW)
def withdraw(found: Found[Objection]) -> Response:
    call = db.session().get_one(Call, found.row.call_id)
    with transaction(found.row) as session:
        withdraw_objection(session, found.row, actor=current_actor(), now=utc_now())
    flash(_("Your objection is taken back."), "success")
    return redirect(url_for(".index", public_id=call.public_id), 303)


def _page(found: Found[Objection], form: AnswerForm) -> str:
    call = db.session().get_one(Call, found.row.call_id)
    return render_template(
        "objections/show.html",
        found=call_gate.load(call.public_id),
        objection=found.row,
        judged=found.facts,
        form=form,
        kinds=KINDS,
        statuses=STATUSES,
        own=found.row.author_id == current_actor().account_id,
    )
