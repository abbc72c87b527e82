"""Elections counted by hand, and the corners: nobody votes, everybody is tied, more seats than candidates."""

import hashlib
from fractions import Fraction
from typing import Any

import pytest

from crowd.core.rules import BUDGET_METHODS
from crowd.core.tally.choices import KIND_OF
from crowd.core.tally.count import Count, Settled
from crowd.core.tally.methods import METHODS
from crowd.core.tally.profile import Candidate, Gathering, Kind, Profile
from crowd.core.tally.suited import Unsuited
from tests.core.tally.naive import count, profile_of, ranked
from tests.core.tally.strategies import of_kind

BALLOTS: dict[Kind, Any] = {
    Kind.APPROVE: (0,),
    Kind.RANK: ((0,),),
    Kind.SCORE: ((0, 5),),
    Kind.POINTS: ((0, 3),),
    Kind.GRADE: ((0, 0),),
    Kind.PAIR: (0, 1),
}


def ties_of(found: Count) -> list[tuple[str, tuple[str, ...], tuple[str, ...], Settled]]:
    return [(tie.of, tie.candidates, tie.chosen, tie.by) for tie in found.ties]


def test_every_method_has_its_case_here() -> None:
    assert KIND_OF.keys() == METHODS.keys()


@pytest.mark.parametrize("method", METHODS)
def test_without_ballots_nobody_wins_and_all_are_tied(method: str) -> None:
    found = count(profile_of("abc", KIND_OF[method], [], costs=[1, 1, 1], budget=Fraction(2)), method)
    assert (found.winners, found.ballots, found.invalid, found.exhausted) == ((), 0, 0, 0)
    assert sorted(name for tied in found.ranking for name in tied) == ["a", "b", "c"]
    assert method in {"irv", "stv-scottish"} or found.ranking == (("a", "b", "c"),)


@pytest.mark.parametrize("method", sorted(METHODS.keys() - BUDGET_METHODS))
def test_more_seats_than_candidates_elect_all_of_them(method: str) -> None:
    found = count(profile_of("ab", KIND_OF[method], [BALLOTS[KIND_OF[method]]]), method, seats=5)
    assert (found.winners, found.ties) == (("a", "b"), ())


@pytest.mark.parametrize("method", sorted(METHODS.keys() - BUDGET_METHODS))
def test_a_tie_for_a_seat_is_reported_and_settled_by_the_seed_alone(method: str) -> None:
    ballot = BALLOTS[KIND_OF[method]]
    other = (1, 0) if KIND_OF[method] is Kind.PAIR else _swapped(ballot)
    profile = profile_of("ab", KIND_OF[method], [ballot, other])
    plain, seeds = count(profile, method), [bytes([number]) for number in range(8)]
    assert (plain.winners, {tie.by for tie in plain.ties}) == (("a",), {Settled.ORDER})
    drawn = [count(profile, method, seed=seed) for seed in seeds]
    first = [min("ab", key=lambda name: hashlib.sha256(seed + name.encode()).digest()) for seed in seeds]
    assert [found.winners[0] for found in drawn] == first
    assert {tie.by for found in drawn for tie in found.ties} == {Settled.SEED}


def _swapped(ballot: Any) -> Any:
    if isinstance(ballot, int):
        return 1 - ballot
    return ((1, ballot[0][1]),) if isinstance(ballot[0], tuple) and len(ballot[0]) == 2 else _one_for_nought(ballot)


def _one_for_nought(ballot: Any) -> Any:
    return tuple((1,) if entry == (0,) else 1 for entry in ballot)


@pytest.mark.parametrize("method", METHODS)
def test_ballots_of_another_kind_beside_its_own_are_invalid_and_alone_are_refused(method: str) -> None:
    stranger = Kind.APPROVE if KIND_OF[method] is Kind.PAIR else Kind.PAIR
    gathering = Gathering([Candidate(name, "", Fraction(1)) for name in "ab"])
    gathering.add(stranger, BALLOTS[stranger], 2)
    alone = Profile(gathering.candidates, gathering.ballots(), budget=Fraction(2))
    with pytest.raises(Unsuited, match=f"{method} needs .*, and the ballots are (marks|comparisons of two)"):
        count(alone, method)
    gathering.add(KIND_OF[method], BALLOTS[KIND_OF[method]])
    both = count(Profile(gathering.candidates, gathering.ballots(), 3, budget=Fraction(2)), method)
    assert (both.ballots, both.invalid) == (1, 5)


def test_approval_from_other_ballots() -> None:
    assert count(ranked("abc", "2 a>b", "1 c", "1 "), "approval").scores == {"a": "2", "b": "2", "c": "1"}
    with pytest.raises(Unsuited, match="every ballot ranks every candidate"):
        count(ranked("ab", "2 a>b", "1 b=a"), "approval")
    assert count(of_kind(Kind.GRADE, 2, [[0, 1], [5, 0]]), "approval").scores == {"a": "1", "b": "1"}
    assert count(of_kind(Kind.SCORE, 2, [[0, 1], [5, 0], [2, 2]]), "approval").scores == {"a": "2", "b": "2"}


def test_scores_out_of_range_make_a_ballot_invalid() -> None:
    for method in ("score", "star"):
        found = count(of_kind(Kind.SCORE, 2, [[6, 0], [0, -1], [3, 5]]), method)
        assert (found.scores, found.ballots, found.invalid) == ({"a": "3", "b": "5"}, 1, 2)


def test_star_elects_the_preferred_of_the_two_with_most_points() -> None:
    found = count(of_kind(Kind.SCORE, 3, [[5, 4, 0]] * 3 + [[0, 4, 5]] * 2), "star")
    assert (found.scores, found.winners, found.ranking) == (
        {"a": "15", "b": "20", "c": "10"},
        ("a",),
        (("a",), ("b",), ("c",)),
    )
    assert found.rounds[0]["runoff"] == {"b": 2, "a": 3}
    assert count(of_kind(Kind.SCORE, 3, [[5, 4, 0]] * 3 + [[0, 4, 5]] * 2), "star", seats=2).winners == ("a", "b")


def test_star_settles_ties_by_its_protocol() -> None:
    by_match = count(of_kind(Kind.SCORE, 3, [[5, 3, 1], [5, 1, 0], [5, 1, 4]]), "star")
    assert ties_of(by_match) == [("place in the runoff", ("b", "c"), ("b",), Settled.RULE)]
    by_points = count(of_kind(Kind.SCORE, 2, [[5, 3], [1, 2]]), "star")
    assert (by_points.winners, ties_of(by_points)) == (("a",), [("runoff", ("a", "b"), ("a",), Settled.RULE)])
    by_fives = count(of_kind(Kind.SCORE, 2, [[4, 3], [2, 5], [4, 2], [4, 4]]), "star")
    assert by_fives.scores == {"a": "14", "b": "14"}
    assert by_fives.winners == ("a",)


def test_star_with_all_tied_has_one_tier() -> None:
    assert count(of_kind(Kind.SCORE, 3, [[2, 2, 2]]), "star").ranking == (("a", "b", "c"),)


def test_instant_runoff_by_hand() -> None:
    found = count(ranked("abc", "4 a", "3 b>c", "2 c>b", "1 "), "irv")
    assert [step["votes"] for step in found.rounds] == [{"a": 4, "b": 3, "c": 2}, {"a": 4, "b": 5}]
    assert (found.winners, found.ranking, found.exhausted) == (("b",), (("b",), ("a",), ("c",)), 1)
    assert found.scores == {"a": "4", "b": "5", "c": "2"}


def test_instant_runoff_stops_at_a_majority_of_the_votes_that_count_and_fills_seats_from_below() -> None:
    profile = ranked("abc", "6 a", "3 b>c", "2 c>b")
    assert [len(count(profile, "irv", seats=seats).rounds) for seats in (1, 2, 3)] == [1, 2, 1]
    assert count(profile, "irv", seats=2).winners == ("a", "b")


def test_instant_runoff_ends_a_ballot_at_a_shared_preference() -> None:
    found = count(ranked("abc", "2 a=b", "3 c>a=b", "4 b"), "irv")
    assert (found.rounds[0]["votes"], found.rounds[0]["exhausted"], found.ballots) == ({"a": 0, "b": 4, "c": 3}, 2, 9)


def test_instant_runoff_settles_by_earlier_rounds_and_lets_the_hopeless_go_together() -> None:
    together = count(ranked("abcd", "5 a", "4 b", "1 c>b", "1 d>b"), "irv")
    assert (together.rounds[0]["eliminated"], together.winners, together.ties) == (["c", "d"], ("b",), ())
    earlier = count(ranked("abcd", "5 a", "3 b", "4 c", "1 d>b"), "irv")
    assert ties_of(earlier) == [("elimination", ("b", "c"), ("b",), Settled.RULE)]
    assert earlier.winners == ("a",)


def test_scottish_stv_by_hand() -> None:
    """Quota 4. a's surplus of 2 is worth 2/6 = 0.33333 a paper; 1 of 6 papers names nobody else."""
    found = count(ranked("abcd", "3 a>b", "2 a>c", "1 a", "2 c", "1 d>b"), "stv-scottish", seats=2)
    first, surplus, exclusion, *_ = found.rounds
    assert (first["quota"], first["elected"], first["votes"]["a"]) == (4, ["a"], "6.00000")
    assert surplus["transferred"] == {"b": "0.99999", "c": "0.66666"}
    assert (surplus["non_transferable"], surplus["lost_by_rounding"]) == ("0.33333", "0.00002")
    assert (exclusion["act"], exclusion["candidate"], exclusion["votes"]["c"]) == ("exclusion", "b", "2.66666")
    assert found.winners == ("a", "c")


def test_scottish_stv_settles_equal_surpluses_by_earlier_stages_and_rejects_papers_without_a_first_preference() -> None:
    found = count(ranked("abc", "4 a>c", "4 b>c", "1 ", "2 a=b", "1 c"), "stv-scottish", seats=2)
    assert (found.invalid, found.rounds[0]["quota"], found.winners) == (3, 4, ("a", "b"))


def test_scottish_stv_transfers_nothing_once_the_last_vacancies_are_filled() -> None:
    found = count(ranked("abc", "9 a>b", "1 b", "2 c"), "stv-scottish", seats=3)
    assert (len(found.rounds), found.winners) == (1, ("a", "c", "b"))
    assert found.rounds[0]["elected_to_last_vacancies"] == ["c", "b"]


def test_schulze_on_the_example_of_its_paper() -> None:
    """Schulze 2011, example 1 (45 voters, five candidates): ranking e, a, c, b, d."""
    orders = "5 acbed,5 adecb,8 bedac,3 cabed,7 caebd,2 cbade,7 dceba,8 ebadc".split(",")
    found = count(ranked("abcde", *(f"{line[0]} {'>'.join(line[2:])}" for line in orders)), "schulze")
    assert found.ranking == (("e",), ("a",), ("c",), ("b",), ("d",))
    assert found.rounds[0]["strongest_paths"]["d"] == {"a": 25, "b": 28, "c": 28, "e": 24}


def test_majority_judgment_takes_away_one_median_after_the_other() -> None:
    rows = [[0, 1], [1, 1], [1, 2], [4, 2]]
    found = count(of_kind(Kind.GRADE, 2, rows), "majority-judgment")
    assert found.rounds[0]["majority_grades"] == {"a": "very good", "b": "good"}
    assert found.scores == {"a": "4", "b": "3"}
    level = count(of_kind(Kind.GRADE, 2, [[0, 1], [1, 1], [2, 2]]), "majority-judgment")
    assert level.winners == ("a",)
    assert level.rounds[0]["compared"] == [
        {"candidates": ["a", "b"], "equal_middle_grades": 2, "then": ["excellent", "very good"]}
    ]


def test_blank_grades_are_the_worst_and_words_may_be_ones_own() -> None:
    profile = profile_of("ab", Kind.GRADE, [((0, 0),), ((0, 1), (1, 0))], grades=("yes", "no"))
    assert count(profile, "majority-judgment").rounds[0]["ballots_by_grade"] == {"a": [1, 1], "b": [1, 1]}


def test_dots_and_credits_hold_each_ballot_to_what_it_may_spend() -> None:
    rows = [[3, 1], [0, 2], [-1, 0]]
    dots = count(of_kind(Kind.POINTS, 2, rows), "cumulative", budget=Fraction(3))
    assert (dots.scores, dots.ballots, dots.invalid) == ({"a": "0", "b": "2"}, 1, 2)
    paid = count(of_kind(Kind.POINTS, 2, rows), "quadratic", budget=Fraction(10))
    assert (paid.scores, paid.ballots, paid.invalid) == ({"a": "3", "b": "3"}, 2, 1)
    assert count(of_kind(Kind.POINTS, 2, rows), "quadratic", budget=Fraction(9)).ballots == 1
    assert count(of_kind(Kind.POINTS, 2, rows), "cumulative").scores == {"a": "3", "b": "3"}


def budgeted(votes: str, costs: list[Any], budget: int, **more: Any) -> Profile:
    names = "abcdefgh"[: len(costs)]
    ballots = [tuple(names.index(name) for name in vote) for vote in votes.split()]
    return profile_of(names, Kind.APPROVE, ballots, costs=costs, budget=Fraction(budget), **more)


def test_greedy_and_its_rules() -> None:
    profile = budgeted("abcd abc ab a", [6, 5, 4, Fraction("0.5")], 10, threshold=Fraction(2))
    assert count(profile, "pb-greedy").winners == ("a", "c")
    assert count(profile, "pb-greedy", rule="greedy-no-skip").winners == ("a",)
    assert [step["because"] for step in count(profile, "pb-greedy", rule="greedy-no-skip").rounds] == [
        *("taken", "no_money", "stopped", "stopped")
    ]
    with_rest = budgeted("abcd abc ab a", [6, 5, 3, 1], 10, threshold=Fraction(2), rule="greedy-threshold")
    assert count(with_rest, "pb-greedy").winners == ("a", "c")
    assert count(with_rest, "pb-greedy", rule="greedy").winners == ("a", "c", "d")
    assert count(with_rest, "pb-greedy", budget=Fraction(0)).winners == ()


def test_greedy_reports_a_tie_only_where_the_money_does_not_reach_for_all_of_the_tied() -> None:
    assert count(budgeted("ab", [5, 5], 10), "pb-greedy").ties == ()
    assert count(budgeted("ab", [5, 50], 10), "pb-greedy").ties == ()
    found = count(budgeted("abc", [5, 6, 50], 10), "pb-greedy")
    assert (found.winners, ties_of(found)) == (("a",), [("money", ("a", "b"), ("a",), Settled.ORDER)])
    assert {count(budgeted("ab", [5, 6], 10), "pb-greedy", seed=bytes([n])).winners for n in range(8)} == {
        ("a",),
        ("b",),
    }


def test_equal_shares_by_hand() -> None:
    """Six for a and b, four for c: of 10 each group gets its part; greedy would give all to the larger."""
    votes = "ab " * 6 + "c " * 4
    found = count(budgeted(votes, [5, 4, 4], 10), "pb-equal-shares")
    assert (found.winners, found.rounds[0]["effective_votes"]) == (("b", "c"), "6.000000")
    assert count(budgeted(votes, [5, 4, 4], 10), "pb-greedy").winners == ("a", "b")


def test_equal_shares_settles_by_cost_then_votes_then_lot() -> None:
    found = count(budgeted("ab ab", [3, 2], 3), "pb-equal-shares")
    assert (found.winners[0], ties_of(found)[0]) == ("b", ("purchase", ("a", "b"), ("b",), Settled.RULE))
    level = count(budgeted("ab ab", [2, 2], 2), "pb-equal-shares")
    assert (level.winners, {tie.by for tie in level.ties}) == (("a",), {Settled.ORDER})


@pytest.mark.parametrize("method", sorted(BUDGET_METHODS))
def test_budgets_costs_and_options_that_make_no_sense_are_refused(method: str) -> None:
    free = profile_of("ab", Kind.APPROVE, [(0,)])
    for profile, terms, words in (
        (free, {}, "needs a budget"),
        (free, {"budget": Fraction(1)}, "the candidate a has none"),
        (budgeted("a", [1], 1), {"seats": 2}, "fills a budget, not a number of seats"),
        (budgeted("a", [1], 1, rule="lottery"), {} if method == "pb-greedy" else {"rule": "greedy"}, "rule"),
    ):
        with pytest.raises(Unsuited, match=words):
            count(profile, method, **terms)


def test_bradley_terry_by_hand() -> None:
    """One comparison, with the prior: log λ = ±x where 2 - 1/(1+e^-2x) - 2/(1+e^-x) = 0, by symmetry."""
    found = count(profile_of("abc", Kind.PAIR, [(0, 1)] * 40 + [(1, 0)] * 2), "bradley-terry")
    strong, weak = float(found.scores["a"]), float(found.scores["b"])
    assert (strong, found.scores["c"]) == (-weak, "0.000000000")
    assert abs(41 - 42 / (1 + 2.718281828459045 ** (weak - strong)) - 2 / (1 + 2.718281828459045**weak)) < 1e-6
    assert (found.winners, found.ranking[-1]) == (("a",), ("b",))
