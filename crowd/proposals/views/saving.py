"""What saving answers: words on the page, or data for the script that saves while one writes."""

from typing import Any

from flask import flash, jsonify

from crowd.core.errors import DomainError, StaleVersion
from crowd.core.stages import closes_at
from crowd.core.status import StageKind
from crowd.core.subjects import CallFacts
from crowd.proposals.forms import ProposalForm
from crowd.proposals.models import Proposal
from crowd.store.db import utc_now
from crowd.web.forms import fill_errors
from crowd.web.negotiate import problem
from crowd.web.text import _
from crowd.web.times import absolute


def say_saved(call: CallFacts, proposal: Proposal) -> None:
    """One sentence after saving a draft; a closed call is named, so that nobody believes to have handed in."""
    if call.is_open(StageKind.SUBMISSION, utc_now()):
        flash(_("Your draft is saved. Only you and your team can see it."), "success")
    else:
        flash(closed_sentence(call) + " " + _("Your text is kept as a private draft; it was not handed in."), "warning")


def closed_sentence(call: CallFacts) -> str:
    closed = closes_at(call.schedule, StageKind.SUBMISSION)
    if closed is None or closed > utc_now():
        return _("This call does not take proposals now.")
    return _("The call closed on %(when)s.", when=absolute(closed, call.rules.time_zone))


def autosaved(proposal: Proposal) -> Any:
    return jsonify(saved_at=proposal.edited_at.isoformat(), version=proposal.version)


def autosave_refused(form: ProposalForm, error: DomainError | None = None) -> Any:
    """The first thing that is wrong, for the line that otherwise says "Saved"."""
    if error is not None:
        fill_errors(form, DomainError("saved_elsewhere") if isinstance(error, StaleVersion) else error)
    named = [f"{field.label.text}: {field.errors[0]}" for field in form if field.errors]
    first = (list(form.form_errors) or named or [""])[0]
    return problem(error.status if error else 422, _("Not saved. %(why)s", why=first))
