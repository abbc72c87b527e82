"""A juror's own pages: what waits for a review, and the conflicts to declare first."""

from typing import Any

from flask import abort, flash, redirect, render_template, request

from crowd.core.permissions import Permission
from crowd.reviews.actions import declare_conflicts
from crowd.reviews.gates import round_gate
from crowd.reviews.models import Juror
from crowd.reviews.queries import candidates_for, juror_of_account, next_open, queue_of, stakes_of_juror
from crowd.reviews.views.blueprint import bp, round_url, show_without_names
from crowd.reviews.views.chair import show_overview
from crowd.rounds.actions import ensure_opened
from crowd.rounds.models import CallRound
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, allowed, current_actor
from crowd.web.text import _

MOST_REASON = 1000


@bp.get("/calls/<public_id>/reviews")
@round_gate.requires(Permission.REVIEWS_VIEW)
def index(found: Found[CallRound]) -> Any:
    """A juror's queue; the overview for managers and chairs, whose own queue is at `?view=mine`."""
    if ensure_opened(found, utc_now()) is not found:
        found = round_gate.load(found.row.call.public_id)
    juror = juror_of_account(db.session(), found.row.id, current_actor().account_id or 0)
    if allowed(Permission.ROUND_CHAIR, found.facts) and (juror is None or request.args.get("view") != "mine"):
        return show_overview(found, juror)
    if juror is None:
        abort(404)
    if juror.conflicts_declared_at is None and found.row.candidates_sha256:
        return redirect(round_url("reviews.conflicts", found.row), 303)
    queue = queue_of(db.session(), juror)
    show_without_names(found, [item.assignment.proposal for item in queue.items])
    return render_template(
        "reviews/queue.html", found=found, juror=juror, queue=queue, following=next_open(queue), now=utc_now()
    )


@bp.get("/calls/<public_id>/reviews/conflicts")
@round_gate.requires(Permission.REVIEWS_VIEW)
def conflicts(found: Found[CallRound]) -> str:
    return _conflicts_page(found, _own_place(found), {})


@bp.post("/calls/<public_id>/reviews/conflicts")
@round_gate.requires(Permission.REVIEWS_VIEW)
def declare(found: Found[CallRound]) -> Any:
    juror = _own_place(found)
    picked = set(request.form.getlist("conflict"))
    chosen = {p.id: _reason(p.public_id) for p in candidates_for(db.session(), found.row.id) if p.public_id in picked}
    if any(len(reason) > MOST_REASON for reason in chosen.values()):
        return _conflicts_page(found, juror, chosen), 422
    with transaction(found.row.call, juror) as session:
        declare_conflicts(session, juror, chosen, actor=current_actor(), now=utc_now())
    flash(_("Your declaration is stored. You can begin."), "success")
    return redirect(round_url("reviews.index", found.row, view="mine"), 303)


def _reason(public_id: str) -> str:
    return request.form.get(f"reason_{public_id}", "").strip()


def _own_place(found: Found[CallRound]) -> Juror:
    juror = juror_of_account(db.session(), found.row.id, current_actor().account_id or 0)
    if juror is None:
        abort(404)
    return juror


def _conflicts_page(found: Found[CallRound], juror: Juror, chosen: dict[int, str]) -> str:
    every = candidates_for(db.session(), found.row.id)
    declared = stakes_of_juror(db.session(), juror, [p.id for p in every])
    candidates = [p for p in every if p.id not in declared]
    return render_template(
        "reviews/conflicts.html",
        found=found,
        juror=juror,
        candidates=candidates,
        declared=len(declared),
        blind=found.row.call_id in current_actor().blind_in,
        chosen=chosen,
        too_long={id_ for id_, reason in chosen.items() if len(reason) > MOST_REASON},
        most=MOST_REASON,
    )
