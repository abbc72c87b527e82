"""Adjusted scores that decide: where the rules say so, with three decimals, for everybody or for nobody."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from crowd.core.calibration import Scored, adjusted_scores, calibrate
from crowd.core.rules import Component, Criterion, FieldKind, Gate, GateKind, SelectionRules
from crowd.core.rules import Field as FromRound
from crowd.core.scoring import Adjusted, JuryScore, jury_score
from crowd.core.selection import Ranking, choose_field, from_jury, rank_candidates
from tests.core.test_calibration import planted

RUBRIC = (Criterion("need", "Need", 1, ("no", "some", "much")),)
ADJUSTED = SelectionRules(components=(Component("jury", 100, adjusted=True),), places=1)
RAW = SelectionRules(components=(Component("jury", 100),), places=1)


def score(*marks: int, adjusted: str | None = None) -> JuryScore:
    found = jury_score(RUBRIC, [{"need": mark} for mark in marks], 2)
    return replace(found, adjusted=Adjusted(Fraction(adjusted), Fraction("0.25"))) if adjusted else found


JURY = {
    "ash": score(2, 2, adjusted="1.204"),
    "birch": score(1, 1, adjusted="1.3"),
    "cedar": score(0, 1, adjusted="1.204"),
    "doug": score(2, adjusted="1.9"),
}


def order(ranking: Ranking) -> Sequence[tuple[str, int | None]]:
    return [(placement.candidate, placement.rank) for placement in ranking.placements]


def test_they_decide_only_where_the_rules_say_so() -> None:
    results = {"jury": from_jury(JURY)}
    assert order(rank_candidates(list(JURY), results, RAW)) == [("ash", 1), ("birch", 2), ("cedar", 3), ("doug", None)]
    adjusted = rank_candidates(list(JURY), results, ADJUSTED)
    assert order(adjusted) == [("birch", 1), ("ash", 2), ("cedar", 2), ("doug", None)]
    birch, doug = (adjusted.by_candidate[name].parts[0] for name in ("birch", "doug"))
    assert (birch.value, birch.raw, birch.error) == (Fraction("1.3"), Fraction(1), Fraction("0.25"))
    assert (doug.value, doug.raw, doug.error) == (None, None, None)


def test_raw_means_decide_for_everybody_where_one_has_no_adjusted_score() -> None:
    results = {"jury": from_jury(JURY | {"cedar": score(0, 1)})}
    found = rank_candidates(list(JURY), results, ADJUSTED)
    assert order(found) == [("ash", 1), ("birch", 2), ("cedar", 3), ("doug", None)]
    assert {part.raw for placement in found.placements for part in placement.parts} == {None}


def test_gates_and_shortlists_look_at_raw_scores() -> None:
    results = {"jury": from_jury(JURY)}
    gated = replace(ADJUSTED, gates=(Gate(GateKind.LEAST_MEAN, "jury", "1"),))
    assert [p.candidate for p in rank_candidates(list(JURY), results, gated).placements if p.failed] == ["cedar"]
    assert choose_field(FromRound(FieldKind.BEST, "jury", 1), list(JURY), results).entered == ("ash",)


def test_they_are_those_of_the_calibration_in_thousandths() -> None:
    scores, _ = planted(3)
    told, decisive = calibrate(scores).proposals, adjusted_scores(scores)
    assert decisive == {
        key: Adjusted(Fraction(f"{one.adjusted:.3f}"), Fraction(f"{one.standard_error:.3f}"))
        for key, one in told.items()
    }
    assert {1000 % one.score.denominator for one in decisive.values()} == {0}
    assert adjusted_scores(list(reversed(scores))) == decisive


def test_there_are_none_where_there_is_not_enough_to_adjust() -> None:
    assert adjusted_scores([Scored("a", "x", 1.0), Scored("b", "y", 2.0)]) == {}
    assert adjusted_scores([]) == {}
