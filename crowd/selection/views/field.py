"""The page where a manager confirms who goes on to a later round."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import force_locale

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.errors import DomainError, InvalidInput
from crowd.core.exact import exact_text
from crowd.core.merging import merge, unknown_fields
from crowd.core.permissions import Permission, Refused, judge
from crowd.core.rules import FieldKind, RoundKind
from crowd.core.selection import Entry
from crowd.proposals.models import Proposal
from crowd.rounds.gates import find_round
from crowd.rounds.models import CallRound
from crowd.selection.actions.advance import confirm_field
from crowd.selection.commands import Advance
from crowd.selection.forms import FieldForm
from crowd.selection.queries.field import RoundField
from crowd.selection.views.blueprint import bp
from crowd.selection.views.loading import current_field
from crowd.selection.views.words import ENTRY_WORDS, MISSING_WORDS, decimal, failed_words, joined, kind_words
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor, require
from crowd.web.errors import sentence
from crowd.web.forms import fill_errors
from crowd.web.text import _, _l, ngettext

FIELDS: dict[str, Any] = {
    "title": _l("the title of the proposal"),
    "value": _l("its result in the earlier round"),
    "rank": _l("its rank there"),
    "best": _l("how many go on"),
    "round": _l("the earlier round"),
    "result": _l("a sentence with its result"),
}


@dataclass(frozen=True)
class EntryLine:
    """One proposal on the list as the page draws it."""

    id: str
    title: str
    url: str
    rank: int | None
    value: str
    exact: str
    why: str
    tied: bool
    stake: bool
    reason: str  # as it will be sent
    own_reason: str


@bp.get("/calls/<public_id>/rounds/<key>/field")
@call_gate.requires(Permission.SELECTION_VIEW)
def field(found: Found[Call], key: str) -> Any:
    list_ = current_field(found.facts, _round(found, key).row)
    form = FieldForm(formdata=None)
    with force_locale(found.facts.rules.language):
        form.reason.data = "{result} " + _("%(best)s go on to the next round.", best="{best}")
    return _page(found, list_, form)


@bp.post("/calls/<public_id>/rounds/<key>/field")
@call_gate.requires(Permission.SELECTION_VIEW)
def confirm_list(found: Found[Call], key: str) -> Any:
    """`show` fills the text in for every proposal without sending; `confirm` freezes the list."""
    row = _round(found, key).row
    require(current_actor(), Permission.ROUND_MANAGE, _round(found, key).facts, utc_now())
    form = FieldForm()
    list_ = current_field(found.facts, row)
    if not form.validate_on_submit() or _has_unknown(form):
        return _page(found, list_, form), 422
    if request.form.get("act") != "confirm":
        return _page(found, list_, form)
    return _confirm(found, row, list_, form)


def _confirm(found: Found[Call], row: CallRound, list_: RoundField, form: FieldForm) -> Any:
    seen = (form.seen.data or "").split()
    reasons = {line.id: line.reason for line in _lines(list_, form, left=True) if line.id in seen}
    try:
        with transaction(found.row, row) as session:
            done = confirm_field(session, row, Advance(reasons), actor=current_actor(), now=utc_now())
    except DomainError as error:
        if isinstance(error, InvalidInput) or error.code in {"list_changed", "list_waits"}:
            fill_errors(form, error)
            fresh = call_gate.load(found.row.public_id)
            again = current_field(fresh.facts, row)
            return _page(fresh, again, form), error.status
        raise
    entered = len(done.choice.entered)
    flash(ngettext("Confirmed: %(num)d proposal goes on.", "Confirmed: %(num)d proposals go on.", entered), "success")
    return redirect(url_for(".field", public_id=found.row.public_id, key=row.key), 303)


def _round(found: Found[Call], key: str) -> Found[CallRound]:
    round_ = find_round(db.session(), found, key)
    if round_ is None:
        abort(404)
    return round_


def _has_unknown(form: FieldForm) -> bool:
    texts = [form.reason.data or "", *_own_reasons().values()]
    unknown = [name for text in texts for name in unknown_fields(text, FIELDS)]
    if unknown:
        names = ", ".join("{" + name + "}" for name in dict.fromkeys(unknown))
        form.reason.errors = [*form.reason.errors, _("There is no such field: %(names)s", names=names)]
    return bool(unknown)


def _own_reasons() -> dict[str, str]:
    """Texts written for one proposal alone, by public id."""
    prefix = "own-"
    return {
        name.removeprefix(prefix): text.strip()
        for name, text in request.form.items()
        if name.startswith(prefix) and text.strip()
    }


def _page(found: Found[Call], list_: RoundField, form: FieldForm) -> str:
    left = _lines(list_, form, left=True)
    form.seen.data = " ".join(line.id for line in left)
    facts = _round(found, list_.row.key).facts
    refused = judge(current_actor(), Permission.ROUND_MANAGE, facts, utc_now())
    return render_template(
        "selection/field.html",
        found=found,
        list=list_,
        form=form,
        rule=_rule_words(list_),
        entered=_lines(list_, form, left=False),
        left=left,
        fields=FIELDS,
        titles=_titles(list_),
        by_itself=list_.round.field.kind is FieldKind.ALL,
        confirmed=list_.row.opened_at is not None or list_.row.confirmed_at is not None,
        reason=sentence(refused.predicate) if isinstance(refused, Refused) else None,
        now_told=found.facts.rules.left_out == "now",
    )


def _titles(list_: RoundField) -> list[str]:
    return [source.round.title or kind_words(source.round.kind) for source in list_.sources]


def _rule_words(list_: RoundField) -> str:
    rule = list_.round.field
    earlier = joined(_titles(list_))
    if rule.kind is FieldKind.BEST:
        return _(
            "The best %(best)s of “%(round)s” go on; all that are tied at the last place pass.",
            best=rule.best,
            round=earlier,
        )
    return _("Those that pass every gate on “%(round)s” go on.", round=earlier)


def _lines(list_: RoundField, form: FieldForm, *, left: bool) -> list[EntryLine]:
    own = _own_reasons() if request.method == "POST" else {}
    return [
        _line(list_, entry, list_.proposals[entry.candidate], form.reason.data or "", own)
        for entry in list_.choice.entries
        if entry.enters is not left
    ]


def _line(list_: RoundField, entry: Entry, proposal: Proposal, text: str, own: Mapping[str, str]) -> EntryLine:
    with force_locale(list_.call.rules.language):
        values = _values(list_, entry, proposal)
    written = own.get(entry.candidate, "")
    known = not unknown_fields(written or text, FIELDS)
    return EntryLine(
        id=entry.candidate,
        title=proposal.title,
        url=url_for("pages.proposal", public_id=entry.candidate),
        rank=entry.rank,
        value=decimal(entry.value) if entry.value is not None else "",
        exact=exact_text(entry.value) if entry.value is not None else "",
        why=_why(entry),
        tied=entry.candidate in list_.choice.tied_at_the_line,
        stake=entry.candidate in list_.staked,
        reason=merge(written or text, values) if known else written or text,
        own_reason=written,
    )


def _why(entry: Entry) -> str:
    if entry.failed:
        return joined([failed_words(each) for each in entry.failed])
    if entry.missing:
        return str(MISSING_WORDS[entry.missing])
    return str(ENTRY_WORDS[entry.code])


def _values(list_: RoundField, entry: Entry, proposal: Proposal) -> dict[str, str]:
    earlier = joined(_titles(list_))
    value = decimal(entry.value) if entry.value is not None else ""
    return {
        "title": proposal.title,
        "value": value,
        "rank": str(entry.rank or ""),
        "best": str(len(list_.choice.entered)),
        "round": earlier,
        "result": _result(list_, entry, value, earlier),
    }


def _result(list_: RoundField, entry: Entry, value: str, earlier: str) -> str:
    if entry.failed:
        return _("It did not reach %(gates)s.", gates=joined([failed_words(each) for each in entry.failed]))
    if entry.value is None:
        return _("It has no result in “%(round)s”.", round=earlier)
    if not _is_vote(list_.sources):
        return _(
            "It came to rank %(rank)s in “%(round)s” with a mean of %(value)s.",
            rank=entry.rank,
            round=earlier,
            value=value,
        )
    if entry.value.denominator == 1:
        return ngettext(
            "It came to rank %(rank)s in “%(round)s” with %(num)s vote or point.",
            "It came to rank %(rank)s in “%(round)s” with %(num)s votes or points.",
            entry.value.numerator,
            rank=entry.rank,
            round=earlier,
        )
    return _("It came to rank %(rank)s in “%(round)s” with %(value)s.", rank=entry.rank, round=earlier, value=value)


def _is_vote(sources: Iterable[Any]) -> bool:
    return any(source.round.kind is RoundKind.VOTE for source in sources)
