"""How it is decided: screening, the weights of the rounds, gates, places and budget."""

from typing import Any

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length, ValidationError

from crowd.calls.commands import Deciding
from crowd.calls.forms.fields import Lines, Row, Rows, number_of, radio, whole_number
from crowd.calls.forms.section import SectionForm
from crowd.core.exact import exact
from crowd.core.rules import (
    CallRules,
    Component,
    CountRule,
    Gate,
    GateKind,
    LeftOut,
    Quota,
    Round,
    RoundKind,
    TieBreak,
    Unscreened,
)
from crowd.web.forms import choice, choices_of, long_text, one_line, required
from crowd.web.numbers import verb_and_number
from crowd.web.text import _, _l
from crowd.web.words import COUNT_RULES, GATES, LEFT_OUT, TIE_BREAKS, UNSCREENED

MOST_GATES = 10
MOST_QUOTAS = 12
MOST_REASONS = 20
LONGEST_REASON = 80


class GateRow(Row):
    """`rounds`: keys and titles to choose from."""

    kind = SelectField(_l("Gate"), coerce=GateKind)
    least = StringField(_l("Value"), [required()])
    round = SelectField(_l("Round"))

    def __init__(self, *args: Any, rounds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = choices_of(GateKind, GATES)
        self.round.choices = [choice(key, title) for key, title in rounds]
        if self.round.data and self.round.data not in {key for key, _title in rounds}:
            self.round.choices.append(choice(self.round.data, _("a round that was removed")))

    @property
    def number(self) -> int:
        return number_of(self)

    def validate_least(self, field: StringField) -> None:
        field.data = (field.data or "").strip().replace(",", ".")
        try:
            exact(field.data)
        except (ValueError, ZeroDivisionError) as error:
            raise ValidationError(_("Write a number such as 50, 3.5 or 7/2.")) from error

    def gate(self) -> Gate:
        return Gate(self.kind.data, self.round.data, self.least.data or "")


class QuotaRow(Row):
    """How many of those selected carry a tag."""

    tag = one_line(_l("Tag"), most=40)
    least = whole_number(_l("At least"), 1, 10_000)
    most = whole_number(_l("At most"), 0, 10_000)

    @property
    def number(self) -> int:
        return number_of(self)

    def validate_most(self, field: Any) -> None:
        if field.data is None and self.least.data is None:
            raise ValidationError(_("Say how many at least, or at most."))
        if field.data is not None and field.data < (self.least.data or 0):
            raise ValidationError(_("This is fewer than the least."))

    def quota(self) -> Quota:
        return Quota(self.tag.data or "", self.least.data or 0, self.most.data)


def quota_value(quota: Quota) -> dict[str, Any]:
    return {"tag": quota.tag, "least": quota.least or None, "most": quota.most}


def gate_value(gate: Gate) -> dict[str, Any]:
    return {"kind": gate.kind, "round": gate.round, "least": gate.least}


class WeightOf(Row):
    """How much one round counts; nothing or 0: it does not enter the total. `adjusted` is asked of juries alone."""

    percent = whole_number(_l("Weight in percent"), 0, 100)
    adjusted = BooleanField(
        _l("Compare by adjusted scores"),
        description=_l(
            "They take the leniency of the reviewers out of the scores, and need two reviews per proposal or more. If there is "
            "not enough to adjust, the plain means decide."
        ),
    )

    def __init__(self, *args: Any, asked: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key, self.of_jury = asked.key, asked.kind is RoundKind.REVIEW
        self.percent.label.text = _("Weight of “%(round)s” in percent", round=asked.title)

    def component(self) -> Component:
        return Component(self.key, self.percent.data or 0, adjusted=self.of_jury and self.adjusted.data)


class DecidingForm(SectionForm):
    decides = long_text(
        _l("Who decides, in words"),
        most=1000,
        needed=False,
        description=_l("Two or three sentences that everybody understands."),
    )
    screening = BooleanField(_l("Proposals are screened before they enter a round"))
    unscreened = radio(_l("What nobody has screened when a round opens"), Unscreened, UNSCREENED)
    left_out = radio(_l("When those who do not reach a later round are told"), LeftOut, LEFT_OUT)
    count = radio(_l("What proposes the winners?"), CountRule, COUNT_RULES)
    places = whole_number(_l("Places"), 1, 10_000, description=_l("How many proposals can be selected."))
    budget = whole_number(_l("Budget"), 1, 2_000_000_000, description=_l("In whole units of the call's currency."))
    reserve = whole_number(
        _l("Places in reserve"),
        1,
        10_000,
        description=_l("How many of the next in the ranking move up, in its order, if a selected proposal falls out."),
    )
    reasons = Lines(
        _l("Kinds of reasons"),
        [Length(max=2000, message=_l("At most %(max)d characters."))],
        description=_l("One in each line, to be chosen with each verdict. None: the usual ones."),
    )
    tie_break = radio(_l("If equal totals meet at the line"), TieBreak, TIE_BREAKS)

    def initial(self, rules: CallRules) -> dict[str, Any]:
        own = {name: getattr(rules, name) for name in ("decides", "screening", "unscreened", "left_out")}
        names = ("count", "places", "budget", "tie_break", "reserve")
        own["reasons"] = "\n".join(rules.selection.reasons)
        return own | {name: getattr(rules.selection, name) for name in names}

    def prepare(self) -> None:
        titles = [(each.key, each.title or each.key) for each in self.rules.rounds]
        self.gates = Rows("gates", lambda **kwargs: GateRow(rounds=titles, **kwargs), self.posted)
        self.quotas = Rows("quotas", QuotaRow, self.posted)
        self.weights = {each.key: self._weight(each) for each in self.rules.rounds}
        if self.posted is None:
            self.gates.fill(gate_value(gate) for gate in self.rules.selection.gates)
            self.quotas.fill(quota_value(quota) for quota in self.rules.selection.quotas)

    def _weight(self, asked: Round) -> WeightOf:
        own = next((c for c in self.rules.selection.components if c.round == asked.key), None)
        data = {"percent": own.weight if own else None, "adjusted": own.adjusted if own else False}
        return WeightOf(formdata=self.posted, prefix=f"weight-{asked.key}-", data=data, asked=asked)

    def rows(self) -> list[Rows[Any]]:
        return [self.gates, self.quotas]

    def every_row(self) -> list[Row]:
        return [*super().every_row(), *self.weights.values()]

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        outcomes = [weight.validate() for weight in self.weights.values()]
        return sound and all(outcomes)

    def press(self, act: str) -> bool:
        verb, number = verb_and_number(act)
        if verb == "remove-quota" and number is not None:
            self.quotas.remove(number)
            return True
        if verb == "add-quota" and len(self.quotas.rows) < MOST_QUOTAS:
            self.quotas.add({"tag": "", "least": None, "most": None})
            return True
        return press_gates(self.gates, act, [each.key for each in self.rules.rounds])

    def validate_reasons(self, field: Lines) -> None:
        lines = field.lines()
        if len(lines) > MOST_REASONS or any(len(line) > LONGEST_REASON for line in lines):
            raise ValidationError(
                _(
                    "At most %(most)d lines of at most %(longest)d characters.",
                    most=MOST_REASONS,
                    longest=LONGEST_REASON,
                )
            )

    def change(self) -> Deciding:
        return Deciding(
            decides=self.decides.data or "",
            screening=self.screening.data,
            unscreened=self.unscreened.data,
            left_out=self.left_out.data,
            components=tuple(weight.component() for weight in self.weights.values() if weight.percent.data),
            gates=tuple(row.gate() for row in self.gates.rows),
            count=self.count.data,
            places=self.places.data,
            budget=self.budget.data,
            tie_break=self.tie_break.data,
            quotas=tuple(row.quota() for row in self.quotas.rows),
            reserve=self.reserve.data,
            reasons=tuple(dict.fromkeys(self.reasons.lines())),
        )


def press_gates(gates: Rows[GateRow], act: str, rounds: list[str]) -> bool:
    """`add-gate`, `remove-gate:2`."""
    verb, number = verb_and_number(act)
    if verb == "remove-gate" and number is not None:
        gates.remove(number)
        return True
    if verb == "add-gate" and rounds and len(gates.rows) < MOST_GATES:
        gates.add({"kind": GateKind.LEAST_SUPPORTS, "round": rounds[0], "least": ""})
        return True
    return False
