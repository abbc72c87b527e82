"""Where a person is signed in, and ending it there."""

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crowd.accounts.actions import end_sessions, note_use
from crowd.accounts.gates import signed_in
from crowd.accounts.queries import list_sessions
from crowd.accounts.views.blueprint import bp
from crowd.core.errors import NotAllowed
from crowd.core.permissions import Permission
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import requires
from crowd.web.text import _

NOTED_EVERY = 300
"""Seconds: a session's last use is written at most so often."""


@bp.before_app_request
def note() -> None:
    """Before anything is read, so that no transaction is open."""
    if request.endpoint is None or request.blueprint == "assets":
        return
    here, now = signed_in(), utc_now()
    if here is not None and (now - here.used_at).total_seconds() > NOTED_EVERY:
        with transaction() as session:
            note_use(session, here.session_id, now)


@bp.get("/settings/sessions")
@requires(Permission.SIGNED_IN)
def sessions() -> str:
    account_id, here = _here()
    rows = list_sessions(db.session(), account_id, utc_now())
    return render_template("accounts/sessions.html", rows=rows, here=here)


@bp.post("/settings/sessions/<public_id>/end")
@requires(Permission.SIGNED_IN)
def end_one(public_id: str) -> Response:
    account_id, here = _here()
    row = next((one for one in list_sessions(db.session(), account_id, utc_now()) if one.public_id == public_id), None)
    if row is None or row.id == here:
        abort(404)
    with transaction(row) as session:
        end_sessions(session, account_id, now=utc_now(), only=row.id)
    flash(_("That session has ended."), "success")
    return redirect(url_for("accounts.sessions"), 303)


@bp.post("/settings/sessions/end-others")
@requires(Permission.SIGNED_IN)
def end_others() -> Response:
    account_id, here = _here()
    with transaction() as session:
        end_sessions(session, account_id, now=utc_now(), but=here)
    flash(_("You are signed in here only."), "success")
    return redirect(url_for("accounts.sessions"), 303)


def _here() -> tuple[int, int]:
    person = signed_in()
    if person is None:
        raise NotAllowed("signed_in")
    return person.person.id, person.session_id
