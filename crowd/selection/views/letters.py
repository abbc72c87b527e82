"""The letter to one author before it is sent: read, edited, held back or deleted; and what was held back, sent later."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from crowd.accounts.models import Account
from crowd.core.errors import DomainError, StaleVersion
from crowd.core.permissions import Permission
from crowd.core.status import LetterFate
from crowd.mailing.letters import Letter, Recipient, write_letter
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal
from crowd.selection.actions.letters import edit_letter, send_held
from crowd.selection.forms import LetterForm
from crowd.selection.queries.letters import OutcomeLetter, outcome_letters
from crowd.selection.views.blueprint import bp
from crowd.selection.views.loading import current_room
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _


@bp.get("/proposals/<public_id>/letters/<person>")
@proposal_gate.requires(Permission.SELECTION_VIEW)
def letter(found: Found[Proposal], person: str) -> Any:
    each = _letter(found, person)
    return _page(found, each, _open(each))


@bp.post("/proposals/<public_id>/letters/<person>")
@proposal_gate.requires(Permission.SELECTION_VIEW)
def save_letter(found: Found[Proposal], person: str) -> Any:
    each, form, key = _letter(found, person), LetterForm(), found.row.public_id
    if not form.validate_on_submit():
        return _page(found, each, form), 422
    try:
        with transaction(found.row) as session:
            edit_letter(session, found.row, each.account, form.command(), actor=current_actor(), now=utc_now())
    except DomainError as error:
        if error.status not in {409, 422}:
            raise
        fresh = proposal_gate.load(key)
        again = _letter(fresh, person)
        if isinstance(error, StaleVersion):
            form.version.data = str(again.edit.version if again.edit else 0)
        fill_errors(form, error)
        return _page(fresh, again, form), error.status
    flash(_("Saved. The list of letters shows it as it will be sent."), "success")
    return redirect(url_for(".publish", public_id=found.row.call.public_id, _anchor=f"letter-{key}-{person}"), 303)


@bp.post("/proposals/<public_id>/letters/<person>/send")
@proposal_gate.requires(Permission.SELECTION_VIEW)
def send_letter_now(found: Found[Proposal], person: str) -> Response:
    account = db.session.scalar(select(Account).where(Account.public_id == person)) or abort(404)
    with transaction(found.row) as session:
        send_held(session, found.row, account, actor=current_actor(), now=utc_now())
    flash(_("The letter to %(name)s leaves now.", name=account.name), "success")
    return redirect(url_for(".decisions", public_id=found.row.call.public_id), 303)


def written(each: OutcomeLetter) -> Letter:
    """As its reader will read it."""
    account = each.account
    to = Recipient(account.email, account.name, account.language, account.id, account.time_zone)
    return write_letter("outcome", to, each.context)


def _letter(found: Found[Proposal], person: str) -> OutcomeLetter:
    room = current_room(found.facts.call)
    rows = [row for row in room.rows if row.proposal.id == found.row.id]
    letters = outcome_letters(db.session(), found.facts.call.rules.title, rows)
    return next((each for each in letters if each.account.public_id == person), None) or abort(404)


def _open(each: OutcomeLetter) -> LetterForm:
    form, edit = LetterForm(formdata=None), each.edit
    form.version.data, form.fate.data = "0", LetterFate.SEND.value
    if edit:
        form.text.data, form.replaces.data, form.reason.data = edit.text, edit.replaces, edit.reason
        form.fate.data, form.version.data = edit.fate.value, str(edit.version)
    return form


def _page(found: Found[Proposal], each: OutcomeLetter, form: LetterForm) -> str:
    stake = current_actor().account_id in found.facts.stake_ids()
    published = found.facts.call.results_published
    return render_template(
        "selection/letter.html", found=found, each=each, letter=written(each), form=form, stake=stake, sent=published
    )
