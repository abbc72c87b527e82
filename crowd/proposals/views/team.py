"""The team of a proposal: who is in it, order, roles and shares, inviting, taking out."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crowd.core.errors import DomainError, InvalidInput
from crowd.core.permissions import Permission
from crowd.core.status import MemberStatus
from crowd.proposals.actions import invite_again, invite_member, is_asked, remove_member, set_places, terms_of
from crowd.proposals.forms import InviteForm, RolesForm, TeamTable
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal, TeamMember
from crowd.proposals.views.blueprint import bp
from crowd.store.db import transaction, utc_now
from crowd.store.secrets import new_token
from crowd.web.access import Found, current_actor
from crowd.web.errors import sentence
from crowd.web.forms import fill_errors
from crowd.web.text import _, ngettext
from crowd.web.words import CREDIT_HELP, CREDIT_ROLES

ACTIVE = (MemberStatus.PENDING, MemberStatus.ACCEPTED)


@bp.get("/proposals/<public_id>/team")
@proposal_gate.requires(Permission.PROPOSAL_WORK)
def team(found: Found[Proposal]) -> str:
    return team_page(found)


@bp.post("/proposals/<public_id>/team")
@proposal_gate.requires(Permission.PROPOSAL_SHARES)
def team_save(found: Found[Proposal]) -> Any:
    table = TeamTable.typed_in(active_members(found), request.form)
    if table.errors:
        return team_page(found, table=table), 422
    try:
        with transaction(found.row) as session:
            asked = set_places(session, found.row, table.places(), actor=current_actor(), now=utc_now())
    except DomainError as error:
        again = proposal_gate.load(found.row.public_id)
        table.members = active_members(again)
        reason = [sentence(error.code, **error.values)]
        return team_page(again, table=_same_members(table), extra=reason), error.status
    flash(_saved_words(asked), "success")
    return to_team(found)


def _same_members(table: TeamTable) -> TeamTable:
    """What was typed, unless the team itself is another by now."""
    ids = {member.id for member in table.members}
    return table if ids == set(table.typed) else TeamTable.of(table.members)


def _saved_words(asked: int) -> str:
    again = ngettext("%(num)s person is asked to agree.", "%(num)s people are asked to agree.", asked) if asked else ""
    saved = _("The team is saved.")
    return f"{saved} {again}".strip()


@bp.post("/proposals/<public_id>/team/invite")
@proposal_gate.requires(Permission.PROPOSAL_TEAM)
def team_invite(found: Found[Proposal]) -> Any:
    form = InviteForm()
    if not form.validate():
        return team_page(found, form), 422
    try:
        with transaction(found.row) as session:
            member = invite_member(
                session, found.row, form.invitation(), token=new_token(), actor=current_actor(), now=utc_now()
            )
    except InvalidInput as error:
        fill_errors(form, error)
        return team_page(proposal_gate.load(found.row.public_id), form), 422
    flash(_("The invitation to %(name)s leaves now.", name=member.name), "success")
    return to_team(found)


@bp.post("/proposals/<public_id>/team/<int:member_id>/again")
@proposal_gate.requires(Permission.PROPOSAL_SHARES)
def team_again(found: Found[Proposal], member_id: int) -> Response:
    member = member_or_404(found, member_id)
    with transaction(found.row, member) as session:
        invite_again(session, found.row, member, token=new_token(), actor=current_actor(), now=utc_now())
    flash(_("A new invitation to %(name)s leaves now; the earlier link no longer works.", name=member.name), "success")
    return to_team(found)


@bp.post("/proposals/<public_id>/team/<int:member_id>/remove")
@proposal_gate.requires(Permission.PROPOSAL_WORK)
def team_remove(found: Found[Proposal], member_id: int) -> Response:
    member, actor = member_or_404(found, member_id), current_actor()
    left, waiting = member.account_id == actor.account_id, member.status is MemberStatus.PENDING
    with transaction(found.row, member) as session:
        remove_member(session, found.row, member, actor=actor, now=utc_now())
    if left:
        flash(_("You have left the team."), "success")
        return redirect(url_for("pages.call", public_id=found.row.call.public_id), 303)
    if waiting:
        flash(_("The invitation to %(name)s is withdrawn.", name=member.name), "success")
    else:
        flash(_("%(name)s is no longer in the team.", name=member.name), "success")
    return to_team(found)


def to_team(found: Found[Proposal]) -> Response:
    return redirect(url_for("proposals.team", public_id=found.row.public_id), 303)


def active_members(found: Found[Proposal]) -> list[TeamMember]:
    return [member for member in found.row.team if member.status in ACTIVE]


def member_or_404(found: Found[Proposal], member_id: int) -> TeamMember:
    member = next((member for member in active_members(found) if member.id == member_id), None)
    return member or abort(404)


def own_place(found: Found[Proposal]) -> TeamMember | None:
    account_id = current_actor().account_id
    return next((member for member in active_members(found) if member.account_id == account_id), None)


def team_page(
    found: Found[Proposal],
    form: InviteForm | None = None,
    *,
    table: TeamTable | None = None,
    roles: RolesForm | None = None,
    extra: Sequence[str] = (),
) -> str:
    members, own = active_members(found), own_place(found)
    if roles is None:
        roles = RolesForm(formdata=None, roles=list(own.roles) if own else [])
    return render_template(
        "proposals/team.html",
        proposal=found.row,
        call=found.row.call,
        facts=found.facts,
        lead=current_actor().account_id == found.row.lead_id,
        members=members,
        own=own,
        own_terms=terms_of(own) if own else "",
        asked=[member for member in members if is_asked(member)],
        shares_asked=any(member.asked_share is not None for member in members),
        offered=next((member for member in members if member.lead_offered_at), None),
        form=form or InviteForm(formdata=None),
        roles_form=roles,
        table=table or TeamTable.of(members),
        extra=list(extra),
        roles=[(role.value, words, CREDIT_HELP[role]) for role, words in CREDIT_ROLES.items()],
        role_helps={role.value: words for role, words in CREDIT_HELP.items()},
    )
