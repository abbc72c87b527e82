"""The team of a proposal, and the page behind an invitation's link."""

import secrets
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from crowd.core.errors import DomainError, InvalidInput
from crowd.core.permissions import Permission
from crowd.core.status import MemberStatus
from crowd.proposals.actions import (
    accept_invitation,
    decline_invitation,
    invite_again,
    invite_member,
    remove_member,
    set_places,
    token_hash,
)
from crowd.proposals.forms import AnswerForm, InviteForm, TeamTable
from crowd.proposals.gates import find_proposal, proposal_gate
from crowd.proposals.models import Proposal, TeamMember
from crowd.proposals.views.blueprint import bp
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor, public
from crowd.web.errors import sentence
from crowd.web.forms import fill_errors
from crowd.web.text import _, ngettext
from crowd.web.words import CREDIT_ROLES

OWN = "my-"
ACTIVE = (MemberStatus.PENDING, MemberStatus.ACCEPTED)


def new_token() -> str:
    return secrets.token_urlsafe(32)


@bp.get("/proposals/<public_id>/team")
@proposal_gate.requires(Permission.PROPOSAL_WORK)
def team(found: Found[Proposal]) -> str:
    return _page(found)


@bp.post("/proposals/<public_id>/team")
@proposal_gate.requires(Permission.PROPOSAL_TEAM)
def team_save(found: Found[Proposal]) -> Any:
    table = TeamTable.typed_in(_active(found), request.form)
    if table.errors:
        return _page(found, table=table), 422
    try:
        with transaction(found.row) as session:
            tokens = [new_token() for _member in table.members]
            asked = set_places(session, found.row, table.places(), tokens=tokens, actor=current_actor(), now=utc_now())
    except DomainError as error:
        again = proposal_gate.load(found.row.public_id)
        table.members = _active(again)
        return _page(again, table=_same_members(table), extra=[sentence(error.code, **error.values)]), error.status
    flash(_saved_words(asked), "success")
    return _to_team(found)


def _same_members(table: TeamTable) -> TeamTable:
    """What was typed, unless the team itself is another by now."""
    ids = {member.id for member in table.members}
    return table if ids == set(table.typed) else TeamTable.of(table.members)


def _saved_words(asked: int) -> str:
    again = ngettext("%(num)s person is asked again.", "%(num)s people are asked again.", asked) if asked else ""
    saved = _("The team is saved.")
    return f"{saved} {again}".strip()


@bp.post("/proposals/<public_id>/team/invite")
@proposal_gate.requires(Permission.PROPOSAL_TEAM)
def team_invite(found: Found[Proposal]) -> Any:
    form = InviteForm()
    if not form.validate():
        return _page(found, form), 422
    try:
        with transaction(found.row) as session:
            member = invite_member(
                session, found.row, form.invitation(), token=new_token(), actor=current_actor(), now=utc_now()
            )
    except InvalidInput as error:
        fill_errors(form, error)
        return _page(proposal_gate.load(found.row.public_id), form), 422
    flash(_("The invitation to %(name)s leaves now.", name=member.name), "success")
    return _to_team(found)


@bp.post("/proposals/<public_id>/team/<int:member_id>/again")
@proposal_gate.requires(Permission.PROPOSAL_TEAM)
def team_again(found: Found[Proposal], member_id: int) -> Response:
    member = _member(found, member_id)
    with transaction(found.row, member) as session:
        invite_again(session, found.row, member, token=new_token(), actor=current_actor(), now=utc_now())
    flash(_("A new invitation to %(name)s leaves now; the earlier link no longer works.", name=member.name), "success")
    return _to_team(found)


@bp.post("/proposals/<public_id>/team/<int:member_id>/remove")
@proposal_gate.requires(Permission.PROPOSAL_WORK)
def team_remove(found: Found[Proposal], member_id: int) -> Response:
    member, actor = _member(found, member_id), current_actor()
    left = member.account_id == actor.account_id
    with transaction(found.row, member) as session:
        remove_member(session, found.row, member, actor=actor, now=utc_now())
    if left:
        flash(_("You have left the team."), "success")
        return redirect(url_for("pages.call", public_id=found.row.call.public_id), 303)
    flash(_("%(name)s is no longer in the team.", name=member.name), "success")
    return _to_team(found)


def _to_team(found: Found[Proposal]) -> Response:
    return redirect(url_for("proposals.team", public_id=found.row.public_id), 303)


def _active(found: Found[Proposal]) -> list[TeamMember]:
    return [member for member in found.row.team if member.status in ACTIVE]


def _member(found: Found[Proposal], member_id: int) -> TeamMember:
    member = next((member for member in _active(found) if member.id == member_id), None)
    return member or abort(404)


def _page(
    found: Found[Proposal], form: InviteForm | None = None, *, table: TeamTable | None = None, extra: Any = ()
) -> str:
    lead = current_actor().account_id == found.row.lead_id
    members = [member for member in _active(found) if lead or member.status is MemberStatus.ACCEPTED]
    return render_template(
        "proposals/team.html",
        proposal=found.row,
        call=found.row.call,
        facts=found.facts,
        lead=lead,
        members=members,
        form=form or InviteForm(formdata=None),
        table=table or TeamTable.of(members),
        extra=list(extra),
        roles=[(role.value, words) for role, words in CREDIT_ROLES.items()],
    )


# the link of an invitation
@bp.get("/team/<token>")
@public
def invitation(token: str) -> str:
    found, member = _invited(token)
    return _invitation_page(found, member, token)


@bp.post("/team/<token>/accept")
@public
def invitation_accept(token: str) -> Any:
    found, member = _invited(token)
    try:
        with transaction(found.row.call, found.row, member) as session:
            accept_invitation(session, found.row, member, actor=current_actor(), now=utc_now())
    except DomainError as error:
        if error.code == "signed_in":
            return redirect(url_for("accounts.sign_in", next=url_for("proposals.invitation", token=token)), 303)
        return _refused(token, error)
    flash(_("You are in the team. Your name stands with the proposal."), "success")
    return redirect(url_for("pages.proposal", public_id=found.row.public_id), 303)


@bp.post("/team/<token>/decline")
@public
def invitation_decline(token: str) -> Any:
    found, member = _invited(token)
    try:
        with transaction(found.row, member) as session:
            decline_invitation(session, found.row, member, actor=current_actor(), now=utc_now())
    except DomainError as error:
        return _refused(token, error)
    return _invitation_page(*_invited(token), token)


def _refused(token: str, error: DomainError) -> Any:
    found, member = _invited(token)
    return _invitation_page(found, member, token, [sentence(error.code, **error.values)]), error.status


def _invited(token: str) -> tuple[Found[Proposal], TeamMember]:
    """By the mailed token; or by `my-<proposal>`, for the signed-in account that was invited."""
    query = select(TeamMember.id, Proposal.public_id).join(Proposal, Proposal.id == TeamMember.proposal_id)
    row = db.session.execute(query.where(TeamMember.token_hash == token_hash(token))).first()
    if row is None and token.startswith(OWN) and (account_id := current_actor().account_id):
        own = (Proposal.public_id == token.removeprefix(OWN), TeamMember.account_id == account_id)
        row = db.session.execute(query.where(*own)).first()
    found = find_proposal(db.session(), row.public_id) if row else None
    if found is None or row is None:
        abort(404)
    return found, next(member for member in found.row.team if member.id == row.id)


def _invitation_page(found: Found[Proposal], member: TeamMember, token: str, extra: Any = ()) -> str:
    return render_template(
        "proposals/invitation.html",
        proposal=found.row,
        call=found.row.call,
        facts=found.facts,
        member=member,
        token=token,
        form=AnswerForm(formdata=None),
        extra=list(extra),
        mine=current_actor().account_id in found.facts.team_ids,
    )
