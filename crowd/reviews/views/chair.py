"""The chair's overview: how far the jury is, what the numbers say, whom to remind."""

from typing import Any

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from crowd.core.permissions import Permission
from crowd.proposals.gates import stakes_in
from crowd.reviews.actions import remind_jurors
from crowd.reviews.gates import review_rounds, round_gate, stake_of_account
from crowd.reviews.models import Juror
from crowd.reviews.queries import Overview, candidates_for, overview_of, recusals_of_round
from crowd.reviews.views.blueprint import bp, kept_back, round_url, secret
from crowd.rounds.models import CallRound
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.text import _, ngettext

FILTERS = ("all", "missing", "unassigned", "discussed")


def show_overview(found: Found[CallRound], juror: Juror | None) -> str:
    """`juror`: the viewer's own place on this jury, if any."""
    overview = chair_overview(found)
    shown = request.args.get("show", "all")
    return render_template(
        "reviews/overview.html",
        found=found,
        rounds=review_rounds(db.session(), found.row.call.public_id),
        juror=juror,
        overview=overview,
        shown=shown if shown in FILTERS else "all",
        lines=_lines(overview, shown),
        recusals=recusals_of_round(db.session(), found.row.id),
    )


def chair_overview(found: Found[CallRound]) -> Overview:
    return overview_of(db.session(), found.row.id, found.facts.round, own_stakes(found), kept_back(found))


def own_stakes(found: Found[CallRound]) -> set[int]:
    """The candidates in which the viewer has a stake: they neither see their numbers nor choose their reviewers."""
    ids = [proposal.id for proposal in candidates_for(db.session(), found.row.id)]
    return stake_of_account(db.session(), stakes_in(db.session(), ids), ids, current_actor().account_id)


def _lines(overview: Overview, shown: str) -> Any:
    if shown == "missing":
        return overview.missing
    if shown == "unassigned":
        return [line for line in overview.proposals if not line.assigned]
    return overview.discussed if shown == "discussed" else overview.proposals


@bp.post("/calls/<public_id>/reviews/remind")
@round_gate.requires(Permission.ROUND_CHAIR)
def remind(found: Found[CallRound]) -> Response:
    """Remind everybody who has open work or has not answered."""
    behind = [line.juror for line in chair_overview(found).behind]
    with transaction(found.row.call, *behind) as session:
        count = remind_jurors(session, found.row, behind, secret=secret(), actor=current_actor(), now=utc_now())
    say_reminded(count)
    return redirect(round_url("reviews.index", found.row), 303)


def say_reminded(count: int) -> None:
    if count:
        flash(ngettext("%(num)d reminder is on its way.", "%(num)d reminders are on their way.", count), "success")
    else:
        flash(_("Nobody was reminded: each person gets at most one reminder a day."), "info")
