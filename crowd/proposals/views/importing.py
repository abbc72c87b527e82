"""Proposals from a table: choose a file, see what is wrong in which line, then store it."""

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, FileField

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.errors import DomainError
from crowd.core.permissions import Permission
from crowd.core.sheet import MOST_BYTES, MOST_LINES, NAMES, CellFault, Sheet, SheetError, read_sheet
from crowd.files.checking import plain_name
from crowd.files.storage import file_store, whole
from crowd.proposals.actions.importing import expected_of, finish_import, known_ids
from crowd.proposals.models import ProposalImport
from crowd.proposals.views.blueprint import bp
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.errors import sentence
from crowd.web.forms import BaseForm, fill_errors
from crowd.web.text import _, _l, ngettext

SHOWN_FAULTS = 200
SHOWN_ROWS = 5


class SavingForm(BaseForm):
    tell = BooleanField(
        _l("Mail a link to the people named, with which they may take their proposal over"),
        description=_l("Only those with an e-mail address in the table. The mails leave within the next minutes."),
    )


class SheetForm(BaseForm):
    sheet = FileField(_l("Table"), description=_l("CSV, as a spreadsheet saves it."))


@dataclass(frozen=True)
class FaultLine:
    line: int
    column: str
    reason: str


@bp.get("/calls/<public_id>/import")
@call_gate.requires(Permission.PROPOSAL_IMPORT)
def import_sheet(found: Found[Call]) -> str:
    return _upload_page(found, SheetForm(formdata=None))


@bp.post("/calls/<public_id>/import")
@call_gate.requires(Permission.PROPOSAL_IMPORT)
def import_upload(found: Found[Call]) -> Any:
    """Keep the file and look it through; nothing else is stored."""
    form = SheetForm()
    upload = form.sheet.data
    if not form.validate() or not isinstance(upload, FileStorage) or not upload.filename:
        form.sheet.errors = [_("Choose a file.")]
        return _upload_page(found, form), 422
    data = upload.read(MOST_BYTES + 1)
    try:
        _read(found, data)
    except SheetError as error:
        form.sheet.errors = [sentence(error.code, **error.values)]
        return _upload_page(found, form), 422
    key = file_store().put(data)
    with transaction(found.row) as session:
        row = ProposalImport(
            call_id=found.row.id,
            by_id=current_actor().account_id,
            at=utc_now(),
            filename=plain_name(upload.filename),
            storage_key=key,
        )
        session.add(row)
    address = url_for("proposals.import_check", public_id=found.row.public_id, upload=row.public_id)
    return redirect(address, 303)


@bp.get("/calls/<public_id>/import/<upload>")
@call_gate.requires(Permission.PROPOSAL_IMPORT)
def import_check(found: Found[Call], upload: str) -> Any:
    row = _upload(found, upload)
    if row.done_at is not None:
        return redirect(url_for("pages.proposals", public_id=found.row.public_id), 303)
    return _check_page(found, row, SavingForm(formdata=None))


@bp.post("/calls/<public_id>/import/<upload>")
@call_gate.requires(Permission.PROPOSAL_IMPORT)
def import_save(found: Found[Call], upload: str) -> Any:
    """Store all rows, or with `act=leave-out` those without a fault."""
    row, form = _upload(found, upload), SavingForm()
    sheet = _read(found, whole(file_store(), row.storage_key)) if row.done_at is None else None
    if sheet is not None and sheet.faults and request.form.get("act") != "leave-out":
        return _check_page(found, row, form), 422
    try:
        with transaction(found.row, row) as session:
            rows = sheet.rows if sheet else ()
            stored = finish_import(
                session, found.row, row, rows, tell=form.tell.data, actor=current_actor(), now=utc_now()
            )
    except DomainError as error:
        fill_errors(form, error)
        return _upload_page(found, SheetForm(formdata=None), form.form_errors), error.status
    file_store().delete(row.storage_key)
    flash(ngettext("%(num)s new proposal is imported.", "%(num)s new proposals are imported.", stored), "success")
    return redirect(url_for("pages.proposals", public_id=found.row.public_id), 303)


def _upload(found: Found[Call], key: str) -> ProposalImport:
    query = select(ProposalImport).where(ProposalImport.public_id == key, ProposalImport.call_id == found.row.id)
    row = db.session.scalar(query)
    if row is None:
        abort(404)
    return row


def _read(found: Found[Call], data: bytes) -> Sheet:
    return read_sheet(data, expected_of(found.facts, utc_now()))


def _upload_page(found: Found[Call], form: SheetForm, extra: Any = ()) -> str:
    return render_template(
        "proposals/import.html",
        found=found,
        call=found.row,
        facts=found.facts,
        form=form,
        extra=extra,
        names=NAMES,
        most_lines=MOST_LINES,
    )


def _check_page(found: Found[Call], row: ProposalImport, form: SavingForm) -> str:
    sheet = _read(found, whole(file_store(), row.storage_key))
    known = known_ids(db.session(), found.row.id, (each.external_id for each in sheet.rows))
    return render_template(
        "proposals/import_check.html",
        found=found,
        call=found.row,
        facts=found.facts,
        form=form,
        upload=row,
        sheet=sheet,
        known=len(known),
        fresh=len(sheet.rows) - len(known),
        addressed=any(each.email for each in sheet.rows if each.external_id not in known),
        faults=[_words(found, fault) for fault in sheet.faults[:SHOWN_FAULTS]],
        first=[each for each in sheet.rows if each.external_id not in known][:SHOWN_ROWS],
    )


def _words(found: Found[Call], fault: CellFault) -> FaultLine:
    labels = {asked.key: asked.label for asked in found.facts.rules.custom_fields}
    return FaultLine(fault.line, labels.get(fault.column, fault.column), sentence(fault.code, **dict(fault.values)))
