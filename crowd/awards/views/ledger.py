"""The prizes of one call, for its managers: giving, showing, taking back, taking out of the product."""

import io
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for

from crowd.awards.actions import give_award, note_export, show_award, take_back_award
from crowd.awards.forms import AwardForm, ObligationForm, TakeBackForm
from crowd.awards.models import Award
from crowd.awards.queries import export_rows, get_award, list_awards, list_receivable
from crowd.awards.queries.ledger import COLUMNS
from crowd.awards.views.blueprint import bp
from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.errors import DomainError, InvalidInput
from crowd.core.permissions import Permission
from crowd.proposals.gates import facts_of_proposals, proposal_gate
from crowd.proposals.models import Proposal
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.sheets import csv_response, write_xlsx
from crowd.web.text import _

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/calls/<public_id>/awards")
@call_gate.requires(Permission.AWARDS_VIEW)
def ledger(found: Found[Call]) -> str:
    return ledger_page(found)


def ledger_page(found: Found[Call], **forms: Any) -> str:
    """`forms`: what was filled in wrongly, with the prize or part it is about."""
    session = db.session()
    awards, receivable = list_awards(session, found.row.id), list_receivable(session, found.row.id)
    proposals = {row.id: row for row in [*receivable, *(award.proposal for award in awards)]}
    facts = facts_of_proposals(session, proposals.values(), found.facts)
    actor_id = current_actor().account_id
    return render_template(
        "awards/ledger.html",
        found=found,
        call=found.row,
        awards=awards,
        receivable=receivable,
        staked={id_ for id_, of in facts.items() if actor_id in of.stake_ids()},
        **{"obligation": ObligationForm(formdata=None), "faulty": None, "about": "", **forms},
    )


@bp.get("/proposals/<public_id>/awards/give")
@proposal_gate.requires(Permission.AWARD_GIVE)
def give(found: Found[Proposal]) -> str:
    form = AwardForm(formdata=None)
    form.currency.data = found.facts.call.rules.currency
    return render_template("awards/give.html", found=found, proposal=found.row, form=form)


@bp.post("/proposals/<public_id>/awards/give")
@proposal_gate.requires(Permission.AWARD_GIVE)
def give_save(found: Found[Proposal]) -> Any:
    form = AwardForm()
    if not form.validate_on_submit():
        return render_template("awards/give.html", found=found, proposal=found.row, form=form), 422
    try:
        with transaction(found.row) as session:
            give_award(session, found.row, form.command(), actor=current_actor(), now=utc_now())
    except InvalidInput as error:
        fill_errors(form, error)
        again = proposal_gate.load(found.row.public_id)
        return render_template("awards/give.html", found=again, proposal=again.row, form=form), 422
    flash(_("It stands in the ledger, and its receivers are told."), "success")
    return redirect(url_for(".ledger", public_id=found.row.call.public_id), 303)


def award_of(found: Found[Call], key: str) -> Award:
    return get_award(db.session(), found.row.id, key) or abort(404)


@bp.post("/calls/<public_id>/awards/<award>/show")
@call_gate.requires(Permission.AWARDS_VIEW)
def show(found: Found[Call], award: str) -> Any:
    row, is_public = award_of(found, award), request.form.get("public") == "1"
    with transaction(row) as session:
        show_award(session, row, is_public=is_public, actor=current_actor(), now=utc_now())
    flash(
        _("Everybody can read of it now.") if is_public else _("Only the organization and the team see it."), "success"
    )
    return back(found, row)


@bp.get("/calls/<public_id>/awards/<award>/take-back")
@call_gate.requires(Permission.AWARDS_VIEW)
def take_back(found: Found[Call], award: str) -> str:
    return render_template(
        "awards/take_back.html", found=found, award=award_of(found, award), form=TakeBackForm(formdata=None)
    )


@bp.post("/calls/<public_id>/awards/<award>/take-back")
@call_gate.requires(Permission.AWARDS_VIEW)
def take_back_save(found: Found[Call], award: str) -> Any:
    row, form = award_of(found, award), TakeBackForm()
    if not form.validate_on_submit():
        return render_template("awards/take_back.html", found=found, award=row, form=form), 422
    try:
        with transaction(row) as session:
            take_back_award(session, row, form.reason.data or "", actor=current_actor(), now=utc_now())
    except DomainError as error:
        if error.status != InvalidInput.status:
            raise
        fill_errors(form, error)
        again = call_gate.load(found.row.public_id)
        return render_template("awards/take_back.html", found=again, award=award_of(again, award), form=form), 422
    flash(_("It is taken back. It stays in the ledger, with your reason."), "success")
    return back(found, row)


def back(found: Found[Call], award: Award) -> Any:
    return redirect(url_for(".ledger", public_id=found.row.public_id, _anchor=award.public_id), 303)


@bp.get("/calls/<public_id>/awards.<any(csv, xlsx):kind>")
@call_gate.requires(Permission.AWARDS_VIEW)
def export(found: Found[Call], kind: str) -> Response:
    """One row for each receiver of each prize."""
    rows, name = list(export_rows(db.session(), found.row.id)), f"awards-{found.row.public_id}"
    with transaction() as session:
        note_export(session, found.row, kind, actor=current_actor(), now=utc_now())
    if kind == "csv":
        return csv_response(f"{name}.csv", COLUMNS, rows)
    book = io.BytesIO()
    write_xlsx(book, current_app.extensions["settings"].data, COLUMNS, rows)
    response = Response(book.getvalue(), mimetype=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
