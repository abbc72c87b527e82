"""Crediting a comment, and staying unnamed."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from crowd.conversation.actions.crediting import credit_comment, name_writer, uncredit_comment
from crowd.conversation.forms import CreditCommentForm
from crowd.conversation.gates import comment_gate
from crowd.conversation.models import Comment
from crowd.conversation.views.blueprint import bp
from crowd.conversation.views.thread import place_url
from crowd.core.credit import OwnRole
from crowd.core.permissions import Permission
from crowd.proposals.models import Proposal
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.markup import rendered
from crowd.web.text import _


def _proposal_of(comment: Comment) -> Proposal:
    return db.session.get_one(Proposal, comment.proposal_id)


def _back(comment: Comment) -> Response:
    public_id = _proposal_of(comment).public_id
    return redirect(url_for("pages.proposal", public_id=public_id, _anchor=f"comment-{comment.public_id}"), 303)


@bp.route("/comments/<public_id>/credit", methods=["GET", "POST"])
@comment_gate.requires(Permission.CONTRIBUTION_MARK)
def credit(found: Found[Comment]) -> Any:
    form = CreditCommentForm()
    if form.validate_on_submit():
        with transaction(found.row) as session:
            credit_comment(session, found.row, OwnRole(form.role.data), actor=current_actor(), now=utc_now())
        flash(_("Credited. Whoever wrote it is told."), "success")
        return _back(found.row)
    page = render_template(
        "conversation/credit.html",
        form=form,
        comment=found.row,
        html=rendered(found.row.body),
        back=place_url(_proposal_of(found.row)),
    )
    return page, 422 if form.errors else 200


@bp.post("/comments/<public_id>/uncredit")
@comment_gate.requires(Permission.CONTRIBUTION_MARK)
def uncredit(found: Found[Comment]) -> Response:
    with transaction(found.row) as session:
        uncredit_comment(session, found.row, actor=current_actor(), now=utc_now())
    flash(_("The credit for this comment is taken back."), "success")
    return _back(found.row)


def _named(found: Found[Comment], *, named: bool) -> Response:
    with transaction(found.row) as session:
        name_writer(session, found.row, named=named, actor=current_actor(), now=utc_now())
    flash(_("The credit will carry your name.") if named else _("The credit will name nobody."), "success")
    return _back(found.row)


@bp.post("/comments/<public_id>/be-named")
@comment_gate.requires(Permission.CONTRIBUTION_OWN)
def be_named(found: Found[Comment]) -> Response:
    return _named(found, named=True)


@bp.post("/comments/<public_id>/be-unnamed")
@comment_gate.requires(Permission.CONTRIBUTION_OWN)
def be_unnamed(found: Found[Comment]) -> Response:
    return _named(found, named=False)
