"""Begin an amendment, look at what it changes, publish it or throw it away."""

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crowd.amendments.actions import begin, drop_proposed, publish_amendment
from crowd.amendments.forms import AmendmentForm
from crowd.amendments.queries import circumstances_of, proposed_in
from crowd.amendments.views.blueprint import bp
from crowd.amendments.views.words import told
from crowd.calls.actions import drop_written
from crowd.calls.gates import call_gate, written_rules
from crowd.calls.models import Call
from crowd.core.amendments import Verdict, judge_amendment, latest_answer, verdict_of
from crowd.core.errors import DomainError
from crowd.core.permissions import Permission
from crowd.core.rules import fingerprint
from crowd.core.status import AmendmentStatus
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _

USUAL_TIME = timedelta(days=14)


@bp.post("/calls/<public_id>/amend")
@call_gate.requires(Permission.CALL_AMEND)
def start(found: Found[Call]) -> Response:
    """Open a copy of the rules in the same pages in which the call was written."""
    key = found.row.public_id
    with transaction(found.row) as session:
        begin(session, found.row, actor=current_actor(), now=utc_now())
    flash(_("This is a copy of the rules. Nothing changes until you publish the amendment."), "info")
    return redirect(url_for("calls.edit", public_id=key), 303)


@bp.get("/calls/<public_id>/amend")
@call_gate.requires(Permission.CALL_AMEND)
def review(found: Found[Call]) -> Any:
    if found.row.amending_at is None:
        return redirect(url_for("amendments.index", public_id=found.row.public_id), 303)
    return _page(found, None)


@bp.post("/calls/<public_id>/amend/publish")
@call_gate.requires(Permission.CALL_EDIT, Permission.CALL_AMEND)
def publish(found: Found[Call]) -> Any:
    form = _form(found)
    command = form.command() if form.validate() else None
    if command is None:
        return _page(found, form), 422
    try:
        with transaction(found.row) as session:
            made = publish_amendment(
                session, found.row, command, version=form.opened, actor=current_actor(), now=utc_now()
            )
    except DomainError as error:
        fill_errors(form, error)
        again = call_gate.load(found.row.public_id)
        form.version.data = str(again.row.version)
        return _page(again, form), error.status
    if made.status is AmendmentStatus.IN_FORCE:
        flash(_("The amendment is in force. Everybody who takes part is told."), "success")
    else:
        flash(_("Everybody who handed in is asked. The rules stay as they are until all have answered."), "success")
    return redirect(url_for("amendments.index", public_id=found.row.public_id), 303)


@bp.post("/calls/<public_id>/amend/discard")
@call_gate.requires(Permission.CALL_AMEND)
def discard(found: Found[Call]) -> Response:
    with transaction(found.row) as session:
        drop_written(session, found.row, actor=current_actor(), now=utc_now())
    flash(_("The copy is thrown away. The rules are as they were."), "success")
    return redirect(url_for("amendments.index", public_id=found.row.public_id), 303)


@bp.post("/calls/<public_id>/amendments/take-back")
@call_gate.requires(Permission.CALL_AMEND)
def take_back(found: Found[Call]) -> Response:
    """The organization gives up an amendment that waits for consent."""
    amendment = proposed_in(db.session(), found.row.id)
    if amendment is not None:
        with transaction(found.row, amendment) as session:
            drop_proposed(session, found.row, amendment, actor=current_actor(), now=utc_now())
        flash(_("The amendment is taken back. Everybody asked is told."), "success")
    return redirect(url_for("amendments.index", public_id=found.row.public_id), 303)


def _form(found: Found[Call]) -> AmendmentForm:
    now = utc_now()
    suggested = min(now + USUAL_TIME, latest_answer(found.facts.schedule, now))
    return AmendmentForm(
        found.facts.rules.time_zone,
        asks=_verdict(found) is Verdict.CONSENT,
        suggested=suggested,
        version=found.row.version,
    )


def _judged(found: Found[Call]) -> Any:
    now = utc_now()
    circumstances = circumstances_of(db.session(), found.facts, now)
    return judge_amendment(found.facts.rules, written_rules(found.row), circumstances)


def _verdict(found: Found[Call]) -> Verdict:
    return verdict_of(_judged(found))


def _page(found: Found[Call], form: AmendmentForm | None) -> str:
    judgements, rules = _judged(found), written_rules(found.row)
    return render_template(
        "amendments/review.html",
        found=found,
        call=found.row,
        form=form or _form(found),
        tried=form is not None and request.method == "POST",
        changes=told(judgements, found.facts.rules, rules),
        verdict=verdict_of(judgements),
        rules=rules,
        fingerprint=fingerprint(rules),
    )
