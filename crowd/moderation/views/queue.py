"""The moderators' queue beside screening: what is reported, what is hidden."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.permissions import Permission
from crowd.core.status import ModerationCode
from crowd.moderation.queries import count_hidden, count_reported, list_hidden, queue_of
from crowd.moderation.views.blueprint import bp
from crowd.moderation.views.deciding import address_of
from crowd.proposals.queries import screening_queue
from crowd.store.db import db, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.text import _
from crowd.web.words import MODERATION_WORDS


@dataclass(frozen=True)
class Pill:
    label: str
    url: str
    current: bool
    count: int


@bp.get("/calls/<public_id>/reports")
@call_gate.requires(Permission.SCREENING_VIEW)
def reports(found: Found[Call]) -> Any:
    show_hidden = request.args.get("show") == "hidden"
    queue = queue_of(db.session(), found.row.id, current_actor())
    return render_template(
        "moderation/reports.html",
        found=found,
        queue=queue,
        hidden=list_hidden(db.session(), found.row.id) if show_hidden else None,
        address_of=address_of,
    )


@bp.app_template_filter("moderation_words")
def moderation_words(code: ModerationCode | None) -> str:
    return str(MODERATION_WORDS[code or ModerationCode.OTHER])


@bp.app_template_global()
def queue_pills(found: Found[Call], current: str) -> list[Pill]:
    """The kinds of work in one queue, with what waits."""
    session, key, call_id = db.session(), found.row.public_id, found.row.id
    waiting = len(screening_queue(session, call_id, current_actor(), utc_now()).waiting)
    here = [
        ("screening", _("To screen"), url_for("proposals.screening", public_id=key), waiting),
        ("reports", _("Reported"), url_for("moderation.reports", public_id=key), count_reported(session, call_id)),
        (
            "hidden",
            _("Hidden"),
            url_for("moderation.reports", public_id=key, show="hidden"),
            count_hidden(session, call_id),
        ),
    ]
    return [Pill(label, url, kind == current, count) for kind, label, url, count in here]
