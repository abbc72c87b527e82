"""The page behind an invitation's link."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select

from crowd.core.errors import DomainError
from crowd.core.status import MemberStatus
from crowd.proposals.actions import accept_invitation, decline_invitation, terms_of, token_hash
from crowd.proposals.forms import AnswerForm
from crowd.proposals.gates import find_proposal
from crowd.proposals.models import Proposal, TeamMember
from crowd.proposals.views.blueprint import bp
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor, public
from crowd.web.errors import sentence
from crowd.web.text import _

OWN = "my-"


@bp.get("/team/<token>")
@public
def invitation(token: str) -> str:
    found, member = _invited(token)
    return _page(found, member, token)


@bp.post("/team/<token>/accept")
@public
def invitation_accept(token: str) -> Any:
    found, member = _invited(token)
    try:
        with transaction(found.row.call, found.row, member) as session:
            terms = request.form.get("terms")
            accept_invitation(session, found.row, member, actor=current_actor(), now=utc_now(), terms=terms)
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
    return _page(*_invited(token), token)


def _refused(token: str, error: DomainError) -> Any:
    found, member = _invited(token)
    return _page(found, member, token, [sentence(error.code, **error.values)]), error.status


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


def _page(found: Found[Proposal], member: TeamMember, token: str, extra: Any = ()) -> str:
    pending = member.status is MemberStatus.PENDING
    return render_template(
        "proposals/invitation.html",
        proposal=found.row,
        call=found.row.call,
        facts=found.facts,
        member=member,
        over=pending and member.expires_at is not None and member.expires_at <= utc_now(),
        terms=terms_of(member),
        token=token,
        form=AnswerForm(formdata=None),
        extra=list(extra),
        mine=current_actor().account_id in found.facts.team_ids,
    )
