"""Publishing a call: the page of the act and the act, which freezes the rules and makes the rounds together."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.errors import DomainError
from crowd.core.permissions import Permission
from crowd.core.rules import fingerprint
from crowd.pages.views.blueprint import bp
from crowd.pages.views.call_story import schedule_lines, steps_of
from crowd.rounds.actions import publish_call as freeze_call
from crowd.store.db import transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.errors import sentence
from crowd.web.text import _


@bp.route("/calls/<public_id>/publish", methods=["GET", "POST"])
@call_gate.requires(Permission.CALL_PUBLISH)
def publish_call(found: Found[Call]) -> Any:
    """Look at the rules once more, then freeze them."""
    if request.method == "GET":
        return _page(found, None)
    version = request.form.get("version", default=0, type=int)
    try:
        with transaction(found.row) as session:
            freeze_call(session, found.row, version=version, actor=current_actor(), now=utc_now())
    except DomainError as error:
        return _page(call_gate.load(found.row.public_id), sentence(error.code, **error.values)), error.status
    flash(_("The call is published. Its rules are frozen from now on."), "success")
    return redirect(url_for("pages.call", public_id=found.row.public_id), 303)


def _page(found: Found[Call], refused: str | None) -> str:
    rules = found.facts.rules
    return render_template(
        "pages/publish_call.html",
        call=found.row,
        rules=rules,
        refused=refused,
        steps=steps_of(rules),
        lines=schedule_lines(found.facts),
        fingerprint=fingerprint(rules),
    )
