"""What saving answers: words on the page, or data for the script that saves while one writes."""

from typing import Any

from flask import flash, jsonify
from sqlalchemy import select

from crowd.accounts.models import Account
from crowd.core.errors import DomainError, StaleVersion
from crowd.core.subjects import CallFacts
from crowd.proposals.forms import ProposalForm
from crowd.proposals.models import Proposal
from crowd.store.db import db, utc_now
from crowd.web.access import current_actor
from crowd.web.errors import sentence
from crowd.web.forms import fill_errors
from crowd.web.negotiate import problem
from crowd.web.text import _
from crowd.web.times import absolute


def say_saved(call: CallFacts, proposal: Proposal) -> None:
    """One sentence after saving a draft; a closed call is named, so that nobody believes to have handed in."""
    if call.takes_proposals(utc_now()):
        flash(_("Your draft is saved. Only you and your team can see it."), "success")
    else:
        flash(closed_sentence(call) + " " + _("Your text is kept as a private draft; it was not handed in."), "warning")


def closed_sentence(call: CallFacts) -> str:
    closed = call.stopped_at(utc_now())
    if closed is None:
        return _("This call does not take proposals now.")
    return _("The call closed on %(when)s.", when=absolute(closed, call.rules.time_zone))


def autosaved(proposal: Proposal, **more: Any) -> Any:
    return jsonify(saved_at=proposal.edited_at.isoformat(), version=proposal.version, **more)


def autosave_refused(form: ProposalForm, error: DomainError | None = None, key: str | None = None) -> Any:
    """The first thing that is wrong, for the line that otherwise says "Saved". `key`: the proposal that was to be saved.

    `conflict` in the answer: somebody saved in between; whoever writes goes on, and compares when they press the button.
    """
    conflict = isinstance(error, StaleVersion)
    if conflict:
        first = _saved_elsewhere(key)
    else:
        if error is not None:
            fill_errors(form, error)
        named = [f"{field.label.text}: {field.errors[0]}" for field in form if field.errors]
        first = _("Not saved. %(why)s", why=(list(form.form_errors) or named or [""])[0])
    return problem(error.status if error else 422, first, conflict=conflict)


def _saved_elsewhere(key: str | None) -> str:
    """In words, with the name of whoever saved."""
    by = select(Account.id, Account.name).join(Proposal, Proposal.edited_by_id == Account.id)
    row = db.session.execute(by.where(Proposal.public_id == key)).first() if key else None
    if row is None or row.id == current_actor().account_id:
        return sentence("saved_elsewhere")
    return sentence("saved_by_other", name=row.name)
