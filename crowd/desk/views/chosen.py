"""Which proposals a bulk act is about: those ticked, or all that the query finds."""

from collections.abc import Sequence

from flask import request
from sqlalchemy import select

from crowd.calls.models import Call
from crowd.desk.queries import MOST_COUNTED, narrowed
from crowd.desk.views.asked import Asked, asked_of
from crowd.proposals.models import Proposal
from crowd.store.db import db
from crowd.web.access import Found

MOST_TICKED = 200


def chosen(found: Found[Call], *, most: int = MOST_COUNTED) -> tuple[list[int], Asked]:
    """Ids in no order, at most `most`, and the query that the form carried along."""
    asked = asked_of(found, request.form)
    if request.form.get("all") == "1":
        every = narrowed(db.session(), asked.scope, asked.query, asked.sort)
        return list(db.session.scalars(every.with_only_columns(Proposal.id).order_by(None).limit(most))), asked
    return _ids_of(found, request.form.getlist("pick")[:MOST_TICKED]), asked


def _ids_of(found: Found[Call], keys: Sequence[str]) -> list[int]:
    ticked = select(Proposal.id).where(
        Proposal.public_id.in_(keys), Proposal.call_id == found.row.id, Proposal.submitted_at.is_not(None)
    )
    return list(db.session.scalars(ticked))
