"""The objections of a call as everybody reads them, and the form to object."""

from datetime import timedelta
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for

from crowd.calls.models import Call
from crowd.config import Settings
from crowd.core.errors import DomainError
from crowd.core.permissions import Permission
from crowd.objections.actions import file_objection
from crowd.objections.forms import KINDS, STATUSES, ObjectionForm
from crowd.objections.gates import objected_gate, result_facts
from crowd.objections.models import Objection
from crowd.objections.queries import list_objections, objectable, visible_ids
from crowd.objections.views.blueprint import bp
from crowd.store import limits
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, allowed, current_actor, require
from crowd.web.forms import fill_errors
from crowd.web.text import _

OBJECTIONS = limits.Limit("objections", 20, timedelta(hours=1))


@bp.get("/calls/<public_id>/objections")
@objected_gate.requires(Permission.RESULTS_VIEW)
def index(found: Found[Call]) -> str:
    session = db.session()
    rows = list_objections(session, found.row.id) if found.facts.results_published else []
    return render_template(
        "objections/index.html",
        found=found,
        objections=[(row, _reads(row, found)) for row in rows],
        visible=visible_ids(session, found.row.id, current_actor(), utc_now()) if rows else frozenset(),
        kinds=KINDS,
        statuses=STATUSES,
    )


def _reads(row: Objection, found: Found[Call]) -> bool:
    """Whether this person reads the words of an objection and follows it to its page."""
    own = row.author_id is not None and row.author_id == current_actor().account_id
    return own or allowed(Permission.CALL_MANAGE, found.facts)


@bp.route("/calls/<public_id>/objections/new", methods=["GET", "POST"])
@objected_gate.requires(Permission.RESULTS_VIEW)
def new(found: Found[Call]) -> Any:
    session, actor = db.session(), current_actor()
    facts = result_facts(session, found.row, found.facts, actor)
    require(actor, Permission.OBJECTION_FILE, facts, utc_now())
    about = [(row.public_id, row.title) for row in objectable(session, found.row.id, actor, utc_now())]
    form = ObjectionForm(about)
    status = 422 if request.method == "POST" else 200
    if request.method == "GET":
        form.proposal.data = request.args.get("proposal", "")
    elif form.validate_on_submit():
        try:
            made = _store(found.row, form)
        except DomainError as error:
            found = objected_gate.load(found.row.public_id)
            fill_errors(form, error)
            status = error.status
        else:
            flash(_("Your objection is in. Somebody who did not decide it answers, and you are told."), "success")
            return redirect(url_for(".show", public_id=made), 303)
    return render_template("objections/new.html", found=found, form=form, window=facts.window), status


def _store(call: Call, form: ObjectionForm) -> str:
    settings: Settings = current_app.extensions["settings"]
    actor, now = current_actor(), utc_now()
    limits.take(limits.counted(settings.secret_key, OBJECTIONS, actor.public_id), now=now, code="too_many_attempts")
    with transaction(call) as session:
        made = file_objection(session, call, form.command(), actor=actor, now=utc_now())
        return made.public_id
