"""Bulk acts: label, assign, screen, each with its undo; export and messages lead on to their own pages."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.errors import DomainError
from crowd.core.permissions import Permission
from crowd.desk.actions import assign, label, lift_label, relieve, screen, undo
from crowd.desk.commands import Query
from crowd.desk.forms import AlikeForm
from crowd.desk.models import BulkAct
from crowd.desk.queries import get_bulk_act, get_label, list_staff
from crowd.desk.views.asked import Asked
from crowd.desk.views.blueprint import bp
from crowd.desk.views.chosen import MOST_TICKED, chosen
from crowd.proposals.commands import ManyScreened
from crowd.proposals.models import Proposal
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.errors import sentence
from crowd.web.forms import fill_errors
from crowd.web.numbers import natural
from crowd.web.text import _, ngettext

LABELLING: dict[str, Callable[..., BulkAct]] = {"label": label, "lift_label": lift_label}
ASSIGNING: dict[str, Callable[..., BulkAct]] = {"assign": assign, "relieve": relieve}


@bp.post("/calls/<public_id>/desk/act")
@call_gate.requires(Permission.DESK_VIEW)
def act(found: Found[Call]) -> Any:
    """One of the buttons under the table."""
    wanted = request.form.get("act", "")
    ids, asked = chosen(found, most=MOST_TICKED if wanted == "screen" else 1000)
    if not ids:
        flash(_("Choose at least one proposal first."), "warning")
        return _back(found, asked)
    if wanted in LABELLING:
        return _label(found, wanted, ids, asked)
    if wanted in ASSIGNING:
        return _assign(found, wanted, ids, asked)
    if wanted == "screen":
        return _screening_page(found, ids, asked, _fresh_form())
    return abort(404)


def _back(found: Found[Call], asked: Asked) -> Any:
    return redirect(url_for(".proposals", public_id=found.row.public_id, **asked.query.asked()), 303)


def _label(found: Found[Call], wanted: str, ids: Sequence[int], asked: Asked) -> Any:
    mark = get_label(db.session(), found.row.organization_id, request.form.get("with_label", ""))
    if mark is None:
        flash(_("Choose a label first."), "warning")
        return _back(found, asked)
    with transaction(found.row, mark) as session:
        done = LABELLING[wanted](session, found.row, mark, ids, actor=current_actor(), now=utc_now())
    changed = len(_changed(done))
    words = (
        ngettext(
            "“%(label)s” is on %(num)d proposal more.",
            "“%(label)s” is on %(num)d proposals more.",
            changed,
            label=mark.name,
        )
        if wanted == "label"
        else ngettext(
            "“%(label)s” is off %(num)d proposal.", "“%(label)s” is off %(num)d proposals.", changed, label=mark.name
        )
    )
    return _done(found, done, words, len(ids) - changed, asked)


def _assign(found: Found[Call], wanted: str, ids: Sequence[int], asked: Asked) -> Any:
    staff = {account.public_id: account for account in list_staff(db.session(), found.row.organization_id)}
    colleague = staff.get(request.form.get("to_colleague", ""))
    if colleague is None:
        flash(_("Choose a colleague first."), "warning")
        return _back(found, asked)
    with transaction(found.row) as session:
        done = ASSIGNING[wanted](session, found.row, colleague, ids, actor=current_actor(), now=utc_now())
    changed = len(_changed(done))
    words = (
        ngettext(
            "%(name)s looks after %(num)d proposal more and is told.",
            "%(name)s looks after %(num)d proposals more and is told.",
            changed,
            name=colleague.name,
        )
        if wanted == "assign"
        else ngettext(
            "%(name)s no longer looks after %(num)d proposal.",
            "%(name)s no longer looks after %(num)d proposals.",
            changed,
            name=colleague.name,
        )
    )
    return _done(found, done, words, len(ids) - changed, asked)


def _changed(done: BulkAct) -> list[int]:
    data: Any = done.data
    return list(data["proposals"])


def _done(found: Found[Call], done: BulkAct, words: str, left: int, asked: Asked) -> Any:
    if left:
        words += " " + ngettext(
            "%(num)d stays as it was: so already, or a stake in it.",
            "%(num)d stay as they were: so already, or a stake in them.",
            left,
        )
    kept = {"public_id": found.row.public_id, "key": done.public_id, **asked.query.asked()}
    back = url_for(".undo_act", **kept) if _changed(done) else None
    message: Any = {"text": words, "undo_url": back, "undo_label": None}
    flash(message, "success")
    return _back(found, asked)


@bp.post("/calls/<public_id>/desk/undo/<key>")
@call_gate.requires(Permission.DESK_VIEW)
def undo_act(found: Found[Call], key: str) -> Any:
    done = get_bulk_act(db.session(), found.row.id, key) or abort(404)
    proposals = _rows(found, _changed(done))
    locked = proposals if done.kind == "screen" else []
    with transaction(found.row, done, *locked) as session:
        count = undo(session, found.row, done, proposals, actor=current_actor(), now=utc_now())
    flash(ngettext("Undone for %(num)d proposal.", "Undone for %(num)d proposals.", count), "success")
    return redirect(url_for(".proposals", public_id=found.row.public_id, **Query.of(request.args).asked()), 303)


def _rows(found: Found[Call], ids: Sequence[int]) -> list[Proposal]:
    """In the order in which they are locked everywhere."""
    where = (Proposal.id.in_(ids), Proposal.call_id == found.row.id)
    return list(db.session.scalars(select(Proposal).where(*where).order_by(Proposal.id)))


# screening
def _fresh_form() -> AlikeForm:
    return AlikeForm(formdata=None)


def _screening_page(found: Found[Call], ids: Sequence[int], asked: Asked, form: AlikeForm) -> str:
    return render_template(
        "desk/screen.html",
        found=found,
        call=found.row,
        form=form,
        rows=_rows(found, ids),
        asked_values=asked.query.asked(),
    )


@bp.post("/calls/<public_id>/desk/screen")
@call_gate.requires(Permission.SCREENING_VIEW)
def screen_chosen(found: Found[Call]) -> Any:
    """`pick` carries `id:version`, the row as it was on the screen."""
    seen = dict(pair.rsplit(":", 1) for pair in request.form.getlist("seen")[:MOST_TICKED] if ":" in pair)
    asked, form = chosen(found)[1], AlikeForm()
    rows = _by_keys(found, list(seen))
    if not rows:
        flash(_("Choose at least one proposal first."), "warning")
        return _back(found, asked)
    ids = [row.id for row in rows]
    if not form.validate():
        return _screening_page(found, ids, asked, form), 422
    opened = {row.id: natural(seen[row.public_id]) for row in rows}
    try:
        with transaction(*rows) as session:
            decision = form.decision(found.facts.rules.time_zone)
            done, screened = screen(
                session, found.row, rows, decision, opened=opened, actor=current_actor(), now=utc_now()
            )
    except DomainError as error:
        fill_errors(form, error)
        return _screening_page(call_gate.load(found.row.public_id), ids, asked, form), error.status
    _say_screened(found, done, screened)
    return _back(found, asked)


def _by_keys(found: Found[Call], keys: Sequence[str]) -> list[Proposal]:
    where = (Proposal.public_id.in_(keys), Proposal.call_id == found.row.id, Proposal.submitted_at.is_not(None))
    return list(db.session.scalars(select(Proposal).where(*where).order_by(Proposal.id)))


def _say_screened(found: Found[Call], done: BulkAct, screened: ManyScreened) -> None:
    words = ngettext(
        "%(num)d proposal is screened; its authors are told.",
        "%(num)d proposals are screened; their authors are told.",
        len(screened.done),
    )
    if screened.left:
        codes = dict.fromkeys(code for _key, code in screened.left)
        why = " ".join(sentence(code) for code in codes)
        left = ngettext("%(num)d stays as it was.", "%(num)d stay as they were.", len(screened.left))
        words = f"{words} {left} {why}"
    back = url_for(".undo_act", public_id=found.row.public_id, key=done.public_id) if screened.done else None
    message: Any = {"text": words, "undo_url": back, "undo_label": None}
    flash(message, "success" if screened.done else "warning")
