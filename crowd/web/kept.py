"""Keeping what was posted when it could not be taken: session over, token stale. No typed word is lost."""

from datetime import timedelta
from typing import Any

from flask import request, session
from sqlalchemy import delete, select

from crowd.store.db import db, transaction, utc_now
from crowd.store.models import KeptForm

NEVER_KEPT = frozenset({"csrf_token", "password", "new_password", "current_password", "password_again"})
LARGEST = 400_000
LONG = 60
KEPT_FOR = timedelta(days=7)
_SESSION = "kept"


def keep_form() -> str:
    """Keep the current request's fields, readable only from this browser. Returns the token. Only same-origin posts are kept."""
    path = request.full_path.rstrip("?")[:300]
    return _keep(KeptForm(path=path, fields=_posted(), kept_at=utc_now()))


def keep_writing(path: str) -> str:
    """Keep what this browser is writing for `path`, in place of what it kept for it before. Returns the token."""
    kept = kept_writing(path) or KeptForm(path=path)
    return _keep(kept, fields=_posted(), kept_at=utc_now())


def keeps_anything() -> bool:
    """Whether this browser was writing something, for whatever address."""
    return bool(session.get(_SESSION))


def kept_writing(path: str, token: str | None = None) -> KeptForm | None:
    """What this browser was writing for `path`. `token`, from a mailed way back, opens it in another browser too."""
    tokens = [*session.get(_SESSION, []), *([token] if token else [])]
    if not tokens:
        return None
    query = select(KeptForm).where(KeptForm.path == path, KeptForm.token.in_(tokens))
    return db.session.scalar(query.order_by(KeptForm.kept_at.desc()).limit(1))


def typed_text() -> list[tuple[str, str]]:
    """What a person wrote in the current request: fields with more than one word, or with one too long to type again."""
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in NEVER_KEPT and (len(value) > LONG or len(value.split()) > 1)
    ]


def forget_kept(kept: KeptForm) -> None:
    """After it has been stored where it belongs."""
    session[_SESSION] = [token for token in session.get(_SESSION, []) if token != kept.token]
    with transaction() as db_session:
        db_session.execute(delete(KeptForm).where(KeptForm.id == kept.id))


def _posted() -> list[list[str]]:
    fields = [[name, value] for name, value in request.form.items(multi=True) if name not in NEVER_KEPT]
    too_long = sum(len(name) + len(value) for name, value in fields) > LARGEST
    return [] if too_long or not _same_origin() else fields


def _keep(kept: KeptForm, **changes: Any) -> str:
    with transaction() as db_session:
        for name, value in changes.items():
            setattr(kept, name, value)
        db_session.add(kept)
        db_session.execute(delete(KeptForm).where(KeptForm.kept_at < utc_now() - KEPT_FOR))
        db_session.flush()
    session[_SESSION] = [*(token for token in session.get(_SESSION, []) if token != kept.token), kept.token][-5:]
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
