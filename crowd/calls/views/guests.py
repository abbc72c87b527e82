"""People invited to a call: the manager's page, and the doors by link and by code."""

import hmac
from datetime import timedelta
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from crowd.calls.actions import admit, invite_addresses, make_way_in, revoke_way_in
from crowd.calls.actions.guests import check_way_in, link_token
from crowd.calls.forms.guests import AddressesForm, CodeForm, WayInForm
from crowd.calls.gates import call_gate, find_call
from crowd.calls.models import Call, CallInvitation
from crowd.calls.queries import get_invitation, get_invitation_by_code, list_invitations
from crowd.calls.views.blueprint import bp
from crowd.core.errors import DomainError
from crowd.core.permissions import Permission
from crowd.store.db import db, transaction, utc_now
from crowd.store.limits import Limit, counted, take
from crowd.store.secrets import token_hash
from crowd.web.access import Found, current_actor, public, requires
from crowd.web.errors import sentence
from crowd.web.links import absolute_link
from crowd.web.text import _, ngettext

CODES = Limit("call codes", 20, timedelta(hours=1))


def _secret() -> str:
    key: str = current_app.extensions["settings"].secret_key
    return key


@bp.get("/calls/<public_id>/guests")
@call_gate.requires(Permission.CALL_MANAGE)
def guests(found: Found[Call]) -> str:
    return _page(found, AddressesForm(formdata=None), WayInForm(found.facts.rules.time_zone, formdata=None))


@bp.post("/calls/<public_id>/guests/addresses")
@call_gate.requires(Permission.CALL_MANAGE)
def invite(found: Found[Call]) -> Any:
    form = AddressesForm()
    if not form.validate():
        return _page(found, form, WayInForm(found.facts.rules.time_zone, formdata=None)), 422
    with transaction(found.row) as session:
        invited = invite_addresses(
            session, found.row, form.addresses.parts(), secret_key=_secret(), actor=current_actor(), now=utc_now()
        )
    flash(ngettext("%(num)d address is invited.", "%(num)d addresses are invited.", invited), "success")
    return redirect(url_for("calls.guests", public_id=found.row.public_id), 303)


@bp.post("/calls/<public_id>/guests/way-in")
@call_gate.requires(Permission.CALL_MANAGE)
def open_way(found: Found[Call]) -> Any:
    """Make a link or a code. A code is shown this once; a link can be seen again."""
    form = WayInForm(found.facts.rules.time_zone)
    command = form.command() if form.validate() else None
    if command is None:
        return _page(found, AddressesForm(formdata=None), form), 422
    with transaction(found.row) as session:
        _made, code = make_way_in(session, found.row, command, actor=current_actor(), now=utc_now())
    return _page(found, AddressesForm(formdata=None), WayInForm(form.zone, formdata=None), code=code), 201


@bp.post("/calls/<public_id>/guests/<invitation>/revoke")
@call_gate.requires(Permission.CALL_MANAGE)
def close_way(found: Found[Call], invitation: str) -> Response:
    row = get_invitation(db.session(), invitation)
    if row is None or row.call_id != found.row.id:
        abort(404)
    with transaction(found.row, row) as session:
        revoke_way_in(session, found.row, row, actor=current_actor(), now=utc_now())
    flash(_("Nobody comes in by this any more. Whoever came in stays."), "success")
    return redirect(url_for("calls.guests", public_id=found.row.public_id), 303)


def _page(found: Found[Call], addresses: AddressesForm, way: WayInForm, *, code: str = "") -> str:
    rows = list_invitations(db.session(), found.row.id)
    return render_template(
        "calls/guests.html",
        found=found,
        call=found.row,
        addresses=addresses,
        way=way,
        code=code,
        invitations=[(row, absolute_link(f"/invited/{link_token(_secret(), row.public_id)}")) for row in rows],
    )


def _load(session: Session, token: str) -> CallInvitation:
    """The invitation of a link; 404 for a token that is not of our making."""
    public_id = token.partition("-")[0]
    row = get_invitation(session, public_id)
    if row is None or row.code_hash is not None or not hmac.compare_digest(link_token(_secret(), public_id), token):
        abort(404)
    return row


@bp.get("/invited/<token>")
@public
def invited(token: str) -> Any:
    return _door(_load(db.session(), token), url_for("calls.come_in", token=token))


@bp.post("/invited/<token>")
@requires(Permission.SIGNED_IN)
def come_in(token: str) -> Any:
    return _enter(_load(db.session(), token))


@bp.get("/invited")
@public
def code() -> str:
    return render_template("calls/code.html", form=CodeForm(formdata=None))


@bp.post("/invited")
@requires(Permission.SIGNED_IN)
def come_in_by_code() -> Any:
    """Guesses are counted for each person."""
    form = CodeForm()
    take(counted(_secret(), CODES, str(current_actor().account_id)), now=utc_now())
    typed = "".join((form.code.data or "").split()).casefold()
    row = get_invitation_by_code(db.session(), token_hash(typed)) if form.validate() else None
    if row is None:
        form.code.errors = [*form.code.errors, _("There is no such code. Look at it once more.")]
        return render_template("calls/code.html", form=form), 422
    return _enter(row)


def _door(row: CallInvitation, url: str) -> Any:
    call = db.session.get_one(Call, row.call_id)
    try:
        check_way_in(row, utc_now())
    except DomainError as error:
        if call.id not in current_actor().invited_to:
            return render_template("calls/invited.html", call=None, refused=sentence(error.code), url=url), 410
    if call.id in current_actor().invited_to:
        return redirect(url_for("pages.call", public_id=call.public_id), 303)
    return render_template("calls/invited.html", call=call, refused=None, url=url)


def _enter(row: CallInvitation) -> Any:
    found = find_call(db.session(), db.session.get_one(Call, row.call_id).public_id)
    if found is None:
        abort(404)
    try:
        with transaction(row) as session:
            admit(session, found.row, row, actor=current_actor(), now=utc_now())
    except DomainError as error:
        page = render_template("calls/invited.html", call=None, refused=sentence(error.code), url=request.path)
        return page, 410
    flash(_("You are invited: welcome to “%(call)s”.", call=found.row.title), "success")
    return redirect(url_for("pages.call", public_id=found.row.public_id), 303)
