"""The manager's page of an electorate: a list of addresses, or one-time codes to print."""

import csv
import io
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.permissions import Permission
from crowd.core.rules import Electorate, RoundKind
from crowd.rounds.gates import find_round
from crowd.rounds.models import CallRound
from crowd.store.db import db, utc_now
from crowd.voting.actions.electorate import add_electors, make_codes, remove_elector, revoke_code
from crowd.voting.forms import ElectorsForm, MakeCodesForm, RemoveElectorForm, RevokeCodeForm
from crowd.voting.queries import count_codes, list_electors
from crowd.voting.views.attempting import attempt
from crowd.voting.views.blueprint import rounds_bp
from crowd.web.access import Found, current_actor
from crowd.web.text import _, ngettext

SHOWN = 200
KINDS = frozenset({Electorate.INVITED, Electorate.CODES})


@rounds_bp.get("/calls/<public_id>/rounds/<key>/electorate")
@call_gate.requires(Permission.CALL_MANAGE)
def electorate(found: Found[Call], key: str) -> str:
    return _page(found, _vote(found, key))


@rounds_bp.post("/calls/<public_id>/rounds/<key>/electorate/addresses")
@call_gate.requires(Permission.CALL_MANAGE)
def add_addresses(found: Found[Call], key: str) -> Any:
    form, row = ElectorsForm(), _vote(found, key).row
    added, refused = attempt(
        row,
        form,
        lambda session: add_electors(session, row, form.addresses.parts(), actor=current_actor(), now=utc_now()),
        lambda: _page(*_anew(found, key), add=form),
    )
    if refused:
        return refused
    flash(ngettext("%(num)d address is on the list now.", "%(num)d addresses are on the list now.", added), "success")
    return _back(found, key)


@rounds_bp.post("/calls/<public_id>/rounds/<key>/electorate/remove")
@call_gate.requires(Permission.CALL_MANAGE)
def remove_address(found: Found[Call], key: str) -> Any:
    form, row = RemoveElectorForm(), _vote(found, key).row
    _done, refused = attempt(
        row,
        form,
        lambda session: remove_elector(session, row, form.remove.data or "", actor=current_actor(), now=utc_now()),
        lambda: _page(*_anew(found, key), remove=form),
    )
    if refused:
        return refused
    flash(_("The address is off the list. A ballot already cast stands."), "success")
    return _back(found, key)


@rounds_bp.post("/calls/<public_id>/rounds/<key>/electorate/codes")
@call_gate.requires(Permission.CALL_MANAGE)
def new_codes(found: Found[Call], key: str) -> Any:
    """Shown this once, as slips to print or as a table: only their hashes are kept."""
    form, vote = MakeCodesForm(), _vote(found, key)
    made, refused = attempt(
        vote.row,
        form,
        lambda session: make_codes(session, vote.row, form.number.data or 0, actor=current_actor(), now=utc_now()),
        lambda: _page(*_anew(found, key), make=form),
    )
    if made is None:
        return refused
    batch, codes = made
    if request.form.get("as") == "csv":
        return _table(found, key, batch, codes)
    page = Response(render_template("rounds/codes.html", found=found, vote=vote, batch=batch, codes=codes), 201)
    page.headers["Cache-Control"] = "no-store"
    return page


@rounds_bp.post("/calls/<public_id>/rounds/<key>/electorate/revoke")
@call_gate.requires(Permission.CALL_MANAGE)
def end_code(found: Found[Call], key: str) -> Any:
    form, row = RevokeCodeForm(), _vote(found, key).row
    _done, refused = attempt(
        row,
        form,
        lambda session: revoke_code(session, row, form.revoke.data or "", actor=current_actor(), now=utc_now()),
        lambda: _page(*_anew(found, key), revoke=form),
    )
    if refused:
        return refused
    flash(_("The code opens nothing any more."), "success")
    return _back(found, key)


def _back(found: Found[Call], key: str) -> BaseResponse:
    return redirect(url_for("rounds.electorate", public_id=found.row.public_id, key=key), 303)


def _anew(found: Found[Call], key: str) -> tuple[Found[Call], Found[CallRound]]:
    """What a refused transaction left behind is read again."""
    again = call_gate.load(found.row.public_id)
    return again, _vote(again, key)


def _vote(found: Found[Call], key: str) -> Found[CallRound]:
    """A vote whose electorate the organization makes; 404 for any other round."""
    round_ = find_round(db.session(), found, key)
    if round_ is None or round_.row.kind is not RoundKind.VOTE or round_.facts.round.electorate not in KINDS:
        abort(404)
    return round_


def _page(found: Found[Call], vote: Found[CallRound], **forms: Any) -> str:
    session = db.session()
    listed, more = list_electors(session, vote.row.id, SHOWN)
    return render_template(
        "rounds/electorate.html",
        found=found,
        vote=vote,
        listed=listed,
        more=more,
        codes=count_codes(session, vote.row.id),
        over=vote.facts.is_over(utc_now()),
        add=forms.get("add") or ElectorsForm(formdata=None),
        remove=forms.get("remove") or RemoveElectorForm(formdata=None),
        make=forms.get("make") or MakeCodesForm(formdata=None),
        revoke=forms.get("revoke") or RevokeCodeForm(formdata=None),
    )


def _table(found: Found[Call], key: str, batch: int, codes: list[str]) -> Response:
    address = url_for("voting.vote", public_id=found.row.public_id, round=key, _external=True)
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["number", "code", "address"])
    rows.writerows([f"{batch}-{number}", code, address] for number, code in enumerate(codes, start=1))
    response = Response(text.getvalue(), 201, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="codes-{key}-{batch}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response
