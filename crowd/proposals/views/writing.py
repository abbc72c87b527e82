"""Editing: the draft before handing in, the text afterwards while the stage is open, the correction when asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crowd.calls.models import Call
from crowd.core.answers import changed_answers
from crowd.core.errors import DomainError, NotAllowed, StaleVersion
from crowd.core.permissions import Permission
from crowd.core.status import ProposalStatus
from crowd.files.checking import ACCEPT, MOST_MEGABYTES, CheckedFile
from crowd.files.storage import stored
from crowd.proposals.actions import attach_files, edit_proposal, keep_as_draft, remove_file, text_of
from crowd.proposals.forms import ProposalForm, file_facts
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal
from crowd.proposals.queries import Present, last_screening
from crowd.proposals.views.blueprint import bp
from crowd.proposals.views.files import checked_uploads, choose_again, chosen_for_removal
from crowd.proposals.views.merging import both_of_proposal, form_for, posted_form, stored_form
from crowd.proposals.views.presence import enter, presence_data, presence_words
from crowd.proposals.views.questions import (
    answer_uploads,
    cleared_answer,
    keep_file_answers,
    missing_parts,
    needed_in,
    stored_answers,
)
from crowd.proposals.views.saving import autosave_refused, autosaved, closed_sentence, say_saved
from crowd.store.db import db, transaction, utc_now
from crowd.store.types import new_public_id
from crowd.web.access import Found, allowed, current_actor
from crowd.web.errors import sentence
from crowd.web.forms import fill_errors
from crowd.web.text import _

_NONE: Mapping[str, CheckedFile] = {}
AFTER = {
    "submit": "proposals.submit",
    "team": "proposals.team",
    "similar": "proposals.similar",
    "preview": "pages.proposal_preview",
}
"""Where the buttons of a draft lead once it is saved."""


@bp.get("/proposals/<public_id>/edit")
@proposal_gate.requires(Permission.PROPOSAL_EDIT)
def edit(found: Found[Proposal]) -> str:
    form, text = stored_form(found), text_of(db.session(), found.row)
    if "check" in request.args:
        form.name_missing(missing_parts(found, text), text)
    return _page(found, form, others=enter(found))


@bp.post("/proposals/<public_id>/edit")
@proposal_gate.requires(Permission.PROPOSAL_REVISE)
def edit_save(found: Found[Proposal]) -> Any:
    form = posted_form(found)
    valid, files, answers = form.validate(), checked_uploads(form), answer_uploads(form, form.custom)
    if valid and found.row.status is not ProposalStatus.DRAFT and allowed(Permission.PROPOSAL_EDIT, found.facts):
        _name_missing(found, form, answers)
    if not valid or form.errors:
        return _page(found, choose_again(form)), 422
    was = found.row.status
    try:
        changed = _store(found, form, files, answers)
    except StaleVersion:
        again = proposal_gate.load(found.row.public_id)
        return both_of_proposal(again, choose_again(form))
    except NotAllowed as refused:
        return _too_late(found, form, refused)
    except DomainError as error:
        fill_errors(form, error)
        return _page(proposal_gate.load(found.row.public_id), choose_again(form)), error.status
    return _after_saving(found, was, changed=changed)


def _name_missing(found: Found[Proposal], form: ProposalForm, files: Mapping[str, CheckedFile]) -> None:
    """What is handed in stays complete: all that would be missing is said at once."""
    gone = cleared_answer(form.custom)
    given = {**form.text().answers, **dict.fromkeys(files, "…")} | ({gone: None} if gone else {})
    text = replace(form.text(), answers=changed_answers(found.row.answers, given))
    form.name_missing(missing_parts(found, text), text)


@bp.post("/proposals/<public_id>/autosave")
@proposal_gate.requires(Permission.PROPOSAL_WORK)
def autosave(found: Found[Proposal]) -> Any:
    form = form_for(found)
    if not form.validate():
        return autosave_refused(form)
    try:
        _check_draft(found)
        _store(found, form)
    except DomainError as error:
        return autosave_refused(form, error, found.row.public_id)
    return autosaved(found.row, **presence_data(found))


def _store(
    found: Found[Proposal],
    form: ProposalForm,
    files: Sequence[CheckedFile] = (),
    answers: Mapping[str, CheckedFile] = _NONE,
) -> bool:
    with stored(files) as kept, stored_answers(answers) as kept_answers, transaction(found.row) as session:
        actor, now = current_actor(), utc_now()
        if kept:
            attach_files(session, found.row, kept, actor=actor, now=now)
        gone = chosen_for_removal()
        removed = gone is not None and remove_file(session, found.row, gone, actor=actor, now=now)
        text = form.text()
        given = keep_file_answers(session, found, kept_answers, Permission.PROPOSAL_EDIT)
        return edit_proposal(
            session,
            found.row,
            replace(text, answers={**text.answers, **given}),
            opened=form.opened,
            actor=actor,
            now=now,
            files_changed=bool(kept) or removed,
        )


def _check_draft(found: Found[Proposal]) -> None:
    """What is handed in is not changed while one types. Handing in after this look is seen as a stale version."""
    if found.row.status is not ProposalStatus.DRAFT:
        raise DomainError("handed_in_meanwhile")


def _after_saving(found: Found[Proposal], was: ProposalStatus, *, changed: bool) -> Response:
    key, gone = found.row.public_id, chosen_for_removal()
    if gone and changed:
        message: Any = {
            "text": _("The file is taken away."),
            "undo_url": url_for("proposals.file_restore", public_id=gone),
        }
        flash(message | {"undo_label": None}, "success")
    if was is ProposalStatus.DRAFT:
        say_saved(found.facts.call, found.row)
        target = AFTER.get(request.form.get("then", ""), "proposals.edit")
        return redirect(url_for(target, public_id=key), 303)
    if was is ProposalStatus.CORRECTION:
        flash(_corrected_words(found), "success")
    elif changed:
        flash(_("Your change is saved as a new version."), "success")
    else:
        flash(_("Nothing was changed, so there is no new version."), "info")
    return redirect(url_for("pages.proposal", public_id=key), 303)


def _corrected_words(found: Found[Proposal]) -> str:
    if current_actor().account_id in found.facts.team_ids:
        return _("Your correction is sent. The organization looks at it next.")
    return _("The correction is saved. The proposal waits in screening again.")


def _too_late(found: Found[Proposal], form: ProposalForm, refused: NotAllowed) -> Any:
    """The change is not taken any more; what its author wrote stays as a private draft, what staff typed on the page."""
    text = form.text()
    if current_actor().account_id not in found.facts.team_ids:
        fill_errors(form, refused)
        return _page(proposal_gate.load(found.row.public_id), choose_again(form)), refused.status
    with transaction(found.row) as session:
        call = session.get_one(Call, found.row.call_id)
        draft = keep_as_draft(session, call, text, key=new_public_id(), actor=current_actor(), now=utc_now())
    reason = closed_sentence(found.facts.call) if refused.code == "submission_open" else sentence(refused.code)
    return render_template("proposals/too_late.html", proposal=found.row, draft=draft, reason=reason), 409


def _page(found: Found[Proposal], form: ProposalForm, *, others: Sequence[Present] = ()) -> str:
    text = form.text()
    return render_template(
        "proposals/edit.html",
        proposal=found.row,
        call=found.row.call,
        facts=found.facts,
        form=form,
        missing=missing_parts(found, replace(text, answers=changed_answers(found.row.answers, text.answers))),
        asked_fields=needed_in(found.facts.call),
        others=presence_words(list(others)),
        screening=last_screening(db.session(), found.row.id),
        file_facts=file_facts(found.facts.call.rules, MOST_MEGABYTES),
        accept=ACCEPT,
    )
