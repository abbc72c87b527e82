"""One's own proposals on one's own profile."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from crowd.core.permissions import Permission
from crowd.proposals.actions import show_proposal
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal
from crowd.proposals.views.blueprint import bp
from crowd.store.db import transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.text import _


@bp.post("/proposals/<public_id>/profile/<any(show, hide):what>")
@proposal_gate.requires(Permission.PROPOSAL_PROFILE)
def on_profile(found: Found[Proposal], what: str) -> Response:
    with transaction(found.row) as session:
        show_proposal(session, found.row, shown=what == "show", actor=current_actor(), now=utc_now())
    words = (
        _("Your profile shows this proposal to everybody who may read it.")
        if what == "show"
        else _("Your profile hides this proposal from others.")
    )
    flash(words, "success")
    return redirect(url_for("pages.profile"), 303)
