"""The screening queue: one proposal, three keys, the next one."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.diff import Paragraph
from crowd.core.errors import DomainError, StaleVersion
from crowd.core.permissions import Permission
from crowd.core.status import ProposalStatus, StageKind
from crowd.proposals.actions import screen_proposal, undo_screening
from crowd.proposals.forms import ScreeningForm
from crowd.proposals.gates import find_proposal, proposal_gate
from crowd.proposals.models import Proposal, Screening
from crowd.proposals.queries import last_screening, names_of, screening_list, screening_queue, versions_of
from crowd.proposals.views.blueprint import bp
from crowd.proposals.views.history import changed_parts, seen_fields
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _


@bp.get("/calls/<public_id>/screening")
@call_gate.requires(Permission.SCREENING_VIEW)
def screening(found: Found[Call]) -> Any:
    if "list" in request.args:
        return _list_page(found)
    chosen = request.args.get("proposal")
    queue = screening_queue(db.session(), found.row.id, current_actor(), utc_now())
    key = chosen or queue.after(None)
    if key is None:
        return _list_page(found)
    item = _item(found, key)
    form = ScreeningForm(formdata=None)
    form.version.data = str(item.row.version)
    return _item_page(found, item, form)


@bp.post("/proposals/<public_id>/screen")
@proposal_gate.requires(Permission.PROPOSAL_SCREEN)
def screen(found: Found[Proposal]) -> Any:
    key, form = found.row.public_id, ScreeningForm()
    if not form.validate():
        return _item_page(_call_of(found), found, form), 422
    queue = screening_queue(db.session(), found.row.call_id, current_actor(), utc_now())
    try:
        with transaction(found.row) as session:
            decision = form.decision(found.facts.call.rules.time_zone)
            screen_proposal(session, found.row, decision, opened=form.opened, actor=current_actor(), now=utc_now())
    except DomainError as error:
        return _not_taken(key, form, error)
    _say_decided(found.row, key)
    return redirect(_address(found.row.call.public_id, queue.after(key)), 303)


@bp.post("/proposals/<public_id>/screen/undo")
@proposal_gate.requires(Permission.PROPOSAL_SCREEN)
def screen_undo(found: Found[Proposal]) -> Response:
    with transaction(found.row) as session:
        undo_screening(session, found.row, actor=current_actor(), now=utc_now())
    flash(_("Undone: the proposal is back in the queue."), "success")
    return redirect(_address(found.row.call.public_id, found.row.public_id), 303)


def _address(call_key: str, proposal_key: str | None) -> str:
    return url_for("proposals.screening", public_id=call_key, proposal=proposal_key)


def _say_decided(proposal: Proposal, key: str) -> None:
    words = {
        ProposalStatus.ELIGIBLE: _("“%(title)s” is eligible.", title=proposal.title),
        ProposalStatus.INELIGIBLE: _("“%(title)s” is not eligible. Its authors are told why.", title=proposal.title),
        ProposalStatus.CORRECTION: _("The authors of “%(title)s” are asked to correct it.", title=proposal.title),
    }
    undo = None if proposal.in_round else url_for("proposals.screen_undo", public_id=key)
    message: Any = {"text": words[proposal.status], "undo_url": undo, "undo_label": None}
    flash(message, "success")


def _not_taken(key: str, form: ScreeningForm, error: DomainError) -> Any:
    """The same page with the reason; what was written stays. Somebody else's decision is named."""
    found = proposal_gate.load(key)
    if isinstance(error, StaleVersion):
        form.form_errors = [_what_happened_meanwhile(found.row)]
    else:
        fill_errors(form, error)
    form.version.data = str(found.row.version)
    return _item_page(_call_of(found), found, form), error.status


def _what_happened_meanwhile(proposal: Proposal) -> str:
    last = last_screening(db.session(), proposal.id)
    if last is None or last.outcome is not proposal.status:
        return _("The authors changed the proposal meanwhile. Read the new text, then decide.")
    name = names_of(db.session(), {last.by_id}).get(last.by_id or 0, _("Somebody else"))
    return _("%(name)s decided meanwhile. What you wrote is still here.", name=name)


def _call_of(found: Found[Proposal]) -> Found[Call]:
    return Found(found.row.call, found.facts.call)


def _item(found: Found[Call], key: str) -> Found[Proposal]:
    item = find_proposal(db.session(), key)
    if item is None or item.row.call_id != found.row.id or item.row.status is ProposalStatus.DRAFT:
        abort(404)
    return item


def _item_page(found: Found[Call], item: Found[Proposal], form: ScreeningForm) -> str:
    now = utc_now()
    queue = screening_queue(db.session(), found.row.id, current_actor(), now)
    last = last_screening(db.session(), item.row.id)
    return render_template(
        "proposals/screening.html",
        found=found,
        call=found.row,
        item=item,
        proposal=item.row,
        facts=item.facts,
        form=form,
        queue=queue,
        last=last,
        corrected=_correction(item, last),
        overdue=item.row.correction_due is not None and item.row.correction_due <= now,
        late=_is_late(found, now),
        open_moves=_open_moves(item),
        names=names_of(db.session(), {last.by_id} if last else ()),
    )


def _correction(item: Found[Proposal], last: Screening | None) -> list[tuple[str, tuple[Paragraph, ...]]]:
    """What changed since the correction was asked for."""
    if last is None or last.outcome is not ProposalStatus.CORRECTION:
        return []
    versions = {version.number: version for version in versions_of(db.session(), item.row.id)}
    old, new = versions.get(last.version_seen), versions.get(max(versions, default=0))
    if old is None or new is None or old is new:
        return []
    return changed_parts(old, new, seen_fields(item))


def _open_moves(item: Found[Proposal]) -> frozenset[str]:
    """Which of the three buttons lead anywhere from here."""
    status = item.row.status
    waiting = {ProposalStatus.SUBMITTED, ProposalStatus.CORRECTION}
    sources = {
        ProposalStatus.ELIGIBLE: waiting | {ProposalStatus.INELIGIBLE},
        ProposalStatus.INELIGIBLE: waiting | {ProposalStatus.ELIGIBLE, ProposalStatus.SHORTLISTED},
        ProposalStatus.CORRECTION: waiting,
    }
    return frozenset(outcome.value for outcome, allowed in sources.items() if status in allowed)


def _is_late(found: Found[Call], now: Any) -> bool:
    """The time for screening is over and this still waits."""
    return bool(found.facts.is_past(StageKind.SCREENING, now))


def _list_page(found: Found[Call]) -> str:
    now = utc_now()
    page = screening_list(db.session(), found.row.id, request.args.get("after"))
    return render_template(
        "proposals/screening_list.html",
        found=found,
        call=found.row,
        page=page,
        queue=screening_queue(db.session(), found.row.id, current_actor(), now),
        late=_is_late(found, now),
    )
