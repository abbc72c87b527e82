"""Writing without an account: what is kept for this browser, and the way to an account and back."""

from datetime import timedelta
from typing import Any

from flask import current_app, flash, jsonify, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.proposals.actions import drop_visitor_draft, save_visitor_draft
from crowd.proposals.commands import VisitorText
from crowd.proposals.models import VisitorDraft
from crowd.proposals.queries import visitor_draft, visitor_drafts_named
from crowd.proposals.views.blueprint import bp
from crowd.store import limits
from crowd.store.db import db, transaction, utc_now
from crowd.store.types import ALPHABET, new_public_id
from crowd.web.access import Found, current_actor
from crowd.web.browser import browser_hash, give_browser_key, way_token
from crowd.web.kept import NEVER_KEPT
from crowd.web.text import _

NEW_TEXTS = limits.Limit("visitor-drafts", 60, timedelta(hours=1))
"""New texts from one network; saving again what was begun is not counted, so a school class may write together."""
NOT_TYPED = NEVER_KEPT | {"version", "draft", "then", "way"}


def kept_here(found: Found[Call]) -> VisitorDraft | None:
    """What this browser wrote for the call; or, for a signed-in person on the mailed way back, what another browser did."""
    key = browser_hash()
    row = visitor_draft(db.session(), found.row.id, key) if key else None
    return row or (by_way(found) if current_actor().account_id is not None else None)


def by_way(found: Found[Call]) -> VisitorDraft | None:
    token, draft_key = request.values.get("way", ""), request.values.get("draft", "")
    named = visitor_drafts_named(db.session(), found.row.id, draft_key) if token else []
    return next((row for row in named if token == _way_of(row)), None)


def _way_of(row: VisitorDraft) -> str:
    return way_token(str(row.id), row.key_hash)


def keep_here(found: Found[Call], posted: MultiDict[str, str], opened: int) -> VisitorDraft:
    """Keep the fields for this browser. Raises TooManyAttempts, and as `save_visitor_draft`."""
    key, now = give_browser_key(), utc_now()
    if visitor_draft(db.session(), found.row.id, key) is None:
        settings = current_app.extensions["settings"]
        network = limits.network_of(request.remote_addr)
        limits.take(limits.counted(settings.secret_key, NEW_TEXTS, network), now=now, code="too_many_texts")
    fields = [(name, value) for name, value in posted.items(multi=True) if name not in NOT_TYPED]
    text = VisitorText(tuple(fields), key, usable_key(posted.get("draft")), opened)
    with transaction(found.row) as session:
        return save_visitor_draft(session, found.row, found.facts, text, now=now)


def usable_key(text: str | None) -> str:
    """The id the form carries if it is of our making, else a new one."""
    known = text is not None and len(text) == 12 and set(text) <= set(ALPHABET)
    return text if known and text else new_public_id()


def way_on(found: Found[Call], row: VisitorDraft) -> Response:
    """To an account, and back to this text in this browser or another."""
    here = propose_path(found)
    if request.form.get("then") == "keep":
        flash(_("It is kept in this browser for 14 days."), "success")
        return redirect(here, 303)
    flash(_("What you wrote is kept. Sign in or create an account, and it will be here."), "info")
    way = "accounts.sign_up" if request.form.get("then") == "sign-up" else "accounts.sign_in"
    return redirect(url_for(way, next=f"{here}?draft={row.draft_key}&way={_way_of(row)}"), 303)


def propose_path(found: Found[Call]) -> str:
    return url_for("proposals.propose", public_id=found.row.public_id)


def kept_answer(row: VisitorDraft) -> Any:
    return jsonify(saved_at=row.edited_at.isoformat(), version=row.version)


def forget_here(found: Found[Call]) -> None:
    """What was kept is in a draft now, or was thrown away."""
    row = kept_here(found)
    if row is not None:
        with transaction(row) as session:
            drop_visitor_draft(session, row)


@bp.post("/calls/<public_id>/propose/discard")
@call_gate.requires()
def propose_discard(found: Found[Call]) -> Response:
    """Throw away what this browser kept: on a shared machine the next one should not find it."""
    forget_here(found)
    flash(_("What was kept in this browser is gone."), "success")
    return redirect(url_for("pages.call", public_id=found.row.public_id), 303)
