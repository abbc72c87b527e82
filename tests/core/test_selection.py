"""Combining components, gates, ties and the line under the ranking."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.core.rules import Component, CountRule, Criterion, Field, FieldKind, Gate, GateKind, SelectionRules, TieBreak
from crowd.core.scoring import jury_score
from crowd.core.selection import (
    Cut,
    EntryCode,
    Fate,
    Measure,
    Missing,
    Ranking,
    choose_field,
    draw_line,
    from_jury,
    from_tally,
    rank_candidates,
)
from crowd.core.selection.cut import beyond
from crowd.core.tally.greedy import count_greedy
from tests.core.counting import count_approval

NAMES = ["ash", "birch", "cedar", "doug", "elm", "fir"]
WEIGHED = SelectionRules(components=(Component("crowd", 40), Component("jury", 60)))
CROWD = SelectionRules(components=(Component("crowd", 100),))
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
values = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 4).map(Fraction), min_size=1)


def said(**numbers: float) -> dict[str, Measure]:
    return {
        name: Measure(Fraction(number), supports=int(number), mean=Fraction(number)) for name, number in numbers.items()
    }


def ranked(*groups: Sequence[str]) -> Ranking:
    numbers = {name: len(groups) - place for place, group in enumerate(groups) for name in group}
    return rank_candidates(list(numbers), {"crowd": said(**numbers)}, CROWD)


def cut(ranking: Ranking, rules: SelectionRules, costs: Mapping[str, int] | None = None) -> Cut:
    return draw_line(ranking, rules, costs)


def test_two_components_by_hand() -> None:
    results = {"crowd": said(ash=50, birch=30, cedar=30), "jury": said(ash=2, birch=4, cedar=3)}
    ranking = rank_candidates(["ash", "birch", "cedar"], results, WEIGHED)
    assert [(p.candidate, p.rank, p.total) for p in ranking.placements] == [
        ("birch", 1, Fraction(7, 10)),  # 40 % of 1/4, 60 % of 1
        ("ash", 2, Fraction(2, 5)),  # 40 % of 1, 60 % of 0
        ("cedar", 2, Fraction(2, 5)),  # 40 % of 1/4, 60 % of 1/2
    ]
    crowd, jury = ranking.by_candidate["cedar"].parts
    assert (crowd.beaten, crowd.tied, crowd.others) == (0, 1, 2)
    assert (crowd.share, crowd.contribution) == (Fraction(1, 4), Fraction(1, 10))
    assert (jury.value, jury.beaten, jury.tied, jury.others) == (Fraction(3), 1, 0, 2)
    assert (jury.share, jury.contribution) == (Fraction(1, 2), Fraction(3, 10))
    assert ranking.groups == (("birch",), ("ash", "cedar"))


@given(values, values, st.integers(0, 100))
def test_the_total_equals_a_naive_count_of_the_others_beaten(
    crowd: dict[str, Fraction], jury: dict[str, Fraction], weight: int
) -> None:
    rules = SelectionRules(components=(Component("crowd", weight), Component("jury", 100 - weight)))
    results = {key: {name: Measure(value) for name, value in column.items()} for key, column in _named(crowd, jury)}
    field = sorted(set(crowd) & set(jury))
    for placement in rank_candidates(NAMES, results, rules).placements:
        if placement.candidate not in field:
            assert (placement.rank, placement.total) == (None, None)
            continue
        shares = [_naive_share(placement.candidate, column, field) for column in (crowd, jury)]
        assert placement.total == (shares[0] * weight + shares[1] * (100 - weight)) / 100


def _named(crowd: dict[str, Fraction], jury: dict[str, Fraction]) -> tuple[tuple[str, dict[str, Fraction]], ...]:
    return (("crowd", crowd), ("jury", jury))


def _naive_share(name: str, column: Mapping[str, Fraction], field: Sequence[str]) -> Fraction:
    others = [other for other in field if other != name]
    points = [Fraction(2 if column[name] > column[o] else int(column[name] == column[o]), 2) for o in others]
    return sum(points, Fraction(0)) / len(others) if others else Fraction(1)


@given(values, st.randoms(use_true_random=False))
def test_ranks_are_one_plus_the_candidates_above_in_any_order(crowd: dict[str, Fraction], rng: random.Random) -> None:
    results = {"crowd": {name: Measure(value) for name, value in crowd.items()}}
    ranking = rank_candidates(list(crowd), results, CROWD)
    for placement in ranking.placements:
        assert placement.rank == 1 + sum(value > crowd[placement.candidate] for value in crowd.values())
    shuffled = dict(rng.sample(sorted(crowd.items()), len(crowd)))
    assert ranking == rank_candidates(list(shuffled), {"crowd": {n: Measure(v) for n, v in shuffled.items()}}, CROWD)


def test_a_candidate_alone_gets_the_whole_share() -> None:
    placement = rank_candidates(["ash"], {"crowd": said(ash=0)}, CROWD).placements[0]
    assert (placement.rank, placement.total, placement.parts[0].others) == (1, Fraction(1), 0)


def test_a_withdrawn_candidate_is_compared_with_nobody() -> None:
    votes = count_approval([["ash", "birch"], ["birch"]], ["ash", "birch", "cedar"], without=["birch"])
    ranking = rank_candidates(["ash", "cedar"], {"crowd": from_tally(votes)}, CROWD)
    assert [(p.candidate, p.total, p.parts[0].others) for p in ranking.placements] == [
        ("ash", Fraction(1), 1),
        ("cedar", Fraction(0), 1),
    ]


def test_an_incomplete_jury_component_leaves_its_candidate_without_a_rank_but_in_the_comparison() -> None:
    rubric = (Criterion("need", "Need", 1, ("no", "some", "much")),)
    jury = {
        "ash": jury_score(rubric, [{"need": 2}], min_reviews=2),
        "birch": jury_score(rubric, [{"need": 1}, {"need": 2}], min_reviews=2),
        "cedar": jury_score(rubric, [{"need": 0}, {"need": 1}], min_reviews=2),
    }
    results = {"crowd": said(ash=2, birch=3, cedar=1), "jury": from_jury(jury)}
    placements = rank_candidates(["ash", "birch", "cedar"], results, WEIGHED).by_candidate
    assert [(p.round, p.missing) for p in placements["ash"].missing] == [("jury", Missing.INCOMPLETE)]
    assert (placements["ash"].rank, placements["ash"].total) == (None, None)
    assert [part.others for part in placements["birch"].parts] == [2, 1]
    assert (placements["birch"].rank, placements["cedar"].rank) == (1, 2)


def test_a_candidate_that_did_not_stand_in_a_round_is_outside_the_field() -> None:
    results = {"crowd": said(ash=9, birch=3, cedar=1), "jury": said(birch=1, cedar=2)}
    placements = rank_candidates(["ash", "birch", "cedar"], results, WEIGHED).by_candidate
    assert placements["ash"].parts[0].share is None
    assert [(p.round, p.missing) for p in placements["ash"].missing] == [("jury", Missing.NOT_IN_ROUND)]
    assert [part.others for part in placements["birch"].parts] == [1, 1]


def test_gates_are_joined_by_and_and_each_one_failed_is_named() -> None:
    gates = (
        Gate(GateKind.LEAST_SUPPORTS, "crowd", "50"),
        Gate(GateKind.LEAST_MEDIAN, "jury", "5/2"),
        Gate(GateKind.LEAST_REVIEWS, "jury", "2"),
    )
    results = {
        "crowd": {"ash": Measure(Fraction(60), supports=60), "birch": Measure(Fraction(49), supports=49)},
        "jury": {
            "ash": Measure(Fraction(3), median=Fraction(5, 2), reviews=2),
            "birch": Measure(Fraction(4), median=Fraction(9, 4), reviews=3),
        },
    }
    placements = rank_candidates(["ash", "birch"], results, SelectionRules(WEIGHED.components, gates)).by_candidate
    assert (placements["ash"].rank, placements["ash"].failed) == (1, ())
    assert [(f.gate.kind, f.least, f.value) for f in placements["birch"].failed] == [
        (GateKind.LEAST_SUPPORTS, 50, 49),
        (GateKind.LEAST_MEDIAN, Fraction(5, 2), Fraction(9, 4)),
    ]
    assert (placements["birch"].rank, placements["birch"].total) == (None, Fraction(3, 5))


def test_a_gate_on_something_the_round_does_not_measure_fails() -> None:
    rules = SelectionRules(CROWD.components, (Gate(GateKind.LEAST_REVIEWS, "crowd", "1"),))
    placement = rank_candidates(["ash"], {"crowd": said(ash=1)}, rules).placements[0]
    assert [failed.value for failed in placement.failed] == [None]


def test_without_components_nobody_is_ranked() -> None:
    assert [p.rank for p in rank_candidates(["ash"], {}, SelectionRules()).placements] == [None]


def test_weights_that_sum_to_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="sum to more than 0"):
        rank_candidates(["ash"], {"crowd": said(ash=1)}, SelectionRules((Component("crowd", 0),)))


def test_the_line_follows_places() -> None:
    drawn = cut(ranked(["ash"], ["birch"], ["cedar"], ["doug"]), SelectionRules(places=2))
    assert drawn.proposed == ("ash", "birch")
    assert drawn.fates["cedar"] is Fate.NO_PLACE
    assert drawn.fates["doug"] is Fate.BELOW_LINE
    assert (drawn.places_left, drawn.straddling, drawn.settled_by) == (0, (), None)


def test_the_line_stops_at_the_first_that_does_not_fit_the_budget_and_greedy_goes_on() -> None:
    ranking, costs = ranked(["ash"], ["birch"], ["cedar"]), {"ash": 60, "birch": 50, "cedar": 40}
    assert cut(ranking, SelectionRules(budget=100), costs).proposed == ("ash",)
    greedy = cut(ranking, SelectionRules(budget=100, count=CountRule.GREEDY), costs)
    assert greedy.proposed == ("ash", "cedar")
    assert [(step.fate, step.money_left) for step in greedy.steps] == [(Fate.IN, 40), (Fate.NO_MONEY, 40), (Fate.IN, 0)]


ELECTED = SelectionRules(count=CountRule.ELECTED, places=1, budget=5)


def test_where_the_vote_elects_its_elected_are_proposed_in_their_order_and_nobody_else() -> None:
    ranking = ranked(["ash"], ["birch", "cedar"], ["doug"])
    drawn = draw_line(ranking, ELECTED, {"cedar": 60}, elected=["cedar", "ash"])
    assert [(step.candidate, step.rank, step.fate) for step in drawn.steps] == [
        ("cedar", 2, Fate.IN),
        ("ash", 1, Fate.IN),
        ("birch", 2, Fate.NOT_ELECTED),
        ("doug", 4, Fate.NOT_ELECTED),
    ]
    assert (drawn.proposed, drawn.tied, drawn.settled_by) == (("cedar", "ash"), (), None)
    assert beyond(drawn.proposed, ELECTED, {"cedar": 60}) == (0, 0)


def test_before_the_count_of_the_vote_that_elects_nothing_is_proposed_and_with_nobody_elected_nobody() -> None:
    assert draw_line(ranked(["ash"]), ELECTED).steps == ()
    assert draw_line(ranked(["ash"]), ELECTED, elected=[]).fates == {"ash": Fate.NOT_ELECTED}


def test_an_elected_one_who_left_or_fails_a_gate_is_not_proposed() -> None:
    assert draw_line(ranked(["ash"]), ELECTED, elected=["gone", "ash"]).proposed == ("ash",)


def test_a_tie_straddling_the_line_is_left_to_the_organization() -> None:
    drawn = cut(ranked(["ash"], ["birch", "cedar"], ["doug"]), SelectionRules(places=2))
    assert (drawn.proposed, drawn.tied) == (("ash",), ("birch", "cedar"))
    assert (drawn.places_left, drawn.fates["doug"]) == (1, Fate.BELOW_LINE)
    assert (drawn.straddling, drawn.settled_by) == (("birch", "cedar"), TieBreak.ORGANIZATION_DECIDES)


def test_a_tie_that_ends_at_the_line_is_no_matter() -> None:
    drawn = cut(ranked(["ash", "birch"], ["cedar"]), SelectionRules(places=2))
    assert (drawn.proposed, drawn.straddling, drawn.settled_by) == (("ash", "birch"), (), None)


def test_all_tied_pass_goes_beyond_the_places() -> None:
    rules = SelectionRules(places=2, tie_break=TieBreak.ALL_TIED_PASS)
    drawn = cut(ranked(["ash"], ["birch", "cedar"], ["doug"]), rules)
    assert (drawn.proposed, drawn.places_left) == (("ash", "birch", "cedar"), -1)
    assert drawn.fates["doug"] is Fate.NO_PLACE
    assert beyond(drawn.proposed, rules, {}) == (1, 0)


def test_the_earlier_submission_breaks_a_tie_and_equal_times_do_not() -> None:
    rules = SelectionRules(places=2, tie_break=TieBreak.EARLIER_SUBMISSION)
    ranking = ranked(["ash"], ["birch", "cedar", "doug"])
    later = {"birch": NOON + timedelta(seconds=1), "cedar": NOON, "doug": NOON + timedelta(hours=1)}
    drawn = draw_line(ranking, rules, submitted=later)
    assert (drawn.proposed, drawn.settled_by) == (("ash", "cedar"), TieBreak.EARLIER_SUBMISSION)
    assert drawn.straddling == ("birch", "cedar", "doug")
    equal = draw_line(ranking, rules, submitted=dict.fromkeys(NAMES, NOON))
    assert (equal.proposed, equal.tied) == (("ash",), ("birch", "cedar", "doug"))
    assert equal.settled_by is TieBreak.ORGANIZATION_DECIDES


def test_under_greedy_all_below_an_open_tie_waits() -> None:
    rules = SelectionRules(budget=100, count=CountRule.GREEDY)
    costs = {"ash": 70, "birch": 80, "cedar": 200, "doug": 10}
    drawn = cut(ranked(["ash", "birch", "cedar"], ["doug"]), rules, costs)
    assert drawn.fates == {"ash": Fate.TIED, "birch": Fate.TIED, "cedar": Fate.NO_MONEY, "doug": Fate.WAITS}


def test_a_proposal_without_a_cost_is_not_placed_within_a_budget() -> None:
    drawn = draw_line(ranked(["ash"], ["birch"]), SelectionRules(budget=5, count=CountRule.GREEDY), {"birch": 5})
    assert drawn.fates == {"ash": Fate.NO_COST, "birch": Fate.IN}


@pytest.mark.parametrize("rules", [SelectionRules(), SelectionRules(count=CountRule.NONE, places=2)])
def test_without_a_limit_or_a_count_nothing_is_proposed(rules: SelectionRules) -> None:
    assert cut(ranked(["ash"]), rules).steps == ()


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30), st.integers(0, 5)), min_size=1, max_size=6),
    st.integers(0, 60),
    st.integers(1, 6),
    st.sampled_from(list(TieBreak)),
    st.sampled_from([CountRule.CUT_LINE, CountRule.GREEDY]),
)
def test_a_line_keeps_its_limits_and_never_tells_equals_apart_without_a_rule(
    rows: list[tuple[int, int, int]], budget: int, places: int, tie: TieBreak, count: CountRule
) -> None:
    names = NAMES[: len(rows)]
    ranking = rank_candidates(names, {"crowd": said(**{n: r[0] for n, r in zip(names, rows, strict=True)})}, CROWD)
    costs = {name: row[1] for name, row in zip(names, rows, strict=True)}
    times = {name: NOON + timedelta(minutes=row[2]) for name, row in zip(names, rows, strict=True)}
    rules = SelectionRules(places=places, budget=budget, tie_break=tie, count=count)
    drawn = draw_line(ranking, rules, costs, times)
    assert [step.candidate for step in drawn.steps if step.rank == 1] != []
    assert sorted(step.candidate for step in drawn.steps) == names
    if tie is not TieBreak.ALL_TIED_PASS:
        assert beyond(drawn.proposed, rules, costs) == (0, 0)
    for group in ranking.groups:
        fates = {drawn.fates[name] for name in group}
        if tie is TieBreak.ALL_TIED_PASS:
            assert Fate.TIED not in fates
        if tie is TieBreak.ORGANIZATION_DECIDES and count is CountRule.CUT_LINE and Fate.IN in fates:
            assert fates == {Fate.IN}


@given(st.permutations(NAMES), st.lists(st.integers(0, 30), min_size=6, max_size=6), st.integers(0, 80))
def test_the_greedy_line_without_ties_is_the_greedy_budget_rule(
    order: list[str], prices: list[int], budget: int
) -> None:
    costs = dict(zip(NAMES, prices, strict=True))
    drawn = cut(ranked(*[[name] for name in order]), SelectionRules(budget=budget, count=CountRule.GREEDY), costs)
    expected = count_greedy(order, costs, budget)
    assert (drawn.proposed, drawn.money_left) == (expected.taken, expected.left)


def test_all_enter_a_round_that_takes_the_whole_field() -> None:
    choice = choose_field(Field(), ["birch", "ash"], {})
    assert (choice.entered, choice.left_out) == (("ash", "birch"), ())


def test_the_best_of_an_earlier_round_enter_and_ties_at_the_line_all_pass() -> None:
    field = Field(FieldKind.BEST, source="crowd", best=2)
    choice = choose_field(field, NAMES[:5], {"crowd": said(ash=9, birch=5, cedar=5, doug=1)})
    assert choice.entered == ("ash", "birch", "cedar")
    assert choice.tied_at_the_line == ("birch", "cedar")
    assert [(e.candidate, e.code, e.rank, e.missing) for e in choice.left_out] == [
        ("doug", EntryCode.BELOW_BEST, 4, None),
        ("elm", EntryCode.NO_VALUE, None, Missing.NOT_IN_ROUND),
    ]


@given(values, st.integers(1, 7))
def test_nobody_left_out_of_the_best_equals_one_who_enters(crowd: dict[str, Fraction], best: int) -> None:
    results = {"crowd": {name: Measure(value) for name, value in crowd.items()}}
    choice = choose_field(Field(FieldKind.BEST, source="crowd", best=best), list(crowd), results)
    assert len(choice.entered) >= min(best, len(crowd))
    worst = min(crowd[name] for name in choice.entered)
    assert all(crowd[entry.candidate] < worst for entry in choice.left_out)
    assert sum(crowd[name] > worst for name in choice.entered) < best


def test_those_over_the_gates_enter() -> None:
    field = Field(FieldKind.GATES, gates=(Gate(GateKind.LEAST_SUPPORTS, "crowd", "3"),))
    choice = choose_field(field, ["ash", "birch"], {"crowd": said(ash=3, birch=2)})
    assert choice.entered == ("ash",)
    assert [(e.candidate, e.code, e.failed[0].value) for e in choice.left_out] == [
        ("birch", EntryCode.FAILED_GATE, Fraction(2))
    ]


def test_the_best_of_no_round_are_refused() -> None:
    with pytest.raises(ValueError, match="need its key"):
        choose_field(Field(FieldKind.BEST), ["ash"], {})
