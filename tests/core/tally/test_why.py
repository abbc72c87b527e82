"""Why one won and another not: in every election an answer whose numbers are those of the count."""

from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crowd.core.rules import BudgetRule, VotingMethod
from crowd.core.tally.explain import Counted, Relation, Said, first_pair, why
from tests.core.tally.elections import counted, elections, round_of

LEVEL = {
    "same_votes",
    "same_points",
    "same_given",
    "runoff_level",
    "went_out_together",
    "level_paths",
    "same_grades",
    "alike",
    "neither_bought",
}
few = pytest.param(20, id="few")
many = pytest.param(800, id="many", marks=[pytest.mark.soak, pytest.mark.timeout(1800)])


@pytest.mark.parametrize("examples", [few, many])
@pytest.mark.parametrize("method", VotingMethod)
def test_any_two_have_an_answer_and_it_is_the_same_whoever_is_asked_for_first(
    method: VotingMethod, examples: int
) -> None:
    @settings(max_examples=examples, deadline=None)
    @given(elections(method))
    def holds(election: Counted) -> None:
        for one, other in permutations(election.ranks, 2):
            answer = why(election, one, other)
            assert answer == why(election, other, one)
            assert {answer.ahead, answer.behind} == {one, other}
            in_favour = (answer.ahead in election.elected, answer.behind in election.elected)
            assert (
                answer.relation
                is {
                    (True, False): Relation.ELECTED_OVER,
                    (True, True): Relation.BOTH,
                    (False, False): Relation.NEITHER,
                }[in_favour]
            )
            _beyond(election, answer.said)
            _apart(election, answer.said)

    holds()


def _beyond(election: Counted, said: tuple[Said, ...]) -> None:
    """Quorum, threshold and an empty count are said exactly where they decide."""
    codes = [each.code for each in said]
    assert ("no_ballots" in codes) == (election.ballots == 0)
    assert ("quorum" in codes) == (election.ballots > 0 and not election.quorum_met)
    for each in said:
        if each.code == "threshold":
            assert each.first in election.winners
            assert each.values["named"] < each.values["least"] / 100 * each.values["all"]


def _apart(election: Counted, said: tuple[Said, ...]) -> None:
    """Whoever is ahead in the count is so by the numbers, or by a tie that was settled."""
    if said[0].code == "no_ballots":
        return
    found = next(each for each in said if each.code not in {"quorum", "threshold"})
    codes = [each.code for each in said]
    assert election.place_in_count(found.first) <= election.place_in_count(found.second)
    equal = election.place_in_count(found.first) == election.place_in_count(found.second)
    assert ("level" in codes) == (equal and "settled" not in codes)
    if found.first in election.winners and found.second not in election.winners and found.code in LEVEL:
        assert "settled" in codes


SUMS = [VotingMethod.APPROVAL, VotingMethod.SCORE, VotingMethod.CUMULATIVE, VotingMethod.QUADRATIC]


@pytest.mark.parametrize("method", SUMS)
def test_sums_are_those_of_the_count(method: VotingMethod) -> None:
    @settings(max_examples=20, deadline=None)
    @given(elections(method), st.data())
    def holds(election: Counted, data: st.DataObject) -> None:
        one, other = data.draw(st.permutations(sorted(election.ranks)))[:2]
        for said in why(election, one, other).said:
            if said.code.startswith(("more", "same")):
                assert said.values["first"] == election.scores[said.first]
                assert said.values["second"] == election.scores[said.second]
                assert (said.values["first"] > said.values["second"]) == said.code.startswith("more")

    holds()


def of(election: Counted, one: str, other: str) -> tuple[str, dict[str, Any]]:
    """The sentence on the count of the answer."""
    [said] = [
        each for each in why(election, one, other).said if each.code not in {"quorum", "threshold", "settled", "level"}
    ]
    return said.code, dict(said.values)


def ranked(*orders: str, **changes: Any) -> Counted:
    ballots = [{name: place for place, name in enumerate(order, start=1)} for order in orders]
    return counted(round_of(VotingMethod.IRV, seats=None, **changes), ballots, names="abc")


def test_a_tie_for_the_last_seat_is_said_to_be_settled_by_the_seed() -> None:
    ballots = [{"a": 1, "b": 1}, {"a": 1, "b": 1}, {"c": 1}]
    election = counted(round_of(VotingMethod.APPROVAL, seats=1), ballots, names="abc")
    [won] = election.elected
    [other] = {"a", "b"} - {won}
    assert why(election, won, other).said == (
        Said("same_votes", won, other, {"first": 2, "second": 2, "all": 3}),
        Said("settled", won, other, {"by": "seed", "of": "seat", "round": None}),
    )
    without = counted(round_of(VotingMethod.APPROVAL, seats=1), ballots, names="abc", seed=None)
    assert why(without, "a", "b").said[-1].values["by"] == "order"


def test_a_winner_on_too_few_ballots_is_behind_one_who_is_elected() -> None:
    ballots = [{"a": 5}, {"b": 2}, {"b": 2}]
    election = counted(round_of(VotingMethod.SCORE, threshold=50), ballots, names="abc")
    answer = why(election, "a", "b")
    assert (election.winners, election.elected) == (("a", "b"), ("b",))
    assert (answer.ahead, answer.behind, answer.relation) == ("b", "a", Relation.ELECTED_OVER)
    assert answer.said == (
        Said("threshold", "a", values={"named": 1, "all": 3, "least": 50}),
        Said("more_points", "a", "b", {"first": 5, "second": 4, "all": 3}),
    )


def test_without_quorum_nobody_is_elected_and_the_count_is_told_all_the_same() -> None:
    election = counted(round_of(VotingMethod.APPROVAL, quorum=5), [{"a": 1}], names="ab")
    answer = why(election, "b", "a")
    assert (answer.ahead, answer.relation) == ("a", Relation.NEITHER)
    assert [(said.code, dict(said.values)) for said in answer.said] == [
        ("quorum", {"ballots": 1, "least": 5}),
        ("more_votes", {"first": 1, "second": 0, "all": 1}),
    ]


def test_instant_runoff_says_in_which_round_the_other_went_out_and_against_how_many() -> None:
    election = ranked("a", "a", "a", "ab", "b", "b", "b", "cb", "cb")
    assert election.elected == ("b",)
    code, values = of(election, "b", "c")
    assert (code, values) == ("went_out", {"first": 3, "second": 2, "round": 1, "next": 3, "last": 5, "all": 9})
    assert of(election, "a", "b") == ("last_votes", {"first": 5, "second": 4, "all": 9})


def test_stv_says_the_quota_and_what_became_of_the_other() -> None:
    ballots = [*(["a", "ab"] * 3), "b", "b", "c", "cb"]
    round_ = round_of(VotingMethod.STV)
    election = counted(round_, [{n: p for p, n in enumerate(order, start=1)} for order in ballots], names="abc")
    assert election.elected == ("a", "b")
    code, values = of(election, "c", "a")
    assert code == "quota"
    assert (values["first"], values["quota"], values["round"]) == (6, 4, 1)
    code, values = of(election, "c", "b")
    assert (code, values["rest"], values["second"]) == ("last_vacancy", "excluded", 2)


def test_a_schulze_path_around_a_lost_duel_names_whom_it_passes() -> None:
    cycle = [*["abc"] * 4, *["bca"] * 3, *["cab"] * 2]
    election = counted(
        round_of(VotingMethod.SCHULZE, seats=None),
        [{n: p for p, n in enumerate(order, start=1)} for order in cycle],
        names="abc",
    )
    assert election.elected == ("a",)
    code, values = of(election, "a", "c")
    assert (code, values) == ("path", {"first": 4, "second": 5, "path": 6, "back": 5, "through": ("b",)})
    code, values = of(election, "a", "b")
    assert (code, values["first"], values["second"], values["path"], values["back"]) == ("duel", 6, 3, 6, 5)


def test_majority_judgment_says_how_many_middle_grades_had_to_be_taken_away() -> None:
    ballots = [{"a": 1, "b": 2}, {"a": 2, "b": 2}, {"a": 2, "b": 2}]
    election = counted(round_of(VotingMethod.MAJORITY_JUDGMENT, seats=None), ballots, names="abc")
    assert of(election, "a", "b") == (
        "then_grade",
        {"grade": "very good", "equal": 2, "first": "excellent", "second": "very good"},
    )
    code, values = of(election, "b", "c")
    assert (code, values["first"], values["second"]) == ("better_grade", "very good", "to reject")
    assert (values["at_least_first"], values["at_least_second"], values["all"]) == (3, 0, 3)


def test_star_says_who_was_preferred_in_the_runoff_and_who_did_not_reach_it() -> None:
    ballots = [{"a": 5, "b": 4}, {"a": 0, "b": 1}, {"a": 0, "b": 1}, {"a": 5, "c": 1}]
    election = counted(round_of(VotingMethod.STAR, seats=None), ballots, names="abc")
    code, values = of(election, "a", "b")
    assert code == "runoff_level"
    assert (values["first"], values["second"], values["first_points"], values["second_points"]) == (2, 2, 10, 6)
    code, values = of(election, "a", "c")
    assert (code, values["second_points"], values["least"]) == ("no_finalist", 1, 6)


def test_a_budget_says_what_was_left_at_the_turn_of_what_no_longer_fitted() -> None:
    ballots = [{"a": 1, "b": 1, "c": 1}, {"a": 1, "c": 1}, {"a": 1}]
    election = counted(round_of(VotingMethod.PB_GREEDY, budget=10), ballots, names="abc", costs=(6, 3, 5))
    assert election.elected == ("a", "b")
    assert of(election, "b", "c") == ("no_money", {"cost": 5, "left": 4, "first_votes": 1, "second_votes": 2})
    stops = round_of(VotingMethod.PB_GREEDY, budget=10, budget_rule=BudgetRule.NO_SKIP)
    halted = counted(stops, ballots, names="abc", costs=(6, 3, 5))
    assert [of(halted, "a", name)[0] for name in "bc"] == ["stopped", "no_money"]


def test_equal_shares_says_what_supporters_would_have_paid_and_what_they_had() -> None:
    """Four voters with 3 each: a costs 6 and takes 2 from each of three; b costs 8, and its two supporters have 4 together."""
    ballots = [{"a": 1}, {"a": 1, "b": 1}, {"a": 1}, {"b": 1}]
    election = counted(round_of(VotingMethod.EQUAL_SHARES, budget=12), ballots, names="ab", costs=(6, 8))
    code, values = of(election, "a", "b")
    assert code == "poor_supporters"
    assert (values["cost"], values["each"], values["left"], values["second_votes"]) == (8, 4, 6, 2)
    start = values["start"]
    assert values["had"] == start + start - 2
    assert values["paid"] * values["payers"] == 6


def test_comparisons_are_told_apart_only_from_the_best_of_a_group() -> None:
    pairs = [[("a", "b"), ("a", "c")]] * 40 + [[("b", "c")]] + [[("c", "b")]]
    election = counted(round_of(VotingMethod.BRADLEY_TERRY, seats=None), pairs, names="abc")
    code, values = of(election, "b", "a")
    assert (code, values["first_won"], values["first_met"]) == ("apart", 80, 80)
    assert (values["best"], values["first"]) == ("a", election.scores["a"])
    assert of(election, "b", "c")[0] == "alike"


def test_votes_weighed_by_group_are_percent() -> None:
    ballots = [{"a": 1}, {"b": 1}, {"b": 1}, {"b": 1}]
    election = counted(
        round_of(VotingMethod.APPROVAL, seats=None, member_percent=60),
        ballots,
        names="ab",
        members=[True, False, False, False],
    )
    assert of(election, "a", "b") == ("more_votes", {"first": Fraction(60), "second": Fraction(40), "all": 100})


def test_the_pair_shown_first_is_the_last_elected_and_the_first_left_out() -> None:
    ballots = [{"a": 1, "b": 1, "c": 1}, {"a": 1, "b": 1}, {"a": 1}]
    assert first_pair(counted(round_of(VotingMethod.APPROVAL), ballots, names="abc")) == ("b", "c")
    assert first_pair(counted(round_of(VotingMethod.APPROVAL, quorum=9), ballots, names="abc")) == ("a", "b")
    assert first_pair(counted(round_of(VotingMethod.APPROVAL), [], names="a")) is None
