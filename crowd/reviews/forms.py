"""The jury's forms. A review's form is made from the rubric."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from wtforms import BooleanField, Field, HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import NumberRange, Optional

from crowd.core.rules import Criterion
from crowd.proposals.models import Proposal
from crowd.reviews.commands import AcceptInvitation, CriterionAnswer, DescribeJuror, InviteJuror, WriteReview
from crowd.reviews.models import Juror, Review
from crowd.web.forms import BaseForm, address_field, choice, long_text, one_line, required
from crowd.web.numbers import natural
from crowd.web.text import _, _l

SENTENCES: dict[str, Any] = {
    "already_invited": _l("%(name)s is already on this jury under that address."),
    "already_on_jury": _l("You are on this jury already, under another address. One person, one place."),
    "already_answered": _l("This invitation was answered already."),
    "conflict_judged": _l("Somebody judged this conflict meanwhile."),
    "own_conflict": _l("It is about yourself, so somebody else judges it."),
    "conflict_reason_needed": _l("Say why in a sentence: the reason stays on record."),
    "juror_gone": _l("This person is no longer on the jury."),
    "jury_round_over": _l("This review round is over."),
    "juror_has_stake": _l(
        "%(juror)s has a stake in “%(title)s” (author, team or conflict), or a tie that nobody has set aside, and cannot review it."
    ),
    "juror_recused": _l("%(juror)s stepped back from “%(title)s”."),
    "not_a_candidate": _l("“%(title)s” is not on the list of this round."),
    "review_handed_in": _l("This review was already handed in, or the work was taken back."),
    "review_incomplete": _l(
        "Not handed in yet: choose a level for every criterion and write the comments that are asked for."
    ),
    "proposal_left_round": _l("This proposal left the round: there is nothing to review any more."),
    "remark_empty": _l("Write something first."),
    "invitation_over": _l("This invitation is over: the review round has ended."),
    "sign_in_first": _l("This address belongs to an account: sign in with it first."),
}

PANEL, AUTHORS = "panel", "authors"
CONFIDENCE: dict[int, Any] = {
    1: _l("Not sure: I know little of this"),
    2: _l("Fairly sure"),
    3: _l("Sure: this is my field"),
}
LONGEST = 5000


def natural_level(value: Any) -> int | None:
    """A number as a radio button sends it; None for anything else."""
    return natural(str(value)) if value not in {None, ""} else None


class InviteForm(BaseForm):
    name = one_line(_l("Name"), most=120)
    email = address_field(_l("E-mail"))
    is_chair = BooleanField(
        _l("Chairs this jury"),
        description=_l("A chair also assigns proposals, sees everybody's progress and the numbers, and reminds."),
    )

    def command(self) -> InviteJuror:
        return InviteJuror(self.name.data or "", self.email.data or "", bool(self.is_chair.data))


class AcceptForm(BaseForm):
    name = one_line(_l("Your name"), most=120)
    terms = BooleanField(_l("I accept these terms"), [required()])

    def command(self, language: str, time_zone: str) -> AcceptInvitation:
        return AcceptInvitation(self.name.data or "", language, time_zone)


class DeclineForm(BaseForm):
    reason = long_text(
        _l("Why"),
        most=1000,
        needed=False,
        description=_l("Only the organization reads this. It helps to find somebody else."),
    )


class SkillsForm(BaseForm):
    """What a juror knows and how much they take on, for the proposed assignment."""

    skills = one_line(
        _l("Topics"),
        most=300,
        needed=False,
        description=_l("Tags with commas between them, at best those of the proposals."),
    )
    expertise = long_text(
        _l("Expertise"),
        most=1000,
        needed=False,
        description=_l("A few sentences. They are compared with what the proposals say, in any language."),
    )
    load_limit = IntegerField(
        _l("Reviews at most"),
        [Optional(), NumberRange(0, 100_000)],
        description=_l("What is assigned already counts. Without a number the work is shared evenly."),
    )

    def command(self) -> DescribeJuror:
        tags = (" ".join(tag.split()).casefold()[:40] for tag in (self.skills.data or "").split(","))
        return DescribeJuror(tuple(dict.fromkeys(filter(None, tags))), self.expertise.data or "", self.load_limit.data)


def skills_form(juror: Juror) -> SkillsForm:
    """Filled with what was posted, or else with what is stored."""
    return SkillsForm(
        data={"skills": ", ".join(juror.skills), "expertise": juror.expertise, "load_limit": juror.load_limit}
    )


class RecuseForm(BaseForm):
    reason = long_text(
        _l("Your reason"),
        most=1000,
        description=_l(
            "A sentence is enough: you know an author, you worked on it, you compete with it. The chair reads this."
        ),
    )


class ConflictForm(BaseForm):
    """A conflict the chair learned of."""

    proposal = SelectField(_l("Proposal"), validate_choice=True)
    conflict_reason = long_text(_l("What the conflict is"), most=1000)

    def offer(self, proposals: Iterable[Proposal]) -> "ConflictForm":
        self.proposal.choices = [choice(p.public_id, p.title) for p in proposals]
        return self


class RedactForm(BaseForm):
    """A text without names, beside the authors' own."""

    summary = long_text(_l("In short"), most=2000, needed=False)
    body = long_text(_l("The proposal"), most=100_000)
    files_kept_back = BooleanField(
        _l("Keep the files back from the reviewers"),
        description=_l("Their names and properties are gone anyway; this is for files that name their authors inside."),
    )


class JudgeForm(BaseForm):
    """What a chair makes of a conflict: `aside` and `back` need the reason."""

    reason = one_line(_l("Why it is none"), most=1000, needed=False)


EVENLY = "evenly"


class ReassignForm(BaseForm):
    target = SelectField(_l("Give it to"))

    def offer(self, others: Iterable[Juror]) -> "ReassignForm":
        everybody = choice(EVENLY, _("everybody else, evenly"))
        self.target.choices = [everybody, *(choice(juror.public_id, juror.name) for juror in others)]
        return self


class ReviewForm(BaseForm):
    """Per criterion (counted from 0) `score_0`, `comment_0` and `to_0`; then the comments on the whole."""

    version = HiddenField(default="0")
    seen = HiddenField(default="0")
    panel = long_text(_l("Comment to the panel"), most=LONGEST, needed=False)
    authors = long_text(_l("Comment to the authors"), most=LONGEST, needed=False)
    confidence = RadioField(
        _l("How sure are you?"),
        choices=[choice(str(level), words) for level, words in CONFIDENCE.items()],
        coerce=natural_level,
        validate_choice=False,
        default=None,
    )

    def command(self, criteria: Sequence[Criterion]) -> WriteReview:
        return WriteReview(
            answers={criterion.key: self._answer(index) for index, criterion in enumerate(criteria)},
            panel=self.panel.data or "",
            authors=self.authors.data or "",
            version=natural(self.version.data),
            seen=natural(self.seen.data),
            confidence=self.confidence.data if self.confidence.data in CONFIDENCE else None,
        )

    def _answer(self, index: int) -> CriterionAnswer:
        return CriterionAnswer(
            self[f"score_{index}"].data, self[f"comment_{index}"].data or "", self[f"to_{index}"].data == AUTHORS
        )

    def complete(self, criteria: Sequence[Criterion], *, asks_confidence: bool = False) -> bool:
        """Whether it can be handed in; what is missing is said beside its field."""
        for index, criterion in enumerate(criteria):
            if self[f"score_{index}"].data is None:
                _add(self[f"score_{index}"], _("Choose a level."))
            if criterion.comment_required and not self[f"comment_{index}"].data:
                _add(self[f"comment_{index}"], _("This criterion asks for a comment."))
        if asks_confidence and self.confidence.data not in CONFIDENCE:
            _add(self.confidence, _("Say how sure you are."))
        return not self.errors


class RemarkForm(BaseForm):
    text = long_text(_l("Your remark"), most=LONGEST, needed=False)


def review_form(criteria: Sequence[Criterion], review: Review | None = None, seen: int = 0) -> ReviewForm:
    """The form of a rubric, filled with what was posted or else with `review`."""
    kind = _form_class(tuple(criteria))
    return kind(data=_stored(criteria, review) | {"seen": str(seen)})


def empty_review_form(criteria: Sequence[Criterion], prefix: str) -> ReviewForm:
    """The form of a rubric to look at, beside others on one page."""
    return _form_class(tuple(criteria))(formdata=None, prefix=prefix)


@lru_cache(maxsize=64)
def _form_class(criteria: tuple[Criterion, ...]) -> type[ReviewForm]:
    fields: dict[str, Any] = {}
    for index, criterion in enumerate(criteria):
        levels = [choice(str(score), f"{score} · {level}") for score, level in enumerate(criterion.levels)]
        fields[f"score_{index}"] = RadioField(
            criterion.title,
            choices=levels,
            coerce=_level,
            validate_choice=False,
            default=None,
            filters=[_within(criterion)],
        )
        fields[f"comment_{index}"] = long_text(
            _l("Comment on “%(title)s”", title=criterion.title), most=LONGEST, needed=False
        )
        fields[f"to_{index}"] = RadioField(
            _l("Who reads the comment on “%(title)s”", title=criterion.title),
            choices=[choice(PANEL, _l("To the panel")), choice(AUTHORS, _l("To the authors"))],
            default=PANEL,
        )
    return type("RubricForm", (ReviewForm,), fields)


def _stored(criteria: Sequence[Criterion], review: Review | None) -> dict[str, Any]:
    if review is None:
        return {}
    rows = {row.criterion: row for row in review.scores}
    data: dict[str, Any] = {
        "version": str(review.version),
        "panel": review.comment_panel,
        "authors": review.comment_authors,
        "confidence": review.confidence,
    }
    for index, criterion in enumerate(criteria):
        if row := rows.get(criterion.key):
            data |= {f"score_{index}": row.score, f"comment_{index}": row.comment}
            data[f"to_{index}"] = AUTHORS if row.to_authors else PANEL
    return data


def _level(value: Any) -> int | None:
    return None if value in {None, ""} else int(value)


def _within(criterion: Criterion) -> Any:
    """A level the rubric does not have counts as none chosen."""

    def check(value: int | None) -> int | None:
        return value if value is not None and 0 <= value < len(criterion.levels) else None

    return check


def _add(field: Field, text: str) -> None:
    field.errors = [*field.errors, text]
