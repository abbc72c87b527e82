"""The proposed assignment: a preview with its figures, then one act. Nothing changes before."""

from typing import Any

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from crowd.core.errors import InvalidInput
from crowd.core.permissions import Permission
from crowd.meaning.encoder import encoder
from crowd.reviews.actions import assign_pairs
from crowd.reviews.gates import round_gate
from crowd.reviews.queries import Plan, plan_of
from crowd.reviews.views.blueprint import bp, found_again, round_url
from crowd.reviews.views.chair import own_stakes
from crowd.rounds.models import CallRound
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.errors import sentence
from crowd.web.numbers import natural
from crowd.web.text import _, ngettext

PLAN = "/calls/<public_id>/reviews/plan"
MOST = 50


@bp.get(PLAN)
@round_gate.requires(Permission.ROUND_CHAIR, Permission.ROUND_ASSIGN)
def plan(found: Found[CallRound]) -> str:
    return _page(found, _plan(found, _each(found, request.args.get("each"))))


@bp.post(PLAN)
@round_gate.requires(Permission.ROUND_CHAIR, Permission.ROUND_ASSIGN)
def apply_plan(found: Found[CallRound]) -> Any:
    """Only what was shown is applied: if anything changed since, the new proposal is shown instead."""
    each = _each(found, request.form.get("each"))
    proposed = _plan(found, each)
    if proposed.fingerprint != request.form.get("fingerprint"):
        return _page(
            found, proposed, _("The jury or its work changed since you looked. This is the new proposal.")
        ), 409
    return _applied(found, proposed, each)


def _applied(found: Found[CallRound], proposed: Plan, each: int) -> Any:
    jurors = {juror.id: juror for juror, _proposal in proposed.pairs}
    try:
        with transaction(found.row.call, *jurors.values()) as session:
            count = assign_pairs(session, found.row, proposed.pairs, actor=current_actor(), now=utc_now())
    except InvalidInput as error:
        found = found_again()
        return _page(found, _plan(found, each), sentence(error.code, **error.values)), 409
    flash(ngettext("%(num)d review assigned.", "%(num)d reviews assigned.", count), "success")
    return _back(found)


def _back(found: Found[CallRound]) -> Response:
    return redirect(round_url("reviews.index", found.row), 303)


def _each(found: Found[CallRound], text: str | None) -> int:
    """Reviewers per proposal: as asked, else as many as the rules ask for at least."""
    least = max(1, found.facts.round.min_reviews)
    return min(max(natural(text, least), 1), MOST)


def _plan(found: Found[CallRound], each: int) -> Plan:
    return plan_of(db.session(), found.row, each, own_stakes(found), encoder)


def _page(found: Found[CallRound], proposed: Plan, fault: str | None = None) -> str:
    return render_template("reviews/plan.html", found=found, plan=proposed, fault=fault, most=MOST)
