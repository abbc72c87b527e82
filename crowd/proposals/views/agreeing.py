"""What a member of a team answers: to shares and roles, about their own roles, to the offer to lead."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, request
from werkzeug.wrappers import Response

from crowd.core.errors import DomainError
from crowd.core.permissions import Permission
from crowd.proposals.actions import accept_lead, agree, end_lead_offer, offer_lead, set_own_roles
from crowd.proposals.forms import RolesForm
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal
from crowd.proposals.views.blueprint import bp
from crowd.proposals.views.team import member_or_404, own_place, team_page, to_team
from crowd.store.db import transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.errors import sentence
from crowd.web.text import _


@bp.post("/proposals/<public_id>/team/agree")
@proposal_gate.requires(Permission.TEAM_AGREE)
def team_agree(found: Found[Proposal]) -> Any:
    member = own_place(found) or abort(404)
    try:
        with transaction(found.row, member) as session:
            terms = request.form.get("terms", "")
            agree(session, found.row, member, terms, actor=current_actor(), now=utc_now())
    except DomainError as error:
        again = proposal_gate.load(found.row.public_id)
        return team_page(again, extra=[sentence(error.code, **error.values)]), error.status
    flash(_("You have agreed."), "success")
    return to_team(found)


@bp.post("/proposals/<public_id>/team/roles")
@proposal_gate.requires(Permission.TEAM_AGREE)
def team_roles(found: Found[Proposal]) -> Any:
    member, form = own_place(found) or abort(404), RolesForm()
    if not form.validate():
        return team_page(found, roles=form), 422
    with transaction(found.row, member) as session:
        chosen = tuple(form.roles.data or ())
        set_own_roles(session, found.row, member, chosen, actor=current_actor(), now=utc_now())
    flash(_("Your contribution is saved."), "success")
    return to_team(found)


@bp.post("/proposals/<public_id>/team/<int:member_id>/offer-lead")
@proposal_gate.requires(Permission.PROPOSAL_SHARES)
def team_offer_lead(found: Found[Proposal], member_id: int) -> Response:
    return _about(found, member_id, offer_lead, _("They are asked to lead. You lead until they accept."))


@bp.post("/proposals/<public_id>/team/<int:member_id>/accept-lead")
@proposal_gate.requires(Permission.TEAM_AGREE)
def team_accept_lead(found: Found[Proposal], member_id: int) -> Response:
    return _about(found, member_id, accept_lead, _("You lead this team now."))


@bp.post("/proposals/<public_id>/team/<int:member_id>/end-lead-offer")
@proposal_gate.requires(Permission.TEAM_AGREE)
def team_end_lead_offer(found: Found[Proposal], member_id: int) -> Response:
    return _about(found, member_id, end_lead_offer, _("The lead stays where it was."))


def _about(found: Found[Proposal], member_id: int, act: Callable[..., None], words: str) -> Response:
    member = member_or_404(found, member_id)
    with transaction(found.row, member) as session:
        act(session, found.row, member, actor=current_actor(), now=utc_now())
    flash(words, "success")
    return to_team(found)
