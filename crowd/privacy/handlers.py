"""What signing in meets."""

from flask import flash, url_for
from flask_babel import format_date

from crowd.privacy.queries.erasing import get_erasure
from crowd.store.db import db
from crowd.web.access import current_actor
from crowd.web.text import _


def say_that_it_waits() -> None:
    """Whoever signs in to an account that is to be erased is told, and keeps it with one press."""
    actor = current_actor()
    erasure = get_erasure(db.session(), actor.account_id) if actor.account_id else None
    if erasure is not None and erasure.due_at is not None and erasure.done_at is None:
        words = _(
            "Your account is erased on %(day)s. Until then you can keep it.", day=format_date(erasure.due_at, "long")
        )
        undo = {"text": words, "undo_url": url_for("privacy.keep"), "undo_label": _("Keep my account")}
        flash(undo, "warning")  # type: ignore[arg-type]  # the layout draws the button
