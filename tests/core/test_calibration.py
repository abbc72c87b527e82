"""Adjusted scores: by hand, in simulation, and whatever the scores are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from crowd.core.calibration import Calibration, Scored, calibrate
from tests.drawing import draws


def planted(seed: int, proposals: int = 40, reviewers: int = 10, each: int = 3) -> tuple[list[Scored], list[float]]:
    """Scores with planted qualities and leniencies; the qualities."""
    random = np.random.default_rng(seed)
    quality, leniency = random.normal(0, 1, proposals), random.normal(0, 1, reviewers)
    scores = [
        Scored(f"p{row:03}", f"r{place:02}", 5 + quality[row] + leniency[place] + random.normal(0, 0.5))
        for row in range(proposals)
        for place in random.choice(reviewers, each, replace=False)
    ]
    return scores, quality.tolist()


def adjusted(found: Calibration) -> list[float]:
    return [one.adjusted or 0 for _, one in sorted(found.proposals.items())]


def test_planted_leniency_is_found_and_the_order_is_nearer_to_the_truth_than_that_of_raw_means() -> None:
    better = 0
    for seed in range(10):
        scores, truth = planted(seed)
        found = calibrate(scores)
        raw = [one.raw for _, one in sorted(found.proposals.items())]
        better += spearmanr(adjusted(found), truth).statistic > spearmanr(raw, truth).statistic
    assert better == 10


def test_a_generous_reviewer_is_positive_and_who_met_them_is_not_better_for_it() -> None:
    base = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0}
    extra = {"kind": 1.0, "strict": -1.0, "even": 0.0}
    scores = [
        Scored(key, who, value + more)
        for index, (key, value) in enumerate(base.items())
        for turn, (who, more) in enumerate(extra.items())
        if (index + turn) % 3
    ]
    found = calibrate(scores)
    lenient = {who: one.leniency or 0 for who, one in found.reviewers.items()}
    assert lenient["kind"] > 0.5 > lenient["even"] > -0.5 > lenient["strict"]
    assert adjusted(found) == sorted(adjusted(found))


def test_fewer_reviews_shrink_more_and_are_less_sure() -> None:
    scores, _ = planted(3)
    few = [Scored("few", "r00", 12.0)]
    many = [Scored("many", f"r{place:02}", 12.0) for place in range(6)]
    found = calibrate([*scores, *few, *many]).proposals
    assert (found["few"].adjusted or 0) < (found["many"].adjusted or 0)
    assert (found["few"].standard_error or 0) > (found["many"].standard_error or 0) > 0
    assert (found["few"].enough, found["many"].enough) == (False, True)


def test_standard_errors_cover_the_truth_as_often_as_they_say() -> None:
    inside = []
    for seed in range(40):
        scores, truth = planted(seed)
        found = calibrate(scores)
        for (_, one), real in zip(sorted(found.proposals.items()), truth, strict=True):
            inside.append(abs((one.adjusted or 0) - 5 - real) < 1.96 * (one.standard_error or 0))
    assert 0.9 < np.mean(inside) < 0.98


def test_too_small_a_table_is_not_adjusted() -> None:
    found = calibrate([Scored("a", "x", 1.0), Scored("b", "y", 2.0)])
    assert found.as_data() == {
        "proposals": {
            "a": {"raw": 1.0, "adjusted": None, "standard_error": None, "reviews": 1},
            "b": {"raw": 2.0, "adjusted": None, "standard_error": None, "reviews": 1},
        },
        "reviewers": {"x": {"leniency": None, "reviews": 1}, "y": {"leniency": None, "reviews": 1}},
        "groups": [["a", "b"]],
    }
    assert calibrate([]).as_data() == {"proposals": {}, "reviewers": {}, "groups": []}


def test_what_lies_far_apart_is_told_apart_and_what_is_equal_is_not() -> None:
    random = np.random.default_rng(2)
    values = {"best": 9.0, "twin-1": 5.0, "twin-2": 5.0, "worst": 1.0}
    scores = [
        Scored(key, f"r{place}", value + random.normal(0, 0.3)) for key, value in values.items() for place in range(6)
    ]
    groups = [set(group) for group in calibrate(scores).groups]
    assert groups == [{"best"}, {"twin-1", "twin-2"}, {"worst"}]


def test_the_chance_to_stand_above_the_cut_is_sure_far_from_it_and_open_between_twins() -> None:
    random = np.random.default_rng(2)
    values = {"best": 9.0, "twin-1": 5.0, "twin-2": 5.0, "worst": 1.0}
    scores = [
        Scored(key, f"r{place}", value + random.normal(0, 0.3)) for key, value in values.items() for place in range(6)
    ]
    chances = calibrate(scores, 2).chances
    assert (chances["best"], chances["worst"]) == (1.0, 0.0)
    assert chances["twin-1"] + chances["twin-2"] == pytest.approx(1)
    assert 0.05 < chances["twin-1"] < 0.95
    assert set(calibrate(scores, 4).chances.values()) == {1.0}
    assert set(calibrate(scores).chances.values()) == {0.0}


def test_scores_that_are_all_the_same_stay_what_they_are() -> None:
    found = calibrate([Scored(key, who, 3.0) for key in "abc" for who in "xyz"])
    assert {(one.raw, one.adjusted, one.standard_error) for one in found.proposals.values()} == {(3.0, 3.0, 0.0)}
    assert {one.leniency for one in found.reviewers.values()} == {0.0}
    assert found.groups == (("a", "b", "c"),)


pairs = st.dictionaries(st.tuples(st.sampled_from("abcdef"), st.sampled_from("vwxyz")), st.integers(0, 5), min_size=1)


@draws(40)
@given(pairs, st.integers(0, 99))
def test_the_order_of_the_lines_does_not_matter_and_all_numbers_are_finite(
    table: dict[tuple[str, str], int], seed: int
) -> None:
    scores = [Scored(key, who, float(value)) for (key, who), value in table.items()]
    shuffled = [scores[place] for place in np.random.default_rng(seed).permutation(len(scores))]
    found = calibrate(scores)
    assert calibrate(shuffled) == found
    assert sorted(key for group in found.groups for key in group) == sorted(found.proposals)
    numbers = [n for one in found.proposals.values() for n in (one.adjusted, one.standard_error) if n is not None]
    assert np.isfinite(numbers).all()


@draws(30)
@given(st.integers(0, 1000), st.sampled_from([0.5, 2.0, 10.0]), st.sampled_from([-3.0, 0.0, 7.0]))
def test_another_scale_moves_the_numbers_and_nothing_else(seed: int, times: float, plus: float) -> None:
    scores, _ = planted(seed, 12, 5)
    plain = calibrate(scores)
    moved = calibrate([Scored(one.proposal, one.reviewer, one.score * times + plus) for one in scores])
    assert adjusted(moved) == pytest.approx([value * times + plus for value in adjusted(plain)], abs=0.01 * times)
