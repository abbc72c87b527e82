"""One round: who enters it, and either the ballot or the jury's rubric."""

import re
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import Length, ValidationError

from crowd.calls.commands import EditRound, free_key
from crowd.calls.forms.ballot import (
    BALLOT_FIELDS,
    WHEN,
    BallotFields,
    ballot_of,
    ballot_values,
    prepare_ballot,
    refuse_contradictions,
    usual_grades,
)
from crowd.calls.forms.deciding import GateRow, gate_value, press_gates
from crowd.calls.forms.fields import Lines, Row, Rows, number_of, radio, whole_number
from crowd.calls.forms.section import Posted, SectionForm
from crowd.core.rules import (
    USED_BY,
    Blindness,
    CallRules,
    ConflictPolicy,
    Criterion,
    Field,
    FieldKind,
    Round,
    RoundKind,
)
from crowd.core.status import StageKind
from crowd.web.forms import choice, one_line
from crowd.web.numbers import verb_and_number
from crowd.web.text import _, _l
from crowd.web.times import day_of
from crowd.web.words import BLINDNESSES, CONFLICT_POLICIES, FIELDS, STAGES

STAGE_OF = {RoundKind.VOTE: StageKind.VOTING, RoundKind.REVIEW: StageKind.REVIEW}
MOST_CRITERIA = 20
MOST_LEVELS = 11
RUBRIC_FIELDS = ("min_reviews", "show_jurors", "asks_confidence", "blindness", "conflict_policy")


class CriterionRow(Row):
    key = HiddenField()
    title = one_line(_l("Criterion"), most=120)
    weight = whole_number(_l("Weight"), 1, 1000)
    levels = Lines(
        _l("Levels, from the lowest"),
        [Length(max=4000, message=_l("At most %(max)d characters."))],
        description=_l("One sentence in each line; the first line is 0 points."),
    )
    comment_required = BooleanField(_l("A comment is required"))
    independent = BooleanField(
        _l("Outside the total"),
        description=_l("It is scored and shown to the panel and the organization, and changes no rank."),
    )

    @property
    def number(self) -> int:
        return number_of(self)

    def validate_weight(self, field: Any) -> None:
        if field.data is None:
            raise ValidationError(_("This is needed."))

    def validate_levels(self, field: Lines) -> None:
        if not 2 <= len(field.lines()) <= MOST_LEVELS:
            raise ValidationError(_("A criterion has 2 to %(most)d levels.", most=MOST_LEVELS))


class RoundForm(BallotFields, SectionForm):
    """The fields of both kinds of round; those of the other kind are left out."""

    title = one_line(_l("Title of the round"), most=120, needed=False)
    stage = SelectField(_l("Stage in which it is open"))
    field = radio(_l("Which proposals enter"), FieldKind, FIELDS)
    source = SelectField(_l("Earlier round"))
    best = whole_number(_l("How many of the best"), 1, 10_000)
    min_reviews = whole_number(_l("Least reviews per proposal"), 1, 100)
    show_jurors = BooleanField(_l("The jurors are named in public"))
    asks_confidence = BooleanField(
        _l("Each review says how sure the reviewer is"),
        description=_l("Shown to the panel and the organization beside the scores; it changes no rank."),
    )
    blindness = radio(_l("Who learns whose name"), Blindness, BLINDNESSES, default=Blindness.SINGLE)
    conflict_policy = radio(_l("When a tie is found"), ConflictPolicy, CONFLICT_POLICIES, default=ConflictPolicy.WARN)

    def __init__(self, rules: CallRules, key: str, posted: Posted, version: int) -> None:
        self.round = rules.round(key)
        super().__init__(rules, posted, version)

    def initial(self, rules: CallRules) -> dict[str, Any]:
        field = self.round.field
        own = {name: getattr(self.round, name) for name in ("title", "stage", *RUBRIC_FIELDS)}
        return own | ballot_values(self.round) | {"field": field.kind, "source": field.source or "", "best": field.best}

    def prepare(self) -> None:
        others = [(each.key, each.title or each.key) for each in self.rules.rounds if each.key != self.round.key]
        self.others = [key for key, _title in others]
        self.source.choices = [choice("", _("choose")), *(choice(key, title) for key, title in others)]
        self.stage.choices = self._stages()
        prepare_ballot(self)
        self.criteria = Rows("criteria", CriterionRow, self.posted)
        self.gates = Rows("gates", lambda **kwargs: GateRow(rounds=others, **kwargs), self.posted)
        if self.posted is None:
            self.criteria.fill(_criterion_value(criterion) for criterion in self.round.criteria)
            self.gates.fill(gate_value(gate) for gate in self.round.field.gates)
        for name in RUBRIC_FIELDS if self.is_vote else BALLOT_FIELDS:
            del self[name]

    @property
    def is_vote(self) -> bool:
        return self.round.kind is RoundKind.VOTE

    def _stages(self) -> list[Any]:
        """Stages of this round's kind, by name and day; the bound one also when it is gone."""
        kind, zone = STAGE_OF[self.round.kind], self.rules.time_zone
        stages = [stage for stage in self.rules.stages if stage.kind is kind]
        found = [choice(s.key, f"{STAGES[kind]}, {day_of(s.opens_at, 'd MMM y, HH:mm', zone)}") for s in stages]
        if self.round.stage not in {stage.key for stage in stages}:
            found.insert(0, choice(self.round.stage, _("choose")))
        return found

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        return sound and (not self.is_vote or refuse_contradictions(self, self.change().round))

    @property
    def when(self) -> dict[str, Any]:
        """Method → when to choose it."""
        return {method.value: words for method, words in WHEN.items()}

    @property
    def weights(self) -> int:
        """What the weights of the criteria that count sum to, as they stand in the form."""
        return sum(row.weight.data or 0 for row in self.criteria.rows if not row.independent.data)

    def methods_of(self, name: str) -> str:
        """The methods that use a rule, as the page shows and hides its field by them."""
        return " ".join(sorted(USED_BY[name]))

    @property
    def usual_grades(self) -> str:
        return ", ".join(usual_grades(self.rules.language))

    def rows(self) -> list[Rows[Any]]:
        return [self.gates, self.criteria]

    def press(self, act: str) -> bool:
        verb, number = verb_and_number(act)
        if verb == "remove-criterion" and number is not None:
            self.criteria.remove(number)
            return True
        if verb == "add-criterion" and len(self.criteria.rows) < MOST_CRITERIA:
            self.criteria.add(
                {"key": "", "title": "", "weight": 1, "levels": "", "comment_required": False, "independent": False}
            )
            return True
        return press_gates(self.gates, act, self.others)

    def change(self) -> EditRound:
        field = Field(
            kind=self.field.data,
            source=(self.source.data or None) if self.field.data is FieldKind.BEST else None,
            best=self.best.data if self.field.data is FieldKind.BEST else None,
            gates=tuple(row.gate() for row in self.gates.rows) if self.field.data is FieldKind.GATES else (),
        )
        common = {"title": self.title.data or "", "stage": self.stage.data, "field": field}
        own = ballot_of(self, self.rules) if self.is_vote else self._rubric()
        return EditRound(Round(key=self.round.key, kind=self.round.kind, **common, **own))

    def _rubric(self) -> dict[str, Any]:
        given: list[str] = []
        criteria = tuple(_criterion(row, given) for row in self.criteria.rows)
        return {
            "criteria": criteria,
            "min_reviews": self.min_reviews.data or 1,
            "show_jurors": self.show_jurors.data,
            "asks_confidence": self.asks_confidence.data,
            "blindness": self.blindness.data,
            "conflict_policy": self.conflict_policy.data,
        }


def _criterion_value(criterion: Criterion) -> dict[str, Any]:
    return {
        "key": criterion.key,
        "title": criterion.title,
        "weight": criterion.weight,
        "levels": "\n".join(criterion.levels),
        "comment_required": criterion.comment_required,
        "independent": criterion.independent,
    }


def _criterion(row: CriterionRow, given: list[str]) -> Criterion:
    """With the key it had, or a new one."""
    key = row.key.data or ""
    if key in given or not re.fullmatch(r"[a-z0-9_-]{1,40}", key):
        key = free_key("criterion", given)
    given.append(key)
    return Criterion(
        key,
        row.title.data or "",
        row.weight.data or 1,
        row.levels.lines(),
        comment_required=row.comment_required.data,
        independent=row.independent.data,
    )
