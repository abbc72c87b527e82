"""Short updates on one selected proposal, by its team or the organization."""

from typing import Any

from crowd.core.permissions import Permission
from crowd.followups.actions import edit_update, post_update, remove_update
from crowd.followups.forms import UpdateForm
from crowd.followups.models import Update
from crowd.followups.views.blueprint import bp
from crowd.followups.views.writing import Kind
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal
from crowd.web.access import Found
from crowd.web.text import _l

UPDATE = Kind(
    name="update",
    model=Update,
    form=UpdateForm,
    add=post_update,
    edit=edit_update,
    remove=remove_update,
    added=_l("Published. Whoever follows the proposal is told."),
)


@bp.get("/proposals/<public_id>/updates/new")
@proposal_gate.requires(Permission.UPDATE_POST)
def update(found: Found[Proposal]) -> str:
    return UPDATE.blank(found)


@bp.post("/proposals/<public_id>/updates/new")
@proposal_gate.requires(Permission.UPDATE_POST)
def update_save(found: Found[Proposal]) -> Any:
    return UPDATE.save(found)


@bp.get("/proposals/<public_id>/updates/<key>/edit")
@proposal_gate.requires(Permission.UPDATE_POST)
def update_edit(found: Found[Proposal], key: str) -> str:
    return UPDATE.filled(found, key)


@bp.post("/proposals/<public_id>/updates/<key>/edit")
@proposal_gate.requires(Permission.UPDATE_POST)
def update_edit_save(found: Found[Proposal], key: str) -> Any:
    return UPDATE.save_edit(found, key)


@bp.post("/proposals/<public_id>/updates/<key>/remove")
@proposal_gate.requires(Permission.UPDATE_POST)
def update_remove(found: Found[Proposal], key: str) -> Any:
    return UPDATE.take_off(found, key)
