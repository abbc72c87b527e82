"""Ticking off: payments made elsewhere, and obligations."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash
from sqlalchemy import select

from crowd.awards.actions import add_obligation, mark_paid, tick, unmark_paid
from crowd.awards.forms import ObligationForm, PaidForm
from crowd.awards.models import Award, AwardPart, Obligation
from crowd.awards.queries import get_part_of_call
from crowd.awards.views.blueprint import bp
from crowd.awards.views.ledger import award_of, back, ledger_page
from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.errors import DomainError
from crowd.core.permissions import Permission
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import BaseForm, fill_errors
from crowd.web.text import _


def _part(found: Found[Call], key: str) -> AwardPart:
    return get_part_of_call(db.session(), found.row.id, key) or abort(404)


@bp.post("/calls/<public_id>/awards/parts/<part>/paid")
@call_gate.requires(Permission.AWARDS_VIEW)
def paid(found: Found[Call], part: str) -> Any:
    row, form = _part(found, part), PaidForm()

    def act() -> Award:
        with transaction(row) as session:
            mark_paid(session, row, form.reference.data or "", actor=current_actor(), now=utc_now())
        return row.award

    return _try(found, form, act, part, _("Noted as paid. The receiver is told."))


@bp.post("/calls/<public_id>/awards/parts/<part>/unpaid")
@call_gate.requires(Permission.AWARDS_VIEW)
def unpaid(found: Found[Call], part: str) -> Any:
    row = _part(found, part)
    with transaction(row) as session:
        unmark_paid(session, row, actor=current_actor(), now=utc_now())
    flash(_("The note of the payment is taken back."), "success")
    return back(found, row.award)


@bp.post("/calls/<public_id>/awards/<award>/obligations")
@call_gate.requires(Permission.AWARDS_VIEW)
def oblige(found: Found[Call], award: str) -> Any:
    row, form = award_of(found, award), ObligationForm()

    def act() -> Award:
        with transaction(row) as session:
            add_obligation(session, row, form.command(), actor=current_actor(), now=utc_now())
        return row

    return _try(found, form, act, award, _("Added to the list."))


def _try(found: Found[Call], form: BaseForm, act: Callable[[], Award], about: str, said: str) -> Any:
    """The ledger again with what is wrong, or the act."""
    if not form.validate_on_submit():
        return ledger_page(found, faulty=form, about=about), 422
    try:
        award = act()
    except DomainError as error:
        if error.status not in {409, 422}:
            raise
        fill_errors(form, error)
        return ledger_page(call_gate.load(found.row.public_id), faulty=form, about=about), error.status
    flash(said, "success")
    return back(found, award)


@bp.post("/calls/<public_id>/awards/obligations/<obligation>/<any(met, open):what>")
@call_gate.requires(Permission.AWARDS_VIEW)
def tick_off(found: Found[Call], obligation: str, what: str) -> Any:
    session = db.session()
    row = session.scalar(
        select(Obligation)
        .join(Award, Award.id == Obligation.award_id)
        .where(Award.call_id == found.row.id, Obligation.public_id == obligation)
    )
    if row is None:
        abort(404)
    with transaction(row) as writing:
        tick(writing, row, done=what == "met", actor=current_actor(), now=utc_now())
    return back(found, session.get_one(Award, row.award_id))
