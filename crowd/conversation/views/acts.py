"""Writing, changing and moderating comments."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.conversation.actions import (
    delete_comment,
    edit_comment,
    post_comment,
    restore_deleted_comment,
)
from crowd.conversation.forms import CommentForm, EditCommentForm
from crowd.conversation.gates import comment_gate
from crowd.conversation.models import Comment
from crowd.conversation.views.blueprint import bp
from crowd.conversation.views.thread import place_url
from crowd.core.errors import InvalidInput
from crowd.core.permissions import Permission
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, Gate, current_actor, require
from crowd.web.forms import fill_errors
from crowd.web.text import _


@bp.route("/calls/<public_id>/comments", methods=["GET", "POST"])
@call_gate.requires()
def on_call(found: Found[Call]) -> Any:
    return _converse(call_gate, found, "conversation/on_call.html")


@bp.route("/proposals/<public_id>/comments", methods=["GET", "POST"])
@proposal_gate.requires()
def on_proposal(found: Found[Proposal]) -> Any:
    return _converse(proposal_gate, found, "conversation/on_proposal.html")


def _converse(gate: Gate[Any], found: Found[Any], template: str) -> Any:
    if request.method == "GET":
        return render_template(template, found=found, form=None)
    require(current_actor(), Permission.COMMENT_CREATE, found.facts, utc_now())
    form, public_id = CommentForm(), found.row.public_id
    if form.validate_on_submit():
        try:
            with transaction() as session:
                comment = post_comment(session, found.row, form.command(), actor=current_actor(), now=utc_now())
            return _back_to(comment, found.row)
        except InvalidInput as error:
            fill_errors(form, error)
            found = gate.load(public_id)  # the rolled-back transaction forgot what was loaded
    return render_template(template, found=found, form=form), 422


def _back_to(comment: Comment, place: Call | Proposal) -> Response:
    """To the comment itself, where it stands."""
    endpoint = "pages.proposal" if isinstance(place, Proposal) else "conversation.on_call"
    return redirect(url_for(endpoint, public_id=place.public_id, _anchor=f"comment-{comment.public_id}"), 303)


def _place_of(comment: Comment) -> Call | Proposal:
    session = db.session()
    if comment.proposal_id is not None:
        return session.get_one(Proposal, comment.proposal_id)
    return session.get_one(Call, comment.call_id)


@bp.route("/comments/<public_id>/edit", methods=["GET", "POST"])
@comment_gate.requires(Permission.COMMENT_EDIT)
def edit(found: Found[Comment]) -> Any:
    form = EditCommentForm(obj=found.row)
    if form.validate_on_submit():
        with transaction(found.row) as session:
            edit_comment(session, found.row, form.body.data or "", actor=current_actor(), now=utc_now())
        return _back_to(found.row, _place_of(found.row))
    place = _place_of(found.row)
    page = render_template("conversation/edit.html", form=form, comment=found.row, back=place_url(place))
    return page, 422 if form.errors else 200


@bp.post("/comments/<public_id>/delete")
@comment_gate.requires(Permission.COMMENT_EDIT)
def delete(found: Found[Comment]) -> Response:
    with transaction(found.row) as session:
        delete_comment(session, found.row, actor=current_actor(), now=utc_now())
    undo = url_for("conversation.undelete", public_id=found.row.public_id)
    flash({"text": _("Your comment is removed."), "undo_url": undo, "undo_label": None}, "success")  # type: ignore[arg-type]
    return _back_to(found.row, _place_of(found.row))


@bp.post("/comments/<public_id>/undelete")
@comment_gate.requires(Permission.COMMENT_UNDELETE)
def undelete(found: Found[Comment]) -> Response:
    with transaction(found.row) as session:
        restore_deleted_comment(session, found.row, actor=current_actor(), now=utc_now())
    return _back_to(found.row, _place_of(found.row))
