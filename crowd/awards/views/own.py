"""What a person receives: read, accepted or declined. Of others' parts there is no page."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for

from crowd.awards.actions import answer_part
from crowd.awards.forms import PartDeclineForm
from crowd.awards.models import AwardPart
from crowd.awards.queries import get_own_part, list_own_parts
from crowd.awards.views.blueprint import bp
from crowd.core.awards import PartMove
from crowd.core.errors import InvalidInput
from crowd.core.permissions import Permission
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import current_actor, requires
from crowd.web.errors import sentence
from crowd.web.text import _


@bp.get("/awards")
@requires(Permission.SIGNED_IN)
def mine() -> str:
    parts = list_own_parts(db.session(), current_actor().account_id or 0)
    return render_template("awards/mine.html", parts=parts)


def _own(key: str) -> AwardPart:
    return get_own_part(db.session(), current_actor().account_id or 0, key) or abort(404)


@bp.post("/awards/<part>/accept")
@requires(Permission.SIGNED_IN)
def accept(part: str) -> Any:
    return _answer(_own(part), PartMove.ACCEPT, "", _("Accepted. The organization is told."))


@bp.get("/awards/<part>/decline")
@requires(Permission.SIGNED_IN)
def decline(part: str) -> str:
    return render_template("awards/decline.html", part=_own(part), form=PartDeclineForm(formdata=None))


@bp.post("/awards/<part>/decline")
@requires(Permission.SIGNED_IN)
def decline_save(part: str) -> Any:
    row, form = _own(part), PartDeclineForm()
    if not form.validate_on_submit():
        return render_template("awards/decline.html", part=row, form=form), 422
    return _answer(row, PartMove.DECLINE, form.reason.data or "", _("Declined. The organization is told."))


def _answer(row: AwardPart, move: PartMove, reason: str, said: str) -> Any:
    try:
        with transaction(row) as session:
            answer_part(session, row, move, reason, actor=current_actor(), now=utc_now())
    except InvalidInput as error:
        flash(sentence(error.code, **error.values), "warning")
    else:
        flash(said, "success")
    return redirect(url_for(".mine"), 303)
