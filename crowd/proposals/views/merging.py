"""The page of both texts: somebody saved while another wrote. Nothing is overwritten before its writer has chosen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for

from crowd.calls.models import Call
from crowd.core.subjects import CallFacts
from crowd.proposals.actions import text_of
from crowd.proposals.forms import ProposalForm, form_of_fields, is_choice, parts_of, resolved
from crowd.proposals.models import Proposal, VisitorDraft
from crowd.proposals.queries import names_of
from crowd.proposals.views.questions import fixed_keys
from crowd.store.db import db
from crowd.web.access import Found, current_actor
from crowd.web.text import _


@dataclass(frozen=True)
class Other:
    """The text that was saved meanwhile: in a form, with its version, who saved it and when."""

    form: ProposalForm
    version: int
    name: str
    at: datetime


def form_for(found: Found[Proposal], **kwargs: Any) -> ProposalForm:
    return ProposalForm(found.facts.call.rules, fixed=fixed_keys(found), **kwargs)


def stored_form(found: Found[Proposal]) -> ProposalForm:
    form = form_for(found, formdata=None)
    form.show(text_of(db.session(), found.row), found.row.version)
    return form


def posted_form(found: Found[Proposal]) -> ProposalForm:
    """The form as it was posted; from the page of both texts, with what was picked there."""
    if not is_choice(request.form):
        return form_for(found)
    return form_for(found, formdata=resolved(request.form, stored_form(found)))


def other_of_proposal(found: Found[Proposal]) -> Other:
    proposal = found.row
    names = names_of(db.session(), [proposal.edited_by_id])
    own = proposal.edited_by_id == current_actor().account_id
    name = _("you, in another window") if own else names.get(proposal.edited_by_id or 0, _("somebody of the team"))
    return Other(stored_form(found), proposal.version, name, proposal.edited_at)


def other_of_visitor(facts: CallFacts, kept: VisitorDraft) -> Other:
    return Other(form_of_fields(facts.rules, kept.fields), kept.version, _("you, in another window"), kept.edited_at)


def both_texts(call: Call, mine: ProposalForm, other: Other, *, url: str) -> Any:
    """Both texts side by side; `url` takes the choice."""
    return render_template(
        "proposals/both.html", call=call, form=mine, parts=parts_of(mine, other.form), other=other, url=url
    ), 409


def both_of_proposal(found: Found[Proposal], mine: ProposalForm) -> Any:
    url = url_for("proposals.edit_save", public_id=found.row.public_id)
    return both_texts(found.row.call, mine, other_of_proposal(found), url=url)
