"""Publishing: what will happen in numbers, every letter as it will be sent, then one act."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.errors import InvalidInput
from crowd.core.permissions import Permission
from crowd.core.status import LetterFate
from crowd.mailing.letters import Letter
from crowd.selection.actions.publish import publish_results
from crowd.selection.forms import PublishForm
from crowd.selection.queries.letters import OutcomeLetter, outcome_letters, seen_fingerprint
from crowd.selection.queries.room import Room, Row
from crowd.selection.views.blueprint import bp
from crowd.selection.views.letters import written
from crowd.selection.views.loading import current_room
from crowd.selection.views.words import off_quota_words
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _


@dataclass(frozen=True)
class Preview:
    to: OutcomeLetter
    letter: Letter


@bp.get("/calls/<public_id>/decisions/publish")
@call_gate.requires(Permission.SELECTION_VIEW)
def publish(found: Found[Call]) -> Any:
    if found.facts.results_published:
        return redirect(url_for(".results", public_id=found.row.public_id), 303)
    return _page(found, PublishForm(formdata=None))


@bp.post("/calls/<public_id>/decisions/publish")
@call_gate.requires(Permission.SELECTION_VIEW)
def publish_now(found: Found[Call]) -> Any:
    form = PublishForm()
    if not form.validate_on_submit():
        return _page(found, form), 422
    try:
        with transaction(found.row) as session:
            publish_results(session, found.row, form.command(), actor=current_actor(), now=utc_now())
    except InvalidInput as error:
        fill_errors(form, error)
        return _page(call_gate.load(found.row.public_id), form), 422
    flash(_("The results are published. Every author is told by mail, with the reason."), "success")
    return redirect(url_for(".results", public_id=found.row.public_id), 303)


def _page(found: Found[Call], form: PublishForm) -> str:
    room = current_room(found.facts)
    letters = outcome_letters(db.session(), found.facts.rules.title, room.rows)
    form.fingerprint.data = seen_fingerprint(room.fingerprint, letters)
    fates = Counter(each.fate for each in letters)
    return render_template(
        "selection/publish.html",
        found=found,
        form=form,
        ready=room.readiness(current_actor()),
        titles=_titles(room),
        quota_words=off_quota_words,
        previews=[Preview(each, written(each)) for each in letters],
        sending=fates[LetterFate.SEND],
        held=fates[LetterFate.HELD],
        deleted=fates[LetterFate.DELETED],
        outdated=sum(each.outdated for each in letters),
        stakes={row.proposal.id for row in room.staked(current_actor())},
        confirmed=[row for row in room.staked(current_actor()) if _confirmed(row)],
    )


def _confirmed(row: Row) -> bool:
    return row.verdict is not None and row.verdict.confirmed_by_id is not None


def _titles(room: Room) -> dict[str, str]:
    proposals = [row.proposal for row in room.rows] + list(room.unscreened)
    return {proposal.public_id: proposal.title for proposal in proposals}
