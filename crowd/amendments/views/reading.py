"""The amendments of a call, each with its reason, difference and fingerprints; and the answers to one that waits."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for

from crowd.amendments.actions import answer_amendment
from crowd.amendments.forms import AnswerForm
from crowd.amendments.models import Amendment
from crowd.amendments.queries import answers_to, asked_of, get_amendment, list_amendments, name_of, proposed_in
from crowd.amendments.views.blueprint import bp
from crowd.amendments.views.words import differences
from crowd.calls.gates import call_gate, frozen_rules
from crowd.calls.models import Call
from crowd.core.amendments import changes_of
from crowd.core.errors import IllegalMove
from crowd.core.permissions import Permission
from crowd.core.status import AmendmentStatus
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, allowed, current_actor
from crowd.web.text import _, _l

STATES: dict[AmendmentStatus, Any] = {
    AmendmentStatus.PROPOSED: _l("waits for consent"),
    AmendmentStatus.IN_FORCE: _l("in force"),
    AmendmentStatus.LAPSED: _l("lapsed: not everybody consented"),
    AmendmentStatus.DROPPED: _l("taken back"),
}


@bp.get("/calls/<public_id>/amendments")
@call_gate.requires()
def index(found: Found[Call]) -> str:
    """All amendments; the one that waits stands first, with what this person has to answer."""
    if found.row.rules is None:
        abort(404)
    session, waiting = db.session(), proposed_in(db.session(), found.row.id)
    asked = asked_of(session, waiting, current_actor().account_id) if waiting else []
    return render_template(
        "amendments/index.html",
        found=found,
        call=found.row,
        amendments=list_amendments(session, found.row.id),
        waiting=waiting,
        changes=_changes(waiting) if waiting else [],
        answers=answers_to(session, waiting) if waiting else None,
        asked=[(one.proposal, AnswerForm(prefix=one.proposal.public_id, data={"answer": one.answer})) for one in asked],
        states=STATES,
    )


@bp.get("/calls/<public_id>/amendments/<int:number>")
@call_gate.requires()
def show(found: Found[Call], number: int) -> str:
    amendment = _load(found, number)
    staff = allowed(Permission.CALL_MANAGE, found.facts)
    return render_template(
        "amendments/show.html",
        found=found,
        call=found.row,
        amendment=amendment,
        changes=_changes(amendment),
        by=name_of(db.session(), amendment.by_id) if staff else "",
        states=STATES,
    )


@bp.get("/calls/<public_id>/amendments/<int:number>/<any(before, after):side>.json")
@call_gate.requires()
def rules(found: Found[Call], number: int, side: str) -> Response:
    """The rules before or after, exactly as they were hashed."""
    amendment = _load(found, number)
    text = amendment.before if side == "before" else amendment.after
    return Response(text.encode(), mimetype="application/json")


def _load(found: Found[Call], number: int) -> Amendment:
    amendment = get_amendment(db.session(), found.row.id, number)
    if amendment is None:
        abort(404)
    return amendment


def _changes(amendment: Amendment) -> Any:
    old, new = frozen_rules(amendment.before), frozen_rules(amendment.after)
    return differences(changes_of(old, new), old, new)


@bp.post("/proposals/<public_id>/consent")
@proposal_gate.requires(Permission.AMENDMENT_ANSWER)
def answer(found: Found[Proposal]) -> Any:
    """The lead accepts the amendment that waits, or leaves if it comes."""
    call = found.row.call
    back = redirect(url_for("amendments.index", public_id=call.public_id), 303)
    number = request.form.get("number", default=0, type=int)
    amendment, form = get_amendment(db.session(), call.id, number), AnswerForm(prefix=found.row.public_id)
    if amendment is None or not form.validate():
        flash(_("Choose one of the two answers."), "error")
        return back
    try:
        with transaction(call, amendment, found.row) as session:
            answer_amendment(
                session, call, amendment, found.row, form.answer.data, actor=current_actor(), now=utc_now()
            )
    except IllegalMove:
        flash(_("This amendment was decided meanwhile."), "warning")
        return back
    flash(_("Your answer is noted. You can change it until the amendment is decided."), "success")
    return back
