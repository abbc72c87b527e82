"""One thing with its reports: keep it, hide it with a reason, show it again."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crowd.calls.gates import find_call
from crowd.conversation.gates import comment_gate
from crowd.conversation.models import Comment
from crowd.core.errors import DomainError
from crowd.core.permissions import Permission
from crowd.core.status import ModerationState
from crowd.moderation.actions import hide, keep, show_again
from crowd.moderation.forms import HideForm
from crowd.moderation.queries import (
    Reportable,
    Waiting,
    call_of,
    kind_of,
    queue_of,
    reports_on,
    thing_of,
    words_of,
)
from crowd.moderation.views.blueprint import bp, place_of
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal
from crowd.selection.gates import shown_endorsement_gate
from crowd.selection.models import Endorsement
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _


@bp.get("/proposals/<public_id>/moderate")
@proposal_gate.requires(Permission.PROPOSAL_HIDE)
def proposal(found: Found[Proposal]) -> str:
    return page(found.row, HideForm(formdata=None))


@bp.get("/comments/<public_id>/hide")
@comment_gate.requires(Permission.COMMENT_HIDE)
def comment(found: Found[Comment]) -> str:
    return page(found.row, HideForm(formdata=None))


@bp.get("/endorsements/<public_id>/moderate")
@shown_endorsement_gate.requires(Permission.ENDORSEMENT_HIDE)
def endorsement(found: Found[Endorsement]) -> str:
    return page(found.row, HideForm(formdata=None))


@bp.post("/endorsements/<public_id>/hide")
@shown_endorsement_gate.requires(Permission.ENDORSEMENT_HIDE)
def hide_endorsement(found: Found[Endorsement]) -> Any:
    return _hide(found.row)


@bp.post("/endorsements/<public_id>/keep")
@shown_endorsement_gate.requires(Permission.ENDORSEMENT_HIDE)
def keep_endorsement(found: Found[Endorsement]) -> Response:
    return _keep(found.row)


@bp.post("/endorsements/<public_id>/unhide")
@shown_endorsement_gate.requires(Permission.ENDORSEMENT_HIDE)
def unhide_endorsement(found: Found[Endorsement]) -> Response:
    return _show(found.row)


@bp.post("/proposals/<public_id>/hide")
@proposal_gate.requires(Permission.PROPOSAL_HIDE)
def hide_proposal(found: Found[Proposal]) -> Any:
    return _hide(found.row)


@bp.post("/comments/<public_id>/hide")
@comment_gate.requires(Permission.COMMENT_HIDE)
def hide_comment(found: Found[Comment]) -> Any:
    return _hide(found.row)


@bp.post("/proposals/<public_id>/keep")
@proposal_gate.requires(Permission.PROPOSAL_HIDE)
def keep_proposal(found: Found[Proposal]) -> Response:
    return _keep(found.row)


@bp.post("/comments/<public_id>/keep")
@comment_gate.requires(Permission.COMMENT_HIDE)
def keep_comment(found: Found[Comment]) -> Response:
    return _keep(found.row)


@bp.post("/proposals/<public_id>/unhide")
@proposal_gate.requires(Permission.PROPOSAL_HIDE)
def unhide_proposal(found: Found[Proposal]) -> Response:
    return _show(found.row)


@bp.post("/comments/<public_id>/unhide")
@comment_gate.requires(Permission.COMMENT_HIDE)
def unhide_comment(found: Found[Comment]) -> Response:
    return _show(found.row)


def _hide(row: Reportable) -> Any:
    form = HideForm()
    if not form.validate():
        return page(row, form), 422
    try:
        with transaction(row) as session:
            hide(session, row, form.command(), actor=current_actor(), now=utc_now())
    except DomainError as error:
        if error.status == 403:
            raise
        fill_errors(form, error)
        return page(row, form), error.status
    undo: Any = {"text": _("Hidden. Its authors are told why."), "undo_url": _act(row, "unhide"), "undo_label": None}
    flash(undo, "success")
    return _on(row)


def _keep(row: Reportable) -> Response:
    with transaction(row) as session:
        keep(session, row, actor=current_actor(), now=utc_now())
    flash(_("Kept. Those who reported it are told."), "success")
    return _on(row)


def _show(row: Reportable) -> Response:
    with transaction(row) as session:
        show_again(session, row, actor=current_actor(), now=utc_now())
    flash(_("It is shown again. Its authors are told."), "success")
    return redirect(place_of(row), 303)


def _on(row: Reportable) -> Response:
    """To the next in the queue if that is where one came from, else back to where it stands."""
    if request.form.get("next") != "queue":
        return redirect(place_of(row), 303)
    call = call_of(db.session(), row)
    following = queue_of(db.session(), call.id, current_actor()).after(row.public_id)
    return redirect(
        address_of(following) if following else url_for("moderation.reports", public_id=call.public_id), 303
    )


def address_of(waiting: Waiting) -> str:
    return url_for(f"moderation.{waiting.kind}", public_id=waiting.key)


def _act(row: Reportable, act: str) -> str:
    return url_for(f"moderation.{act}_{kind_of(row)}", public_id=row.public_id)


def page(row: Reportable, form: HideForm) -> str:
    session = db.session()
    call = call_of(session, row)
    queue = queue_of(session, call.id, current_actor())
    following = queue.after(row.public_id)
    return render_template(
        "moderation/case.html",
        found=find_call(session, call.public_id),
        row=row,
        kind=kind_of(row),
        body=words_of(row),
        hidden=row.moderation is ModerationState.HIDDEN,
        reports=reports_on(session, thing_of(row)),
        form=form,
        queue=queue,
        next_url=address_of(following) if following else None,
        urls={act: _act(row, act) for act in ("hide", "keep", "unhide")},
        place=place_of(row),
        in_queue=row.public_id in {one.key for one in queue.waiting},
    )
