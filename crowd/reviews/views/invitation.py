"""The juror's link: one mailed link, no password. Opening changes nothing; the buttons on the page do."""

from enum import StrEnum
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from crowd.accounts.actions import open_session
from crowd.accounts.gates import sign_in, this_browser
from crowd.accounts.models import Account
from crowd.calls.gates import call_facts
from crowd.core.errors import DomainError
from crowd.core.status import CallStatus, JurorStatus
from crowd.core.subjects import RoundFacts
from crowd.reviews.actions import accept_invitation, decline_invitation, digest, prove_account
from crowd.reviews.forms import AcceptForm, DeclineForm
from crowd.reviews.gates import facts_with_jury
from crowd.reviews.queries import Invitation, find_invitation
from crowd.reviews.views.blueprint import bp, round_url
from crowd.store.db import db, lock, transaction, utc_now
from crowd.web.access import current_actor, public
from crowd.web.errors import sentence
from crowd.web.text import _


class Entry(StrEnum):
    """How this browser may answer the invitation."""

    HERE = "here"  # as the person signed in, or with the account the link opens or makes
    SIGN_IN = "sign_in"  # the address belongs to an account that a link alone must not open
    OTHER = "other"  # somebody else is signed in here


@bp.get("/jury/<token>")
@public
def open_invitation(token: str) -> Any:
    invitation = _invitation_or_404(token)
    juror = invitation.juror
    if juror.status is JurorStatus.ACCEPTED and juror.account_id == current_actor().account_id:
        return redirect(round_url("reviews.index", juror.round), 303)
    return _page(token, invitation)


@bp.post("/jury/<token>")
@public
def accept(token: str) -> Any:
    """Accept the terms, or come back later: signs in where the link alone may."""
    invitation = _invitation_or_404(token)
    if _entry(invitation) is not Entry.HERE or _over(invitation):
        return _page(token, invitation)
    form = AcceptForm()
    if invitation.juror.status is not JurorStatus.ACCEPTED and not form.validate():
        return _page(token, invitation, accept=form, status=422)
    try:
        account = _enter(token, form)
    except DomainError as error:
        return _page(token, _invitation_or_404(token), accept=form, fault=error, status=error.status)
    if current_actor().account_id != account.id:
        with transaction(account) as session:
            key = open_session(session, account, this_browser(), now=utc_now())
        sign_in(account, key)
    return redirect(round_url("reviews.index", invitation.juror.round, view="mine"), 303)


def _enter(token: str, form: AcceptForm) -> Account:
    """Judged again under the lock: the account of this address may have got a password or a role meanwhile."""
    juror = _invitation_or_404(token).juror
    with transaction(juror) as session:
        fresh = find_invitation(session, digest(token))
        if fresh and fresh.holder:
            lock(session, fresh.holder)
        if fresh is None or _entry(fresh) is not Entry.HERE:
            raise DomainError("sign_in_first")
        if juror.status is JurorStatus.ACCEPTED and fresh.holder:
            return prove_account(session, fresh.holder, proven=fresh.proven, now=utc_now())
        rules = call_facts(juror.round.call).rules
        return accept_invitation(
            session,
            juror,
            form.command(rules.language, rules.time_zone),
            account=_answering_account(fresh),
            proven=fresh.proven,
            now=utc_now(),
        )


def _answering_account(invitation: Invitation) -> Account | None:
    """The signed-in person's, else that of the invited address; None: one is made."""
    account_id = current_actor().account_id
    return db.session.get(Account, account_id) if account_id else invitation.holder


@bp.post("/jury/<token>/decline")
@public
def decline(token: str) -> Any:
    invitation = _invitation_or_404(token)
    form = DeclineForm()
    if _over(invitation):
        return _page(token, invitation)
    if not form.validate():
        return _page(token, invitation, decline=form, status=422)
    try:
        with transaction(invitation.juror) as session:
            decline_invitation(session, invitation.juror, form.reason.data or "", now=utc_now())
    except DomainError as error:
        return _page(token, _invitation_or_404(token), decline=form, fault=error, status=error.status)
    flash(_("Thank you for telling us. Should you change your mind, the link still works."), "success")
    return redirect(url_for("reviews.open_invitation", token=token), 303)


def _entry(invitation: Invitation) -> Entry:
    """Never signs in to an account that can do more than review, nor by a link that a chair may have copied.

    A verified account with a password is entered by the link once, to answer, as by any mailed sign-in link; after that it
    signs in. An unverified one may have been made by somebody else, who knows its password.
    """
    actor, holder, juror = current_actor(), invitation.holder, invitation.juror
    if actor.account_id is not None:
        return Entry.HERE if holder is None or holder.id == actor.account_id else Entry.OTHER
    if holder is None:
        return Entry.HERE
    powerful = holder.is_admin or invitation.holder_has_role or holder.blocked_at is not None
    guarded = holder.password_hash is not None
    returning = guarded and (juror.status is JurorStatus.ACCEPTED or holder.verified_at is None)
    own_address = holder.email_folded == juror.email_folded
    plain = invitation.proven and own_address and not powerful and not returning
    return Entry.HERE if plain else Entry.SIGN_IN


def _invitation_or_404(token: str) -> Invitation:
    invitation = find_invitation(db.session(), digest(token))
    if invitation is None:
        abort(404)
    return invitation


def _facts(invitation: Invitation) -> RoundFacts:
    row = invitation.juror.round
    return facts_with_jury(db.session(), row, call_facts(row.call))


def _over(invitation: Invitation) -> bool:
    facts = _facts(invitation)
    running = facts.call.status in {CallStatus.PUBLISHED, CallStatus.PAUSED}
    return not running or facts.call.results_published or facts.is_over(utc_now())


def _page(
    token: str,
    invitation: Invitation,
    *,
    accept: AcceptForm | None = None,
    decline: DeclineForm | None = None,
    fault: DomainError | None = None,
    status: int | None = None,
) -> tuple[str, int] | Response:
    over = _over(invitation)
    facts = _facts(invitation)
    stage = facts.stage()
    page = render_template(
        "reviews/invitation.html",
        token=token,
        invitation=invitation,
        juror=invitation.juror,
        facts=facts,
        deadline=stage.closes_at if stage else None,
        entry=_entry(invitation),
        over=over,
        accept=accept or AcceptForm(formdata=None, name=current_actor().name or invitation.juror.name),
        decline=decline or DeclineForm(formdata=None),
        faults=[sentence(fault.code, **fault.values)] if fault else [],
    )
    return page, status or (410 if over else 200)
