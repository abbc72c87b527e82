"""The custom fields of a call: what a person may read of the answers, what is still missing, and questions of a later stage."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage

from crowd.core.answers import asked_later, asked_to_hand_in, eyes_of, is_frozen, shown_answers
from crowd.core.errors import DomainError, InvalidInput, StaleVersion
from crowd.core.fields import AnswerKind, CustomField, answer_part, unready
from crowd.core.permissions import Permission
from crowd.core.subjects import CallFacts, ProposalFacts
from crowd.files.checking import ACCEPT, CheckedFile, check_file
from crowd.files.storage import stored
from crowd.proposals.actions import answer_later, attach_answers, drop_answers, text_of
from crowd.proposals.commands import ProposalText
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal
from crowd.proposals.views.blueprint import bp
from crowd.proposals.views.files import neutral_name
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, allowed, current_actor
from crowd.web.answers import AnswersForm, fault_words, given_answers, show_answers
from crowd.web.errors import sentence
from crowd.web.forms import fill_errors
from crowd.web.text import _


@bp.app_template_global("answers_for")
def answers_for(proposal: Any, facts: ProposalFacts) -> tuple[tuple[CustomField, Any], ...]:
    """The answers of a proposal, or of one of its versions, that the person who looks may read."""
    told = shown_answers(facts.call.rules.custom_fields, proposal.answers, eyes_of(current_actor(), facts))
    if allowed(Permission.PROPOSAL_AUTHORS, facts):
        return told
    return tuple((asked, _without_name(asked, answer)) for asked, answer in told)


def _without_name(asked: CustomField, answer: Any) -> Any:
    """For reviewers who may not know the authors: a file under a name that says nothing."""
    return answer | {"name": neutral_name(answer["id"], answer["name"])} if asked.kind is AnswerKind.FILE else answer


@bp.app_template_global("questions_left")
def questions_left(proposal: Proposal, facts: ProposalFacts) -> bool:
    """Questions of a later stage wait for an answer."""
    return bool(unready(asked_later(facts, utc_now()), proposal.answers))


@bp.app_template_global("needed_items")
def needed_items(needed: Sequence[CustomField], missing: Sequence[str], page: str = "") -> list[dict[str, Any]]:
    """Lines of the checklist for required questions, each leading to its field on `page`."""
    parts = [(asked.label, answer_part(asked.key)) for asked in needed]
    return [{"label": label, "done": part not in missing, "url": f"{page}#{part}"} for label, part in parts]


def missing_parts(found: Found[Proposal], text: ProposalText) -> tuple[str, ...]:
    """Names of the parts without which the proposal is not handed in."""
    return missing_in(text, found.facts.call)


@bp.app_template_global("missing_in")
def missing_in(text: ProposalText, call: CallFacts) -> tuple[str, ...]:
    return text.missing(asks_cost=call.rules.asks_cost, asked=asked_to_hand_in(call, text.answers, utc_now()))


@bp.app_template_global("needed_in")
def needed_in(call: CallFacts) -> tuple[CustomField, ...]:
    """Questions for the checklist: those that are required to hand in."""
    return asked_to_hand_in(call, {}, utc_now())


def fixed_keys(found: Found[Proposal]) -> frozenset[str]:
    call, now = found.facts.call, utc_now()
    return frozenset(asked.key for asked in call.rules.custom_fields if is_frozen(asked, call, now))


def answer_uploads(form: Any, fields: Sequence[CustomField]) -> dict[str, CheckedFile]:
    """Files chosen as answers that may be stored; what is wrong with the others stands beside them."""
    checked = {}
    for asked in fields:
        name = answer_part(asked.key)
        upload = form[name].data if asked.kind is AnswerKind.FILE and name in form else None
        if isinstance(upload, FileStorage) and upload.filename:
            try:
                checked[asked.key] = check_file(upload.filename, upload.read(), name)
            except InvalidInput as error:
                form[name].errors = [*form[name].errors, sentence(error.code, **error.values)]
    return checked


@contextmanager
def stored_answers(files: Mapping[str, CheckedFile]) -> Iterator[dict[str, tuple[CheckedFile, str]]]:
    with stored(list(files.values())) as kept:
        yield dict(zip(files, kept, strict=True))


def cleared_answer(fields: Sequence[CustomField]) -> str | None:
    """The question whose file is taken away: `then=remove-answer_<key>`."""
    pressed = request.form.get("then", "")
    files = {f"remove-{answer_part(asked.key)}": asked.key for asked in fields if asked.kind is AnswerKind.FILE}
    return files.get(pressed)


def keep_file_answers(
    session: Any, found: Found[Proposal], files: Mapping[str, tuple[CheckedFile, str]], permission: Permission
) -> dict[str, Any]:
    """The change of answers that files make: those attached, and the one taken away."""
    now = utc_now()
    given: dict[str, Any] = attach_answers(
        session, found.row, files, permission=permission, actor=current_actor(), now=now
    )
    gone = cleared_answer(found.facts.call.rules.custom_fields)
    if gone is not None and gone not in given:
        drop_answers(session, found.row, [gone], now=now)
        given[gone] = None
    return given


@bp.get("/proposals/<public_id>/answers")
@proposal_gate.requires(Permission.PROPOSAL_ANSWER)
def answers(found: Found[Proposal]) -> str:
    """Questions that came with a later stage; nothing else can be changed here."""
    asked = asked_later(found.facts, utc_now())
    form = AnswersForm(found.facts.call.rules, asked, formdata=None)
    form.version.data = str(found.row.version)
    show_answers(form, asked, found.row.answers)
    return _page(found, form)


@bp.post("/proposals/<public_id>/answers")
@proposal_gate.requires(Permission.PROPOSAL_ANSWER)
def answers_save(found: Found[Proposal]) -> Any:
    asked = asked_later(found.facts, utc_now())
    form = AnswersForm(found.facts.call.rules, asked)
    valid, files = form.validate(), answer_uploads(form, asked)
    if not valid or form.errors:
        return _page(found, form), 422
    try:
        changed = _store(found, form, files)
    except DomainError as error:
        fill_errors(form, error)
        found = proposal_gate.load(found.row.public_id)
        if isinstance(error, StaleVersion):
            form.version.data = str(found.row.version)
        return _page(found, form), error.status
    left = unready(asked_later(found.facts, utc_now()), found.row.answers)
    if left:
        for fault in left:
            form[answer_part(fault.field)].errors = [fault_words(fault)]
        form.version.data = str(found.row.version)
        return _page(found, form, saved=changed), 422
    flash(_("Your answers are saved as a new version.") if changed else _("Nothing was changed."), "success")
    return redirect(url_for("pages.proposal", public_id=found.row.public_id), 303)


def _store(found: Found[Proposal], form: AnswersForm, files: Mapping[str, CheckedFile]) -> bool:
    with stored_answers(files) as kept, transaction(found.row) as session:
        given = given_answers(form, form.custom) | keep_file_answers(session, found, kept, Permission.PROPOSAL_ANSWER)
        return answer_later(session, found.row, given, opened=form.opened, actor=current_actor(), now=utc_now())


def _page(found: Found[Proposal], form: AnswersForm, *, saved: bool = False) -> str:
    return render_template(
        "proposals/answers.html",
        proposal=found.row,
        call=found.row.call,
        facts=found.facts,
        form=form,
        saved=saved,
        accept=ACCEPT,
        text=text_of(db.session(), found.row),
    )
