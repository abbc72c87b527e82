"""The jury's arithmetic, against hand-made examples and the statistics module."""

import statistics
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.core.rules import Criterion
from crowd.core.scoring import (
    Standing,
    field_means,
    jury_score,
    review_faults,
    review_mean,
    standings,
    strengths,
    weakest,
)

LEVELS = ("absent", "weak", "fair", "good", "very good", "outstanding")
RUBRIC = (Criterion("need", "Need", 2, LEVELS), Criterion("craft", "Craft", 1, LEVELS))
reviews = st.lists(st.fixed_dictionaries({"need": st.integers(0, 5), "craft": st.integers(0, 5)}), min_size=1)


def test_the_jury_score_of_two_reviews_by_hand() -> None:
    score = jury_score(RUBRIC, [{"need": 4, "craft": 3}, {"need": 2, "craft": 2}], min_reviews=2)
    assert score.values == (Fraction(2), Fraction(11, 3))
    assert score.mean == Fraction(17, 6)
    assert score.median == Fraction(17, 6)
    assert score.spread == Fraction(5, 3)
    assert score.variance == Fraction(25, 36)
    assert score.criteria == (("need", Fraction(3)), ("craft", Fraction(5, 2)))
    assert score.component == Fraction(17, 6)


def test_below_the_least_number_of_reviews_the_component_is_incomplete() -> None:
    score = jury_score(RUBRIC, [{"need": 4, "craft": 3}], min_reviews=2)
    assert (score.complete, score.component, score.mean) == (False, None, Fraction(11, 3))


def test_without_reviews_nothing_is_complete_even_if_none_are_asked_for() -> None:
    score = jury_score(RUBRIC, [], min_reviews=0)
    assert (score.complete, score.component, score.median, score.criteria) == (False, None, None, ())


@given(reviews)
def test_the_jury_score_equals_the_statistics_module(listed: list[dict[str, int]]) -> None:
    score = jury_score(RUBRIC, listed)
    values = [Fraction(2 * review["need"] + review["craft"], 3) for review in listed]
    assert score.mean == statistics.mean(values)
    assert score.median == statistics.median(values)
    assert score.variance == statistics.pvariance(values)
    assert score.spread == max(values) - min(values)
    assert score == jury_score(RUBRIC, reversed(listed))


def test_means_equal_only_in_exact_arithmetic_are_equal() -> None:
    tenths = tuple(Criterion(f"c{index}", "", 1, LEVELS) for index in range(10))
    one = jury_score(tenths, [{f"c{index}": 1 if index == 0 else 0 for index in range(10)}] * 3)
    other = jury_score(
        tenths, [{f"c{index}": 0 for index in range(10)}] * 2 + [{f"c{i}": int(i < 3) for i in range(10)}]
    )
    assert one.mean == other.mean == Fraction(1, 10)


def test_a_rubric_without_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="sum to more than 0"):
        review_mean((Criterion("need", "Need", 0, LEVELS),), {"need": 3})


def test_what_keeps_a_review_from_being_handed_in() -> None:
    assert review_faults(RUBRIC, {"need": 6, "style": 1}) == [
        ("unknown", "style"),
        ("out_of_range", "need"),
        ("missing", "craft"),
    ]
    assert review_faults(RUBRIC, {"need": 5, "craft": 0}) == []


def test_criteria_stand_beside_the_mean_of_the_field() -> None:
    mine = jury_score(RUBRIC, [{"need": 5, "craft": 1}])
    other = jury_score(RUBRIC, [{"need": 3, "craft": 4}, {"need": 3, "craft": 2}])
    field = field_means([mine, other, jury_score(RUBRIC, [])])
    assert field == {"need": Fraction(4), "craft": Fraction(2)}
    rows = standings(mine, field)
    assert rows == (Standing("need", Fraction(5), Fraction(4)), Standing("craft", Fraction(1), Fraction(2)))
    assert [row.criterion for row in strengths(rows)] == ["need"]
    assert [row.criterion for row in weakest(rows)] == ["craft"]


def test_equally_weak_criteria_are_all_named() -> None:
    mine = jury_score(RUBRIC, [{"need": 3, "craft": 3}])
    rows = standings(mine, {"need": Fraction(4), "craft": Fraction(4)})
    assert [row.criterion for row in weakest(rows)] == ["need", "craft"]
    assert (strengths(rows), weakest(())) == ((), ())
