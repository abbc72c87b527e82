"""Counting approval and score ballots, against naive counts and hand-made examples."""

import random
import statistics
from collections.abc import Iterable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.core.rules import VotingMethod
from crowd.core.tally.ballots import BallotFault, InvalidBallot
from crowd.core.tally.choices import Choices, check
from crowd.core.tally.result import ranks_of
from tests.core.counting import count_approval, count_score, round_of

NAMES = ["ash", "birch", "cedar", "doug", "elm"]
marks = st.lists(st.sampled_from(NAMES), unique=True)
scores = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 5))


def test_an_approval_count_by_hand() -> None:
    tally = count_approval([["ash", "birch"], ["birch"], [], ["cedar", "ash"]], NAMES[:4])
    assert tally.votes == {"ash": 2, "birch": 2, "cedar": 1, "doug": 0}
    assert tally.ranking == (("ash", "birch"), ("cedar",), ("doug",))
    assert tally.ranks == {"ash": 1, "birch": 1, "cedar": 3, "doug": 4}
    assert (tally.ballots, tally.invalid) == (4, 0)


def test_a_score_count_by_hand() -> None:
    tally = count_score([{"ash": 5, "birch": 0}, {"birch": 3, "ash": 1}, {}], ["ash", "birch", "cedar"])
    lines = {line.candidate: line for line in tally.lines}
    assert tally.totals == {"ash": 6, "birch": 3, "cedar": 0}
    assert tally.votes == {"ash": 2, "birch": 1, "cedar": 0}
    assert lines["ash"].points == (1, 1, 0, 0, 0, 1)
    assert (lines["ash"].mean, lines["ash"].median) == (Fraction(2), Fraction(1))
    assert lines["birch"].points == (2, 0, 0, 1, 0, 0)


@given(st.lists(marks), st.randoms(use_true_random=False))
def test_the_order_of_approval_ballots_changes_nothing(ballots: list[list[str]], rng: random.Random) -> None:
    shuffled = rng.sample(ballots, len(ballots))
    assert count_approval(shuffled, NAMES) == count_approval(ballots, rng.sample(NAMES, len(NAMES)))


@given(st.lists(marks))
def test_an_approval_count_equals_the_naive_one(ballots: list[list[str]]) -> None:
    tally = count_approval(ballots, NAMES)
    assert tally.votes == {name: sum(name in ballot for ballot in ballots) for name in NAMES}
    assert tally.totals == tally.votes


@given(st.lists(scores), st.randoms(use_true_random=False))
def test_a_score_count_equals_the_naive_one_in_any_order(ballots: list[dict[str, int]], rng: random.Random) -> None:
    tally = count_score(ballots, NAMES)
    assert tally.totals == {name: sum(ballot.get(name, 0) for ballot in ballots) for name in NAMES}
    assert tally.votes == {name: sum(ballot.get(name, 0) > 0 for ballot in ballots) for name in NAMES}
    assert tally == count_score(rng.sample(ballots, len(ballots)), NAMES)


@given(st.lists(scores, min_size=1))
def test_mean_and_median_of_a_score_line_equal_the_statistics_module(ballots: list[dict[str, int]]) -> None:
    for line in count_score(ballots, NAMES).lines:
        given_points = [Fraction(ballot.get(line.candidate, 0)) for ballot in ballots]
        assert line.mean == statistics.mean(given_points)
        assert line.median == statistics.median(given_points)


@given(st.lists(marks), st.sets(st.sampled_from(NAMES)))
def test_a_count_without_withdrawn_candidates_equals_one_in_which_nobody_marked_them(
    ballots: list[list[str]], without: set[str]
) -> None:
    tally = count_approval(ballots, NAMES, without=without)
    left = [[name for name in ballot if name not in without] for ballot in ballots]
    assert tally.lines == count_approval(left, [name for name in NAMES if name not in without]).lines
    assert tally.without == tuple(sorted(without))
    assert tally.ballots == len(ballots)


def test_a_ballot_that_is_not_well_formed_counts_as_invalid_and_nowhere_else() -> None:
    tally = count_approval([["ash"], ["ash", "oak"], ["ash", "ash"], ["ash", "birch", "cedar"]], NAMES, max_choices=2)
    assert (tally.ballots, tally.invalid, tally.votes["ash"]) == (1, 3, 1)
    scored = count_score([{"ash": 6}, {"oak": 1}, {"ash": 5}], NAMES)
    assert (scored.ballots, scored.invalid, scored.totals["ash"]) == (1, 2, Fraction(5))


def test_a_count_without_ballots_is_one_big_tie() -> None:
    tally = count_approval([], NAMES)
    assert tally.ranking == (tuple(NAMES),)
    assert {line.mean for line in tally.lines} == {None}


def faults_of(said: dict[str, int], method: VotingMethod, limit: int | None = None) -> tuple[BallotFault, ...]:
    with pytest.raises(InvalidBallot) as refused:
        check(Choices(said), NAMES, round_of(method, limit))
    return refused.value.faults


def test_everything_wrong_with_a_ballot_is_reported_at_once() -> None:
    assert faults_of({"oak": 1, "ash": 1, "elm": 1}, VotingMethod.APPROVAL, 2) == (
        BallotFault("unknown_candidate", "oak"),
        BallotFault("too_many_choices", value=3, limit=2),
    )
    assert faults_of({"oak": 1, "ash": 6, "elm": -1, "birch": 5}, VotingMethod.SCORE, 2) == (
        BallotFault("unknown_candidate", "oak"),
        BallotFault("score_out_of_range", "ash", 6, 5),
        BallotFault("score_out_of_range", "elm", -1, 5),
        BallotFault("too_many_choices", value=3, limit=2),
    )


@pytest.mark.parametrize("limit", [None, 2])
def test_a_well_formed_ballot_passes(limit: int | None) -> None:
    marked = check(Choices({"ash": 1, "elm": 1}), NAMES, round_of(VotingMethod.APPROVAL, limit))
    assert marked.marks.keys() == {"ash", "elm"}
    scored = check(Choices({"ash": 5, "elm": 1, "cedar": 0}), NAMES, round_of(VotingMethod.SCORE, limit))
    assert scored.marks == {"ash": 5, "elm": 1}


def test_a_ballot_that_is_not_well_formed_is_refused_with_its_faults() -> None:
    with pytest.raises(InvalidBallot, match="unknown_candidate") as refused:
        check(Choices({"oak": 1}), NAMES, round_of(VotingMethod.APPROVAL))
    assert refused.value.faults == (BallotFault("unknown_candidate", "oak"),)
    with pytest.raises(InvalidBallot, match="score_out_of_range"):
        check(Choices({"ash": 9}), NAMES, round_of(VotingMethod.SCORE))


@given(st.lists(st.integers(1, 4)))
def test_ranks_count_the_candidates_above(sizes: list[int]) -> None:
    groups = [[f"{place}-{member}" for member in range(size)] for place, size in enumerate(sizes)]
    assert ranks_of(groups) == {name: _above(groups, name) + 1 for group in groups for name in group}


def _above(groups: Iterable[list[str]], name: str) -> int:
    above = 0
    for group in groups:
        if name in group:
            return above
        above += len(group)
    raise AssertionError(name)
