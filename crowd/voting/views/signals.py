"""For the organization, after the close: what stood out in a vote, and which ballots it sets aside, with reasons."""

import json
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, url_for

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.permissions import Permission
from crowd.core.rules import RoundKind
from crowd.core.signals import SignalKind
from crowd.core.tally.choices import choices_of
from crowd.rounds.gates import find_round
from crowd.rounds.models import CallRound
from crowd.rounds.queries import entries_of
from crowd.store.db import db, utc_now
from crowd.voting.actions.sealing import keeps_ledger
from crowd.voting.actions.watching import set_ballots_aside, take_back_in
from crowd.voting.forms import SetAsideForm, TakeBackForm
from crowd.voting.models import Signal
from crowd.voting.queries import keys_saying, list_set_aside, list_signals
from crowd.voting.views.attempting import attempt
from crowd.voting.views.blueprint import rounds_bp
from crowd.voting.views.telling import kind_of, lines_of
from crowd.web.access import Found, current_actor
from crowd.web.text import _, ngettext

KEYS_SHOWN = 50


@dataclass(frozen=True)
class Group:
    """Ballots that say the same: what, and their keys (the first of them)."""

    signal: Signal
    lines: list[Any]
    keys: list[str]


@rounds_bp.get("/calls/<public_id>/rounds/<key>/signals")
@call_gate.requires(Permission.CALL_MANAGE)
def signals(found: Found[Call], key: str) -> str:
    return _page(found, _closed(found, key))


@rounds_bp.post("/calls/<public_id>/rounds/<key>/signals/set-aside")
@call_gate.requires(Permission.CALL_MANAGE)
def set_aside(found: Found[Call], key: str) -> Any:
    form, row = SetAsideForm(), _closed(found, key).row
    number, refused = attempt(
        row,
        form,
        lambda session: set_ballots_aside(
            session, row, form.keys(), reason=form.reason.data or "", actor=current_actor(), now=utc_now()
        ),
        lambda: _page(*_anew(found, key), form),
    )
    if refused:
        return refused
    said = ngettext("%(num)d ballot is set aside.", "%(num)d ballots are set aside.", number)
    anew = _("The round is counted anew, with and without.")
    flash(f"{said} {anew}", "success")
    return redirect(url_for("rounds.signals", public_id=found.row.public_id, key=key), 303)


@rounds_bp.post("/calls/<public_id>/rounds/<key>/signals/<ballot>/take-back")
@call_gate.requires(Permission.CALL_MANAGE)
def take_back(found: Found[Call], key: str, ballot: str) -> Any:
    form, row = TakeBackForm(prefix=ballot), _closed(found, key).row
    _done, refused = attempt(
        row,
        form,
        lambda session: take_back_in(
            session, row, ballot, reason=form.why.data or "", actor=current_actor(), now=utc_now()
        ),
        lambda: _page(*_anew(found, key), failed=form),
    )
    if refused:
        return refused
    flash(_("The ballot counts again. The round is counted anew."), "success")
    return redirect(url_for("rounds.signals", public_id=found.row.public_id, key=key), 303)


def _anew(found: Found[Call], key: str) -> tuple[Found[Call], Found[CallRound]]:
    """What a refused transaction left behind is read again."""
    again = call_gate.load(found.row.public_id)
    return again, _closed(again, key)


def _closed(found: Found[Call], key: str) -> Found[CallRound]:
    """A closed vote; 404 before, since how ballots come in is a count."""
    round_ = find_round(db.session(), found, key)
    if round_ is None or round_.row.kind is not RoundKind.VOTE or not keeps_ledger(round_.facts.round):
        abort(404)
    if round_.row.sealed_at is None:
        abort(404)
    return round_


def _page(
    found: Found[Call], vote: Found[CallRound], form: SetAsideForm | None = None, failed: TakeBackForm | None = None
) -> str:
    session, round_ = db.session(), vote.facts.round
    rows = list_signals(session, vote.row.id)
    entries = entries_of(session, vote.row.id)
    currency = found.facts.rules.currency
    groups = [
        Group(
            row,
            lines_of(choices_of(json.loads(row.detail), round_), round_, entries, currency),
            list(keys_saying(session, vote.row.id, row.detail, KEYS_SHOWN)),
        )
        for row in rows
        if row.kind is SignalKind.IDENTICAL and row.detail
    ]
    aside = list_set_aside(session, vote.row.id)
    return render_template(
        "rounds/signals.html",
        found=found,
        vote=vote,
        signals=[row for row in rows if row.kind is not SignalKind.IDENTICAL],
        groups=groups,
        kind=kind_of(round_),
        aside=aside,
        takes=[TakeBackForm(prefix=row.ballot, formdata=None) for row in aside],
        failed=failed,
        form=form or SetAsideForm(formdata=None),
    )
