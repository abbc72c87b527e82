"""Keeping what was posted when it could not be taken: session over, token stale. No typed word is lost."""

from datetime import timedelta

from flask import request, session
from sqlalchemy import delete, select

from crowd.store.db import db, transaction, utc_now
from crowd.store.models import KeptForm

NEVER_KEPT = frozenset({"csrf_token", "password", "new_password", "current_password", "password_again"})
LARGEST = 400_000
KEPT_FOR = timedelta(days=2)
_SESSION = "kept"


def keep_form() -> str:
    """Keep the current request's fields, readable only from this browser. Returns the token. Only same-origin posts are kept."""
    fields = [[name, value] for name, value in request.form.items(multi=True) if name not in NEVER_KEPT]
    if not _same_origin() or sum(len(name) + len(value) for name, value in fields) > LARGEST:
        fields = []
    with transaction() as db_session:
        kept = KeptForm(path=request.full_path.rstrip("?")[:300], fields=fields, kept_at=utc_now())
        db_session.add(kept)
        db_session.execute(delete(KeptForm).where(KeptForm.kept_at < utc_now() - KEPT_FOR))
        db_session.flush()
    session[_SESSION] = [*session.get(_SESSION, []), kept.token][-5:]
    return kept.token


def _same_origin() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    return site in {None, "same-origin"} and (origin is None or origin == request.host_url.rstrip("/"))


def kept_form(token: str) -> KeptForm | None:
    """The kept form, if this browser kept it."""
    if token not in session.get(_SESSION, []):
        return None
    return db.session.scalar(select(KeptForm).where(KeptForm.token == token))
