"""What a round declares beyond its method, by hand: quorum, threshold, groups, candidates struck off, ballots excluded."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest

from crowd.core.tally.collecting import Collector
from crowd.core.tally.declared import Declared, Listed, Outcome, outcome

ABC = [Listed("a", "Ash"), Listed("b", "Birch"), Listed("c", "Cedar")]


def result(
    declared: Declared,
    said: Sequence[Any],
    *,
    members: Sequence[int] = (),
    excluded: Sequence[int] = (),
    candidates: Sequence[Listed] = ABC,
    with_excluded: bool = False,
) -> Outcome:
    collector = Collector(declared.bounds(candidates))
    for place, choices in enumerate(said):
        collector.add(choices, member=place in members, excluded=place in excluded)
    return outcome(declared, candidates, collector.collected(), b"seed", with_excluded=with_excluded)


def test_without_a_quorum_nobody_is_elected_and_the_count_is_shown() -> None:
    found = result(Declared("approval", quorum=3), [["a"], ["a"]])
    assert (found.quorum_met, found.count["winners"], found.elected) == (False, ["a"], ())
    assert result(Declared("approval", quorum=2), [["a"], ["a"]]).elected == ("a",)


def test_blank_ballots_count_for_the_quorum_and_invalid_ones_do_not() -> None:
    assert result(Declared("approval", quorum=3), [["a"], [], []]).quorum_met
    assert not result(Declared("approval", quorum=3), [["a"], [], ["x"]]).quorum_met


def test_who_is_named_on_too_few_ballots_is_not_elected_and_nobody_comes_instead() -> None:
    said = [["a"], ["a", "b"], ["a"], ["c"]]
    found = result(Declared("approval", seats=2, threshold=Fraction(50)), said)
    assert len(found.count["winners"]) == 2
    assert found.elected == ("a",)
    assert found.named == {"a": "3", "b": "1", "c": "1"}


def test_exactly_at_the_threshold_is_enough() -> None:
    assert result(Declared("approval", threshold=Fraction(50)), [["a"], []]).elected == ("a",)
    assert result(Declared("approval", threshold=Fraction(101, 2)), [["a"], []]).elected == ()


@pytest.mark.parametrize(
    ("method", "said", "named"),
    [
        ("score", [{"a": 0, "b": 1}], {"a": "0", "b": "1", "c": "0"}),
        ("irv", [[["a"], ["b"]]], {"a": "1", "b": "1", "c": "0"}),
        ("cumulative", [{"a": 3, "c": 0}], {"a": "1", "b": "0", "c": "0"}),
        ("majority-judgment", [{"a": "poor", "b": "to reject"}], {"a": "1", "b": "0", "c": "0"}),
        ("bradley-terry", [[["a", "b"], ["a", "c"], ["b", "c"]]], {"a": "1", "b": "1", "c": "0"}),
    ],
)
def test_named_is_who_is_given_something(method: str, said: Any, named: dict[str, str]) -> None:
    assert result(Declared(method), said).named == named


def test_members_and_public_weigh_what_is_declared_however_many_they_are() -> None:
    """One member for a; three of the public for b: half and half it is a tie in percent, broken only by 51 to 49."""
    said = [["a"], ["b"], ["b"], ["c"]]
    half = result(Declared("approval", member_percent=50), said, members=[0])
    assert half.count["scores"] == {"a": "50", "b": "100/3", "c": "50/3"}
    assert half.count["winners"] == ["a"]
    assert half.count["ballots"] == 4
    third = result(Declared("approval", member_percent=33), said, members=[0])
    assert third.count["scores"] == {"a": "33", "b": "134/3", "c": "67/3"}
    assert third.count["winners"] == ["b"]
    assert third.named == third.count["scores"]


def test_equal_weights_are_no_weights() -> None:
    said = [{"a": 5, "b": 1}, {"b": 4}, {"c": 2}, {"a": 1}]
    plain = result(Declared("score"), said)
    weighed = result(Declared("score", member_percent=50), said, members=[0, 1])
    assert weighed.count["ranking"] == plain.count["ranking"]
    assert {name: Fraction(text) / 25 for name, text in weighed.count["scores"].items()} == {
        name: Fraction(text) for name, text in plain.count["scores"].items()
    }


def test_a_group_without_a_ballot_has_no_weight() -> None:
    found = result(Declared("approval", member_percent=40), [["a"], ["b"], ["b"]])
    assert found.count["scores"] == {"a": "20", "b": "40", "c": "0"}


def test_the_trace_of_a_weighed_count_is_in_percent_too() -> None:
    found = result(Declared("irv", member_percent=50), [[["a"]], [["b"]], [["c"], ["b"]]], members=[0])
    assert found.count["rounds"][0]["votes"] == {"a": "50", "b": "25", "c": "25"}
    assert found.count["exhausted"] == found.count["rounds"][-1]["exhausted"] == "25"


def test_a_candidate_struck_off_is_left_out_and_the_ballots_stay() -> None:
    candidates = [Listed("a", "Ash", struck=True), *ABC[1:]]
    found = result(Declared("irv"), [[["a"], ["b"]], [["a"]], [["c"]]], candidates=candidates)
    assert found.count["rounds"][0]["votes"] == {"b": 1, "c": 1}
    assert (found.ballots, found.count["invalid"], found.count["rounds"][0]["exhausted"]) == (3, 0, 1)


def test_a_ballot_is_judged_by_the_list_as_it_was_frozen() -> None:
    candidates = [Listed("a", "Ash", struck=True), *ABC[1:]]
    declared = Declared("cumulative", allowance=3, max_choices=1)
    found = result(declared, [{"a": 3, "b": 1}, {"a": 1, "b": 1}, {"b": 3}], candidates=candidates)
    assert (found.ballots, found.count["invalid"], found.count["scores"]) == (1, 2, {"b": "3", "c": "0"})


def test_excluded_ballots_are_counted_apart() -> None:
    said = [["a"], ["b"], ["b"], ["x"]]
    without = result(Declared("approval"), said, excluded=[1, 2, 3])
    assert (without.elected, without.ballots, without.count["invalid"]) == (("a",), 1, 0)
    complete = result(Declared("approval"), said, excluded=[1, 2, 3], with_excluded=True)
    assert (complete.elected, complete.ballots, complete.count["invalid"]) == (("b",), 3, 1)


def test_excluded_comparisons_go_with_their_ballots() -> None:
    said = [[["a", "b"]], [["b", "a"], ["b", "c"]], [["a", "c"]]]
    found = result(Declared("bradley-terry"), said, excluded=[1])
    assert found.count["rounds"][0]["won"] == {"a": 2, "b": 0, "c": 0}
    assert found.named == {"a": "2", "b": "0", "c": "0"}


def test_a_tie_for_the_last_seat_is_settled_by_the_seed() -> None:
    found = result(Declared("approval", seats=1), [["a"], ["b"]])
    assert [tie["by"] for tie in found.count["ties"]] == ["seed"]


def test_more_ballots_than_a_chunk_are_one_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crowd.core.tally.collecting.CHUNK", 3)
    said = [{"a": place, "b": 1} for place in range(11)]
    assert result(Declared("cumulative"), said).count["scores"] == {"a": "55", "b": "11", "c": "0"}
    pairs = [[["a", "b"]]] * 7 + [[["b", "a"], ["c", "b"]]]
    assert result(Declared("bradley-terry"), pairs, excluded=[7]).named == {"a": "7", "b": "0", "c": "0"}


def test_no_ballots_elect_nobody() -> None:
    for method in ("approval", "stv-scottish", "bradley-terry", "majority-judgment"):
        assert result(Declared(method), []).elected == ()
