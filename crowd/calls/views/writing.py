"""Writing a call: begin it, edit it section by section, look at what is missing, delete it."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crowd.calls.actions import create_call, delete_draft, edit_draft
from crowd.calls.actions.cover import cover_keys
from crowd.calls.commands import AddRound, Change, NewCall, RemoveRound
from crowd.calls.forms import (
    BasicsForm,
    DecidingForm,
    NewCallForm,
    OutcomeForm,
    QuestionsForm,
    RoundForm,
    SectionForm,
    StagesForm,
    TakingPartForm,
)
from crowd.calls.gates import call_gate, written_rules
from crowd.calls.models import Call
from crowd.calls.queries import list_managed, list_templates
from crowd.calls.views.blueprint import bp
from crowd.calls.views.checklist import checklist_of, section_tabs
from crowd.calls.views.preview import preview_of
from crowd.core.checklist import Section
from crowd.core.diff import diff
from crowd.core.errors import StaleVersion
from crowd.core.outline import Wording
from crowd.core.permissions import Permission
from crowd.core.rules import RoundKind
from crowd.files.storage import file_store
from crowd.organizations.models import Organization
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor, requires
from crowd.web.errors import sentence
from crowd.web.text import _
from crowd.web.words import ROUNDS

FORMS: dict[Section, type[SectionForm]] = {
    Section.BASICS: BasicsForm,
    Section.TAKING_PART: TakingPartForm,
    Section.STAGES: StagesForm,
    Section.FORM: QuestionsForm,
    Section.DECIDING: DecidingForm,
    Section.OUTCOME: OutcomeForm,
}
_NAMES = ",".join(f'"{section.value}"' for section in Section)


@bp.route("/calls/new", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def create() -> Any:
    """Begin a call in the name of an organization that one manages."""
    organizations = list_managed(db.session(), current_actor())
    first = organizations[0] if organizations else None
    form = NewCallForm(
        organizations,
        organization=request.args.get("organization"),
        language=first.language if first else None,
        time_zone=first.time_zone if first else None,
    )
    if not organizations or not form.validate_on_submit():
        return _first_page(form, organizations), 422 if form.errors else 200
    organization = next(each for each in organizations if each.slug == form.organization.data)
    new = NewCall(form.title.data or "", form.language.data, form.time_zone.data, form.shape.data, _wording())
    with transaction(organization) as session:
        call = create_call(session, organization, new, actor=current_actor(), now=utc_now())
    flash(_("The draft is begun. Only your organization's managers see it."), "success")
    return redirect(url_for("calls.edit", public_id=call.public_id), 303)


def _first_page(form: NewCallForm, organizations: Sequence[Organization]) -> str:
    kept = list_templates(db.session(), [each.id for each in organizations])
    return render_template("calls/create.html", form=form, organizations=organizations, templates=kept)


def _wording() -> Wording:
    """Texts of the outline; they are the organization's own from then on."""
    return Wording(
        vote=str(ROUNDS[RoundKind.VOTE]),
        jury=str(ROUNDS[RoundKind.REVIEW]),
        declarations=(
            _("I meet the conditions of this call."),
            _("This is our own work, and everybody named in it agrees."),
            _("I accept the licence of this call for what I hand in."),
        ),
    )


@bp.route("/calls/<public_id>/edit", methods=["GET", "POST"])
@bp.route(f"/calls/<public_id>/edit/<any({_NAMES}):section>", methods=["GET", "POST"])
@call_gate.requires(Permission.CALL_EDIT)
def edit(found: Found[Call], section: str = Section.BASICS.value) -> Any:
    """One section of the draft."""
    chosen = Section(section)
    if chosen is Section.STAGES and found.facts.amending:
        flash(_("Dates are not part of an amendment: move them here."), "info")
        return redirect(url_for("calls.schedule", public_id=found.row.public_id), 303)
    form = FORMS[chosen](
        written_rules(found.row), request.form if request.method == "POST" else None, found.row.version
    )
    if request.method == "GET":
        return _page(found, form, chosen)
    act = request.form.get("act", "save")
    if form.press(act):
        return _page(found, form, chosen, unsaved=True)
    change = form.change() if form.validate() else None
    if change is None:
        return _page(found, form, chosen), 422
    try:
        _store(found.row, [change, *_asked_of_rounds(act)], form.opened)
    except StaleVersion:
        return _both_texts(found, form, chosen)
    return _saved(found.row, chosen, act)


def _store(call: Call, changes: list[Change], opened: int) -> None:
    with transaction(call) as session:
        version = opened
        for change in changes:
            edit_draft(session, call, change, version=version, actor=current_actor(), now=utc_now())
            version = call.version


def _asked_of_rounds(act: str) -> list[Change]:
    """Rounds are added and removed together with saving the page, so that nothing typed there is lost."""
    verb, _sep, key = act.partition(":")
    if verb == "add-vote":
        return [AddRound(RoundKind.VOTE, str(ROUNDS[RoundKind.VOTE]))]
    if verb == "add-jury":
        return [AddRound(RoundKind.REVIEW, str(ROUNDS[RoundKind.REVIEW]))]
    return [RemoveRound(key)] if verb == "remove-round" else []


def _saved(call: Call, section: Section, act: str) -> Response:
    flash(_("Saved."), "success")
    key = call.public_id
    rules = written_rules(call)
    if act.startswith("add-") and rules.rounds:
        return redirect(url_for("calls.edit_round", public_id=key, key=rules.rounds[-1].key), 303)
    verb, _sep, wanted = act.partition(":")
    if verb == "round" and any(each.key == wanted for each in rules.rounds):
        return redirect(url_for("calls.edit_round", public_id=key, key=wanted), 303)
    order = list(Section)
    if act == "next" and section is order[-1]:
        last = "pages.publish_call" if call.rules is None else "amendments.review"
        return redirect(url_for(last, public_id=key), 303)
    if call.rules is not None:
        order.remove(Section.STAGES)
    target = order[order.index(section) + 1] if act == "next" else section
    return redirect(url_for("calls.edit", public_id=key, section=target.value), 303)


@bp.route("/calls/<public_id>/edit/rounds/<key>", methods=["GET", "POST"])
@call_gate.requires(Permission.CALL_EDIT)
def edit_round(found: Found[Call], key: str) -> Any:
    """One round: who enters it, and its ballot or rubric."""
    if not any(each.key == key for each in written_rules(found.row).rounds):
        flash(_("This round was removed."), "warning")
        return redirect(url_for("calls.edit", public_id=found.row.public_id, section=Section.DECIDING.value), 303)
    posted = request.form if request.method == "POST" else None
    form = RoundForm(written_rules(found.row), key, posted, found.row.version)
    if posted is None:
        return _page(found, form, Section.DECIDING)
    act = request.form.get("act", "save")
    if form.press(act):
        return _page(found, form, Section.DECIDING, unsaved=True)
    change = form.change() if form.validate() else None
    if change is None:
        return _page(found, form, Section.DECIDING), 422
    try:
        _store(found.row, [change], form.opened)
    except StaleVersion:
        return _both_texts(found, form, Section.DECIDING)
    flash(_("Saved."), "success")
    if act == "next":
        return redirect(url_for("calls.edit", public_id=found.row.public_id, section=Section.DECIDING.value), 303)
    return redirect(url_for("calls.edit_round", public_id=found.row.public_id, key=key), 303)


def _both_texts(found: Found[Call], form: SectionForm, section: Section) -> Any:
    """Somebody saved in between: both texts on one page; saving once more is then meant."""
    again = call_gate.load(found.row.public_id)
    rules, version = written_rules(again.row), again.row.version
    if isinstance(form, RoundForm):
        if not any(each.key == form.round.key for each in rules.rounds):
            return _page(again, form, section, stale=True), 409
        stored: SectionForm = RoundForm(rules, form.round.key, None, version)
    else:
        stored = type(form)(rules, None, version)
    form.version.data = str(version)
    return _page(again, form, section, stale=True, differences=_differences(stored, form)), 409


def _differences(stored: SectionForm, mine: SectionForm) -> list[tuple[str, Any]]:
    """Label and difference of every field that was stored otherwise."""
    theirs, own = stored.texts(), mine.texts()
    most = max(len(theirs), len(own))
    theirs += [("", "")] * (most - len(theirs))
    own += [("", "")] * (most - len(own))
    return [(b[0] or a[0], diff(a[1], b[1])) for a, b in zip(theirs, own, strict=True) if a[1] != b[1]]


def _page(
    found: Found[Call],
    form: SectionForm,
    section: Section,
    *,
    unsaved: bool = False,
    stale: bool = False,
    differences: Any = (),
) -> str:
    if stale:
        form.form_errors = [sentence("stale_version")]
    rules = written_rules(found.row)
    items = checklist_of(found.row, rules)
    key = form.round.key if isinstance(form, RoundForm) else None
    return render_template(
        f"calls/edit_{'round' if key else section.name.lower()}.html",
        found=found,
        call=found.row,
        rules=rules,
        form=form,
        section=section,
        tabs=section_tabs(found.row, items, section),
        items=items,
        here=[item for item in items if not item.done and item.section is section and item.round in {None, key}],
        unsaved=unsaved,
        asked_preview=preview_of(form),
        differences=differences,
    )


@bp.route("/calls/<public_id>/delete", methods=["GET", "POST"])
@call_gate.requires(Permission.CALL_DELETE)
def delete(found: Found[Call]) -> Any:
    if request.method == "GET":
        return render_template("calls/delete.html", found=found, call=found.row)
    with transaction(found.row) as session:
        keys = cover_keys(found.row)
        delete_draft(session, found.row, actor=current_actor(), now=utc_now())
    for key in keys:
        file_store().delete(key)
    flash(_("The draft is deleted."), "success")
    return redirect(url_for("pages.home"), 303)
