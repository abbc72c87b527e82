"""Entering on behalf of somebody, and the mailed link with which that person takes the proposal over."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.errors import DomainError, InvalidInput, NotAllowed
from crowd.core.permissions import Permission
from crowd.core.status import EntryChannel
from crowd.core.subjects import ProposalFacts
from crowd.files.checking import ACCEPT, MOST_MEGABYTES, CheckedFile
from crowd.files.storage import stored
from crowd.proposals.actions import claim_entry, enter_proposal, note_refused_claim
from crowd.proposals.actions.team import token_hash
from crowd.proposals.forms import EntryForm, file_facts
from crowd.proposals.gates import find_proposal
from crowd.proposals.models import BehalfEntry, Proposal
from crowd.proposals.queries import behalf_entry, last_version_number
from crowd.proposals.views.blueprint import bp
from crowd.proposals.views.files import checked_uploads, choose_again
from crowd.proposals.views.questions import answer_uploads, missing_in, needed_in, stored_answers
from crowd.proposals.views.visiting import usable_key
from crowd.store.db import db, transaction, utc_now
from crowd.store.types import new_public_id
from crowd.web.access import Found, allowed, current_actor, public
from crowd.web.errors import sentence
from crowd.web.forms import BaseForm, fill_errors
from crowd.web.text import _
from crowd.web.words import ENTRY_CHANNELS

LIMITS = frozenset({"too_many_led", "too_many_joined"})


@bp.app_template_filter("entry_words")
def entry_words(proposal: Any) -> str:
    """How a proposal came that the organization entered; nothing for others."""
    if proposal.entered is None:
        return ""
    if proposal.entered is EntryChannel.IMPORT:
        return _("Entered by the organization from a file")
    return _("Entered on behalf of the author, %(how)s", how=ENTRY_CHANNELS[proposal.entered])


@bp.app_template_global("claim_refused_at")
def claim_refused_at(proposal: Proposal, facts: ProposalFacts) -> datetime | None:
    """When the limit per person kept the author from taking over what was entered for them; for the organization alone."""
    if proposal.entered is None or proposal.lead_id is not None or not allowed(Permission.SCREENING_VIEW, facts.call):
        return None
    entry = behalf_entry(db.session(), proposal)
    return entry.refused_at if entry else None


@bp.get("/calls/<public_id>/enter")
@call_gate.requires(Permission.PROPOSAL_ENTER)
def enter(found: Found[Call]) -> str:
    form = EntryForm(found.facts.rules, formdata=None)
    form.draft.data, form.language.data = new_public_id(), found.facts.rules.language
    return _page(found, form)


@bp.post("/calls/<public_id>/enter")
@call_gate.requires(Permission.PROPOSAL_ENTER)
def enter_save(found: Found[Call]) -> Any:
    form = EntryForm(found.facts.rules)
    form.validate()
    files, answers = checked_uploads(form), answer_uploads(form, form.custom)
    text = replace(form.text(), answers={**form.text().answers, **dict.fromkeys(answers, "…")})
    form.name_missing(missing_in(text, found.facts), text)
    if form.errors:
        return _page(found, choose_again(form)), 422
    try:
        proposal = _store(found, form, files, answers)
    except DomainError as error:
        fill_errors(form, error)
        return _page(found, choose_again(form)), error.status
    flash(_("Entered as number %(number)s for %(name)s.", number=proposal.number, name=form.person.data), "success")
    if request.form.get("then") == "next":
        return redirect(url_for("proposals.enter", public_id=found.row.public_id), 303)
    return redirect(url_for("pages.proposal", public_id=proposal.public_id), 303)


def _store(
    found: Found[Call], form: EntryForm, files: Sequence[CheckedFile], answers: Mapping[str, CheckedFile]
) -> Proposal:
    with stored(files) as kept, stored_answers(answers) as kept_answers, transaction(found.row) as session:
        return enter_proposal(
            session,
            found.row,
            form.text(),
            replace(form.behalf(), files=kept, answers=kept_answers),
            key=usable_key(form.draft.data),
            actor=current_actor(),
            now=utc_now(),
        )


def _page(found: Found[Call], form: EntryForm) -> str:
    return render_template(
        "proposals/enter.html",
        found=found,
        call=found.row,
        facts=found.facts,
        form=form,
        needed=needed_in(found.facts),
        file_facts=file_facts(found.facts.rules, MOST_MEGABYTES),
        accept=ACCEPT,
    )


@bp.get("/entries/<token>")
@public
def entry(token: str) -> Any:
    """What was entered for the person who holds the link."""
    return _claim_page(token)


@bp.post("/entries/<token>/claim")
@public
def entry_claim(token: str) -> Any:
    found, row = _entered(token)
    try:
        with transaction(found.row.call, found.row, row) as session:
            claim_entry(session, found.row, row, actor=current_actor(), now=utc_now())
    except NotAllowed as refused:
        if refused.code != "signed_in":
            raise
        return redirect(url_for("accounts.sign_in", next=url_for("proposals.entry", token=token)), 303)
    except InvalidInput as refused:
        if refused.code in LIMITS:
            with transaction(found.row, row) as session:
                note_refused_claim(session, found.row, row, actor=current_actor(), now=utc_now())
        return _claim_page(token, [sentence(refused.code, **refused.values)]), refused.status
    flash(_("The proposal is yours now: you follow it here, and your name stands with it."), "success")
    return redirect(url_for("pages.proposal", public_id=found.row.public_id), 303)


def _claim_page(token: str, extra: Sequence[str] = ()) -> str:
    found, row = _entered(token)
    corrected = last_version_number(db.session(), found.row.id) > 1
    return render_template(
        "proposals/claim.html",
        proposal=found.row,
        call=found.row.call,
        entry=row,
        token=token,
        corrected_at=found.row.edited_at if corrected else None,
        form=BaseForm(formdata=None),
        extra=extra,
    )


def _entered(token: str) -> tuple[Found[Proposal], BehalfEntry]:
    row = db.session.scalar(select(BehalfEntry).where(BehalfEntry.token_hash == token_hash(token)))
    key = row and db.session.scalar(select(Proposal.public_id).where(Proposal.id == row.proposal_id))
    found = find_proposal(db.session(), key) if key else None
    if row is None or found is None:
        abort(404)
    return found, row
