"""What the organization keeps for itself about one proposal."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select

from crowd.core.permissions import Permission
from crowd.desk.actions import add_note, assign, label, lift_label, relieve, remove_note, restore_note
from crowd.desk.forms import NoteForm
from crowd.desk.models import Note
from crowd.desk.queries import colleagues_of, get_label, labels_of, list_labels, list_notes, list_staff
from crowd.desk.views.blueprint import bp
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.text import _


@bp.get("/proposals/<public_id>/notes")
@proposal_gate.requires(Permission.DESK_NOTE)
def notes(found: Found[Proposal]) -> str:
    return _page(found, NoteForm(formdata=None))


def _page(found: Found[Proposal], form: NoteForm) -> str:
    session, organization = db.session(), found.row.call.organization_id
    on, looking = labels_of(session, found.row.id), colleagues_of(session, found.row.id)
    return render_template(
        "desk/notes.html",
        found=found,
        proposal=found.row,
        call=found.row.call,
        form=form,
        notes=list_notes(session, found.row.id),
        on=on,
        off=[each for each in list_labels(session, organization) if each not in on],
        looking=looking,
        others=[each for each in list_staff(session, organization) if each not in looking],
    )


@bp.post("/proposals/<public_id>/notes")
@proposal_gate.requires(Permission.DESK_NOTE)
def write_note(found: Found[Proposal]) -> Any:
    form = NoteForm()
    if not form.validate():
        return _page(found, form), 422
    with transaction(found.row) as session:
        add_note(session, found.row, form.text.data or "", actor=current_actor(), now=utc_now())
    flash(_("The note is kept."), "success")
    return _back(found)


def _back(found: Found[Proposal]) -> Any:
    return redirect(url_for(".notes", public_id=found.row.public_id), 303)


@bp.post("/proposals/<public_id>/notes/<key>/<any(remove, restore):act>")
@proposal_gate.requires(Permission.DESK_NOTE)
def change_note(found: Found[Proposal], key: str, act: str) -> Any:
    note = db.session.scalar(select(Note).where(Note.public_id == key, Note.proposal_id == found.row.id)) or abort(404)
    change = remove_note if act == "remove" else restore_note
    with transaction(note) as session:
        change(session, found.row, note, actor=current_actor(), now=utc_now())
    if act == "remove":
        again = url_for(".change_note", public_id=found.row.public_id, key=key, act="restore")
        message: Any = {"text": _("The note is taken away."), "undo_url": again, "undo_label": None}
        flash(message, "success")
    return _back(found)


@bp.post("/proposals/<public_id>/notes/labels")
@proposal_gate.requires(Permission.DESK_NOTE)
def change_label(found: Found[Proposal]) -> Any:
    mark = get_label(db.session(), found.row.call.organization_id, request.form.get("label", "")) or abort(404)
    change = lift_label if request.form.get("act") == "lift" else label
    with transaction(found.row, mark) as session:
        change(session, found.row.call, mark, [found.row.id], actor=current_actor(), now=utc_now())
    return _back(found)


@bp.post("/proposals/<public_id>/notes/colleagues")
@proposal_gate.requires(Permission.DESK_NOTE)
def change_colleague(found: Found[Proposal]) -> Any:
    staff = {account.public_id: account for account in list_staff(db.session(), found.row.call.organization_id)}
    colleague = staff.get(request.form.get("colleague", "")) or abort(404)
    change = relieve if request.form.get("act") == "relieve" else assign
    with transaction(found.row) as session:
        change(session, found.row.call, colleague, [found.row.id], actor=current_actor(), now=utc_now())
    return _back(found)
