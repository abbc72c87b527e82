"""Who sits on the jury: invite, remind, copy a link, let go."""

from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from crowd.core.errors import InvalidInput
from crowd.core.permissions import Permission
from crowd.reviews.actions import (
    copied_token,
    invite_juror,
    remind_jurors,
    remove_juror,
    replace_links,
    resend_invitation,
    set_chair,
    show_link,
)
from crowd.reviews.forms import InviteForm
from crowd.reviews.gates import round_gate
from crowd.reviews.views.assigning import juror_page
from crowd.reviews.views.blueprint import bp, found_again, juror_or_404, round_url, secret
from crowd.reviews.views.chair import say_reminded
from crowd.rounds.models import CallRound
from crowd.store.db import transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _

JUROR = "/calls/<public_id>/reviews/jurors/<juror_id>"


@bp.get("/calls/<public_id>/reviews/invite")
@round_gate.requires(Permission.ROUND_CHAIR, Permission.ROUND_MANAGE)
def invite(found: Found[CallRound]) -> str:
    return render_template("reviews/invite.html", found=found, form=InviteForm())


@bp.post("/calls/<public_id>/reviews/invite")
@round_gate.requires(Permission.ROUND_CHAIR, Permission.ROUND_MANAGE)
def send_invite(found: Found[CallRound]) -> Any:
    form = InviteForm()
    if form.validate():
        try:
            with transaction(found.row.call) as session:
                juror = invite_juror(
                    session, found.row, form.command(), secret=secret(), actor=current_actor(), now=utc_now()
                )
        except InvalidInput as error:
            fill_errors(form, error)
            found = found_again()
        else:
            flash(
                _("%(name)s is invited: the letter is on its way to %(email)s.", name=juror.name, email=juror.email),
                "success",
            )
            return redirect(round_url("reviews.index", found.row), 303)
    return render_template("reviews/invite.html", found=found, form=form), 422


@bp.post(f"{JUROR}/resend")
@round_gate.requires(Permission.ROUND_CHAIR, Permission.ROUND_MANAGE)
def resend(found: Found[CallRound], juror_id: str) -> Response:
    juror = juror_or_404(found.row, juror_id)
    with transaction(found.row.call, juror) as session:
        resend_invitation(session, juror, secret=secret(), actor=current_actor(), now=utc_now())
    flash(_("The invitation is on its way again."), "success")
    return back_to(found, juror_id)


@bp.post(f"{JUROR}/replace-link")
@round_gate.requires(Permission.ROUND_CHAIR, Permission.ROUND_MANAGE)
def replace_link(found: Found[CallRound], juror_id: str) -> Response:
    juror = juror_or_404(found.row, juror_id)
    with transaction(found.row.call, juror) as session:
        replace_links(session, juror, secret=secret(), actor=current_actor(), now=utc_now())
    flash(_("The links sent so far no longer work. A letter with a new one is on its way."), "success")
    return back_to(found, juror_id)


@bp.post(f"{JUROR}/link")
@round_gate.requires(Permission.ROUND_CHAIR)
def link(found: Found[CallRound], juror_id: str) -> Any:
    """Show the link that may be copied; that it was shown is on record."""
    juror = juror_or_404(found.row, juror_id)
    with transaction(found.row.call, juror) as session:
        show_link(session, juror, actor=current_actor(), now=utc_now())
    base = current_app.extensions["settings"].base_url.rstrip("/")
    address = base + url_for("reviews.open_invitation", token=copied_token(juror, secret()))
    return juror_page(found_again(), juror_id, link=address)


@bp.post(f"{JUROR}/remind")
@round_gate.requires(Permission.ROUND_CHAIR)
def remind_one(found: Found[CallRound], juror_id: str) -> Response:
    juror = juror_or_404(found.row, juror_id)
    with transaction(found.row.call, juror) as session:
        count = remind_jurors(session, found.row, [juror], secret=secret(), actor=current_actor(), now=utc_now())
    say_reminded(count)
    return back_to(found, juror_id)


@bp.post(f"{JUROR}/chair")
@round_gate.requires(Permission.ROUND_CHAIR, Permission.ROUND_MANAGE)
def chair_flag(found: Found[CallRound], juror_id: str) -> Response:
    juror = juror_or_404(found.row, juror_id)
    with transaction(found.row.call, juror) as session:
        set_chair(session, juror, is_chair=not juror.is_chair, actor=current_actor(), now=utc_now())
    return back_to(found, juror_id)


@bp.get(f"{JUROR}/remove")
@round_gate.requires(Permission.ROUND_CHAIR, Permission.ROUND_MANAGE)
def ask_remove(found: Found[CallRound], juror_id: str) -> str:
    return render_template("reviews/remove.html", found=found, juror=juror_or_404(found.row, juror_id))


@bp.post(f"{JUROR}/remove")
@round_gate.requires(Permission.ROUND_CHAIR, Permission.ROUND_MANAGE)
def remove(found: Found[CallRound], juror_id: str) -> Response:
    juror = juror_or_404(found.row, juror_id)
    with transaction(found.row.call, juror) as session:
        remove_juror(session, juror, actor=current_actor(), now=utc_now())
    flash(_("%(name)s is no longer on the jury.", name=juror.name), "success")
    return redirect(round_url("reviews.index", found.row), 303)


def back_to(found: Found[CallRound], juror_id: str) -> Response:
    return redirect(round_url("reviews.juror", found.row, juror_id=juror_id), 303)
