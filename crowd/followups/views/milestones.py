"""Milestones of one selected proposal, by its lead or a manager."""

from typing import Any

from crowd.core.permissions import Permission
from crowd.followups.actions import add_milestone, edit_milestone, remove_milestone
from crowd.followups.forms import MilestoneForm
from crowd.followups.models import Milestone
from crowd.followups.views.blueprint import bp
from crowd.followups.views.writing import Kind
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal
from crowd.web.access import Found
from crowd.web.text import _l

MILESTONE = Kind(
    name="milestone",
    model=Milestone,
    form=MilestoneForm,
    add=add_milestone,
    edit=edit_milestone,
    remove=remove_milestone,
    added=_l("The milestone stands on the page of the proposal."),
)


@bp.get("/proposals/<public_id>/milestones/new")
@proposal_gate.requires(Permission.MILESTONE_SET)
def milestone(found: Found[Proposal]) -> str:
    return MILESTONE.blank(found)


@bp.post("/proposals/<public_id>/milestones/new")
@proposal_gate.requires(Permission.MILESTONE_SET)
def milestone_save(found: Found[Proposal]) -> Any:
    return MILESTONE.save(found)


@bp.get("/proposals/<public_id>/milestones/<key>/edit")
@proposal_gate.requires(Permission.MILESTONE_SET)
def milestone_edit(found: Found[Proposal], key: str) -> str:
    return MILESTONE.filled(found, key)


@bp.post("/proposals/<public_id>/milestones/<key>/edit")
@proposal_gate.requires(Permission.MILESTONE_SET)
def milestone_edit_save(found: Found[Proposal], key: str) -> Any:
    return MILESTONE.save_edit(found, key)


@bp.post("/proposals/<public_id>/milestones/<key>/remove")
@proposal_gate.requires(Permission.MILESTONE_SET)
def milestone_remove(found: Found[Proposal], key: str) -> Any:
    return MILESTONE.take_off(found, key)
