"""Health, language, kept forms."""

from flask import abort, jsonify, redirect, render_template, request, session
from sqlalchemy import text
from werkzeug.wrappers import Response

from crowd.pages.views.blueprint import bp
from crowd.store.db import db
from crowd.web.access import public
from crowd.web.kept import kept_form
from crowd.web.markup import rendered


@bp.get("/kept/<token>")
@public
def kept(token: str) -> str:
    """What was posted while signed out, ready to be sent again."""
    form = kept_form(token)
    if form is None:
        abort(404)
    return render_template("pages/kept.html", kept=form)


@bp.get("/healthz")
@public
def healthz() -> Response:
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def readyz() -> Response:
    db.session.execute(text("SELECT 1 FROM accounts LIMIT 1"))
    return jsonify(status="ready")


@bp.post("/preview")
@public
def preview() -> str:
    """Markdown as it will look: an HTML fragment."""
    return str(rendered(request.form.get("text", "")[:50_000]))


@bp.post("/language")
@public
def language() -> Response:
    """Choose the language of this browser; the signed-in person's own setting is on the profile page."""
    chosen = request.form.get("locale", "")
    if chosen not in {"en", "es"}:
        abort(400)
    session["language"] = chosen
    target = request.form.get("next", "/")
    return redirect(target if target.startswith("/") and not target.startswith(("//", "/\\")) else "/", 303)
