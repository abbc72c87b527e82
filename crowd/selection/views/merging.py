"""Reasons and letters with merge fields, filled from counts and rubric in the language of the call."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import force_locale

from crowd.core.exact import rounded
from crowd.core.merging import merge, unknown_fields
from crowd.core.rules import CallRules, Round
from crowd.core.scoring import JuryScore, Standing, field_means, standings, strengths, weakest
from crowd.core.status import Outcome
from crowd.reviews.queries import AuthorComment
from crowd.selection.forms import VerdictForm
from crowd.selection.queries import Numbers
from crowd.selection.queries.room import Row
from crowd.selection.views.words import failed_words, joined, votes_words
from crowd.web.text import _, _l, in_digits, ngettext

FIELDS: dict[str, Any] = {
    "title": _l("the title of the proposal"),
    "rank": _l("its rank"),
    "ranked": _l("how many are ranked"),
    "supports": _l("how many voters supported it"),
    "ballots": _l("how many voted"),
    "mean": _l("the jury's mean"),
    "reviews": _l("how many reviews"),
    "strengths": _l("criteria above the mean of all proposals"),
    "weakest": _l("the criterion furthest below the mean of all proposals"),
    "place": _l("a sentence with its rank"),
    "crowd": _l("a sentence on the vote"),
    "jury": _l("a sentence on the reviews"),
    "strong": _l("a sentence on its strengths"),
    "weak": _l("a sentence on its weakest criterion"),
    "gates": _l("a sentence on the gates it did not pass"),
}
LETTER_FIELDS: dict[str, Any] = FIELDS | {"comments": _l("what reviewers wrote to the authors")}


class Merger:
    """Fills texts for proposals of one call. The field's means are worked out once."""

    def __init__(self, numbers: Numbers, comments: Mapping[int, Sequence[AuthorComment]]) -> None:
        self.numbers = numbers
        self.rules: CallRules = numbers.call.rules
        self.comments = comments
        self.juries = [found for found in numbers.rounds if found.jury]
        self.means = {found.round.key: field_means((found.jury or {}).values()) for found in self.juries}

    def fill(self, text: str, row: Row, *, letter: bool = False) -> str:
        with force_locale(self.rules.language):
            values = self.values(row)
        return merge(text, values if letter else {name: values[name] for name in FIELDS})

    def start(self, outcome: Outcome) -> str:
        """The text to start from, with its fields still open."""
        with force_locale(self.rules.language):
            return start_text(outcome)

    def values(self, row: Row) -> dict[str, str]:
        key, placement = row.proposal.public_id, row.placement
        votes = self.numbers.votes()
        tally = votes.tally if votes else None
        rank = str(placement.rank) if placement.rank is not None else ""
        return {
            "title": row.proposal.title,
            "rank": rank,
            "ranked": str(self.numbers.ranked),
            "supports": str(tally.votes.get(key, "")) if tally else "",
            "ballots": str(tally.ballots) if tally else "",
            "place": _("Ranked %(rank)s of %(ranked)s.", rank=rank, ranked=self.numbers.ranked) if rank else "",
            "crowd": votes_words(self.numbers, key),
            "gates": _gates(row),
            "comments": self._comments(row),
            **self._jury_values(key),
        }

    def _jury_values(self, key: str) -> dict[str, str]:
        for found in reversed(self.juries):
            score = (found.jury or {}).get(key)
            if score is not None and score.mean is not None:
                return _jury_words(found.round, score, standings(score, self.means[found.round.key]))
        return dict.fromkeys(["mean", "reviews", "strengths", "weakest", "jury", "strong", "weak"], "")

    def _comments(self, row: Row) -> str:
        titles = {c.key: c.title for found in self.numbers.rounds for c in found.round.criteria}
        return "\n\n".join(
            ": ".join(part for part in (said.by, titles.get(said.criterion or "", ""), said.text) if part)
            for said in self.comments.get(row.proposal.id, ())
        )


def start_text(outcome: Outcome) -> str:
    match outcome:
        case Outcome.SELECTED:
            return "{place} {crowd} {jury} {strong}"
        case Outcome.RESERVE:
            return "{place} {crowd} {jury} " + _("It comes next if a selected proposal falls out.")
        case Outcome.NOT_SELECTED:
            return "{gates} {place} {crowd} {jury} {weak}"


def has_wrong_fields(form: VerdictForm) -> bool:
    """Marks merge fields that do not exist, or that may not be public; call it after validating."""
    for field, words in (
        (form.reason, unknown_words(form.reason.data or "")),
        (form.letter, unknown_words(form.letter.data or "", letter=True)),
    ):
        if words:
            field.errors = [*field.errors, words]
    return bool(form.errors)


def unknown_words(text: str, *, letter: bool = False) -> str | None:
    """What is wrong with the fields of a text, in words; None when nothing is."""
    unknown = unknown_fields(text, LETTER_FIELDS if letter else FIELDS)
    if "comments" in unknown:
        return _("{comments} is written to the authors: use it in the letter, not in the public reason.")
    if unknown:
        return _("There is no such field: %(names)s", names=", ".join("{" + name + "}" for name in unknown))
    return None


def _gates(row: Row) -> str:
    failed = [failed_words(each) for each in row.placement.failed]
    return _("It did not reach %(gates)s.", gates=joined(failed)) if failed else ""


def _jury_words(round_: Round, score: JuryScore, rows: tuple[Standing, ...]) -> dict[str, str]:
    titles = {criterion.key: criterion.title for criterion in round_.criteria}
    strong = joined([_against_field(titles, row) for row in strengths(rows)])
    weak = joined([_against_field(titles, row) for row in weakest(rows)])
    mean = in_digits(rounded(score.mean or 0))
    highest = max(len(criterion.levels) for criterion in round_.criteria) - 1
    return {
        "mean": mean,
        "reviews": str(score.reviews),
        "strengths": strong,
        "weakest": weak,
        "jury": ngettext(
            "%(num)s review gave it %(mean)s of %(highest)s.",
            "%(num)s reviews gave it %(mean)s of %(highest)s on average.",
            score.reviews,
            mean=mean,
            highest=highest,
        ),
        "strong": _("Strongest beside the others: %(criteria)s.", criteria=strong) if strong else "",
        "weak": _("Weakest beside the others: %(criteria)s.", criteria=weak) if weak else "",
    }


def _against_field(titles: Mapping[str, str], row: Standing) -> str:
    return _(
        "%(criterion)s (%(mean)s; mean of all %(field)s)",
        criterion=titles[row.criterion],
        mean=in_digits(rounded(row.mean)),
        field=in_digits(rounded(row.field_mean)),
    )
