"""Writing to a group: compose, preview, send; the log of what was sent."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select

from crowd.accounts.actions import recipient_of
from crowd.accounts.models import Account
from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.errors import DomainError, InvalidInput
from crowd.core.permissions import Permission
from crowd.core.reach import SECRET, UNCOUNTED, Group, MessageStatus
from crowd.desk.commands import Query
from crowd.desk.queries import Scope, reviewed_round
from crowd.mailing.letters import Letter, write_letter
from crowd.messages.actions import (
    FIELDS,
    check_text,
    has_proposals,
    letter_context,
    may_be_service,
    start_message,
    stop_message,
)
from crowd.messages.forms import GROUPS, NOTES, MessageForm
from crowd.messages.queries import (
    Recipients,
    count_recipients,
    count_states,
    get_message,
    letters_waiting,
    list_messages,
    list_reaches,
    recipients,
)
from crowd.proposals.models import Proposal
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _

bp = Blueprint("messages", __name__)


@bp.get("/calls/<public_id>/messages")
@call_gate.requires(Permission.MESSAGE_SEND)
def index(found: Found[Call]) -> str:
    session, call = db.session(), found.row
    messages, waiting = list_messages(session, call.id), letters_waiting(session, call.id)
    return render_template(
        "messages/index.html", found=found, call=call, messages=messages, waiting=waiting, groups=GROUPS
    )


@bp.get("/calls/<public_id>/messages/new")
@call_gate.requires(Permission.MESSAGE_SEND)
def compose(found: Found[Call]) -> str:
    return _page(found, _wanted(found, request.args), MessageForm(formdata=None))


@bp.post("/calls/<public_id>/messages/new")
@call_gate.requires(Permission.MESSAGE_SEND)
def write(found: Found[Call]) -> Any:
    """`preview` shows the letter; `send` starts it."""
    form, wanted = MessageForm(), _wanted(found, request.form)
    if not form.validate():
        return _page(found, wanted, form), 422
    if request.form.get("act") != "send":
        return _preview(found, wanted, form)
    try:
        with transaction(found.row) as session:
            message = start_message(session, found.row, wanted, form.text(), actor=current_actor(), now=utc_now())
    except DomainError as error:
        fill_errors(form, error)
        return _page(call_gate.load(found.row.public_id), wanted, form), error.status
    flash(_("The message is being sent."), "success")
    return redirect(url_for(".show", public_id=found.row.public_id, key=message.public_id), 303)


def _wanted(found: Found[Call], asked: Any) -> Recipients:
    group = asked.get("group", "")
    if group not in set(Group):
        group = Group.ENTRANTS
    scope = Scope(found.row.id, found.row.organization_id, current_actor(), reviewed_round(db.session(), found.facts))
    query = Query.of(asked) if group == Group.CHOSEN else Query()
    return Recipients(Group(group), scope, found.facts, query, utc_now())


def _preview(found: Found[Call], wanted: Recipients, form: MessageForm) -> Any:
    try:
        check_text(form.text(), wanted.group)
    except InvalidInput as error:
        fill_errors(form, error)
        return _page(found, wanted, form), 422
    return _page(found, wanted, form, letter=_letter(found, wanted, form))


def _letter(found: Found[Call], wanted: Recipients, form: MessageForm) -> Letter:
    """As the first of the group reads it; of a secret group, as you would."""
    me = db.session.get_one(Account, current_actor().account_id)
    account, proposal = me, None
    if wanted.group not in SECRET:
        first = db.session.execute(recipients(db.session(), wanted).limit(1)).first()
        account = db.session.get_one(Account, first[0]) if first else me
        proposal = db.session.scalar(select(Proposal).where(Proposal.id == first[1])) if first else None
    context = letter_context(form.text(), found.row.organization.name, found.row, account.name, proposal, wanted.group)
    kind = "service_message" if form.is_service.data and may_be_service(wanted.group) else "message"
    return write_letter(kind, recipient_of(account), context)


def _page(found: Found[Call], wanted: Recipients, form: MessageForm, letter: Letter | None = None) -> str:
    counted = wanted.group not in UNCOUNTED
    return render_template(
        "messages/compose.html",
        found=found,
        call=found.row,
        form=form,
        group=wanted.group,
        groups=GROUPS,
        note=NOTES.get(wanted.group),
        count=count_recipients(db.session(), wanted) if counted else None,
        narrowed=wanted.query.asked(),
        fields=FIELDS if has_proposals(wanted.group) else ("name", "call"),
        may_be_service=may_be_service(wanted.group),
        letter=letter,
    )


@bp.get("/calls/<public_id>/messages/<key>")
@call_gate.requires(Permission.MESSAGE_SEND)
def show(found: Found[Call], key: str) -> str:
    message = get_message(db.session(), found.row.id, key) or abort(404)
    secret = message.to_group in SECRET
    page, lines = (None, {}) if secret else list_reaches(db.session(), message.id, request.args.get("after"))
    return render_template(
        "messages/show.html",
        found=found,
        call=found.row,
        message=message,
        groups=GROUPS,
        counts={} if secret else count_states(db.session(), message.id),
        page=page,
        lines=lines,
        running=message.status is MessageStatus.SENDING,
    )


@bp.post("/calls/<public_id>/messages/<key>/stop")
@call_gate.requires(Permission.MESSAGE_SEND)
def stop(found: Found[Call], key: str) -> Any:
    message = get_message(db.session(), found.row.id, key) or abort(404)
    with transaction(message) as session:
        stop_message(session, found.row, message, actor=current_actor(), now=utc_now())
    flash(_("Stopped. What has left cannot be called back."), "success")
    return redirect(url_for(".show", public_id=found.row.public_id, key=key), 303)
