"""The blueprint of moderation, and what its pages say of a proposal or comment."""

from flask import Blueprint, url_for

from crowd.calls.models import Call
from crowd.moderation.queries import Reportable
from crowd.proposals.models import Proposal
from crowd.selection.models import Credit, Endorsement
from crowd.store.db import db

bp = Blueprint("moderation", __name__)


def place_of(row: Reportable) -> str:
    """The page on which it stands."""
    if isinstance(row, Endorsement):
        code = db.session().get_one(Credit, row.credit_id).code
        return url_for("selection.certificate", code=code, _anchor="endorsements")
    if isinstance(row, Proposal):
        return url_for("pages.proposal", public_id=row.public_id)
    anchor = f"comment-{row.public_id}"
    if row.proposal_id is None:
        return url_for(
            "conversation.on_call", public_id=db.session().get_one(Call, row.call_id).public_id, _anchor=anchor
        )
    on = db.session().get_one(Proposal, row.proposal_id)
    return url_for("conversation.on_proposal", public_id=on.public_id, _anchor=anchor)
