"""Publishing versions of the terms and the privacy notice."""

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from crowd.accounts.actions import publish_legal_text
from crowd.accounts.models import LegalKind
from crowd.accounts.queries import built_in_text, list_legal_versions, newest_legal_text
from crowd.admin.forms import LegalTextForm
from crowd.admin.views.blueprint import Reply, bp
from crowd.core.permissions import Permission
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import current_actor, requires
from crowd.web.text import _


@bp.get("/admin/legal")
@requires(Permission.SITE_ADMIN)
def legal() -> Response:
    return redirect(url_for("admin.legal_text", kind=LegalKind.TERMS), 303)


def _kind(kind: str) -> LegalKind:
    if kind not in set(LegalKind):
        abort(404)
    return LegalKind(kind)


def _page(kind: LegalKind, form: LegalTextForm) -> str:
    versions = list_legal_versions(db.session(), kind)
    return render_template("admin/legal.html", kind=kind, form=form, versions=versions)


@bp.get("/admin/legal/<kind>")
@requires(Permission.SITE_ADMIN)
def legal_text(kind: str) -> str:
    chosen = _kind(kind)
    text = newest_legal_text(db.session(), chosen)
    bodies = (text.body_en, text.body_es) if text else (built_in_text(chosen, "en"), built_in_text(chosen, "es"))
    return _page(chosen, LegalTextForm(formdata=None, body_en=bodies[0], body_es=bodies[1]))


@bp.post("/admin/legal/<kind>")
@requires(Permission.SITE_ADMIN)
def publish(kind: str) -> Reply:
    chosen, form = _kind(kind), LegalTextForm()
    if not form.validate():
        return _page(chosen, form), 422
    with transaction() as session:
        text = publish_legal_text(session, chosen, form.command(), actor=current_actor(), now=utc_now())
    flash(_("Version %(number)s is published.", number=text.version), "success")
    return redirect(url_for("admin.legal_text", kind=chosen), 303)
