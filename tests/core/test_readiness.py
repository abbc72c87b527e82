"""What stands between decisions and their publication."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from crowd.core.credit import WHOLE, accepted_shares
from crowd.core.rules import Component, SelectionRules, TieBreak
from crowd.core.selection import (
    Cut,
    Decision,
    Measure,
    Missing,
    Ranking,
    Readiness,
    differing,
    draw_line,
    incomplete,
    rank_candidates,
    readiness,
)
from crowd.core.status import Outcome

CROWD = SelectionRules(components=(Component("crowd", 100),), places=2)


def ranked(totals: dict[str, int], rules: SelectionRules = CROWD) -> tuple[Ranking, Cut]:
    ranking = rank_candidates(
        totals, {"crowd": {key: Measure(Fraction(value)) for key, value in totals.items()}}, rules
    )
    return ranking, draw_line(ranking, rules)


def judged(outcomes: dict[str, Outcome], totals: dict[str, int], rules: SelectionRules = CROWD) -> Readiness:
    ranking, cut = ranked(totals, rules)
    rows = [Decision(key, outcomes.get(key), has_reason=key in outcomes) for key in totals]
    return readiness(rows, ranking, cut, rules, {})


def test_following_the_numbers_asks_for_nothing() -> None:
    verdicts = {"a": Outcome.SELECTED, "b": Outcome.SELECTED, "c": Outcome.RESERVE}
    found = judged(verdicts, {"a": 9, "b": 7, "c": 3})
    assert found == Readiness(selected=2, reserve=1)
    assert not found.blocked
    assert not found.asks_justification


def test_each_kind_of_missing_decision_is_named() -> None:
    ranking, cut = ranked({"a": 9, "b": 7, "c": 3, "d": 1})
    rows = [
        Decision("a", Outcome.SELECTED, has_reason=True, staked=True),
        Decision("b"),
        Decision("c", Outcome.NOT_SELECTED),
        Decision("d", unscreened=True),
    ]
    found = readiness(rows, ranking, cut, CROWD, {})
    assert (found.unconfirmed, found.undecided, found.without_reason, found.unscreened) == (
        ("a",),
        ("b",),
        ("c",),
        ("d",),
    )
    assert found.blocked


def test_who_was_told_after_an_earlier_round_needs_no_verdict() -> None:
    ranking, cut = ranked({"a": 9})
    rows = [Decision("a", Outcome.SELECTED, has_reason=True), Decision("b", told=True)]
    found = readiness(rows, ranking, cut, CROWD, {})
    assert (found.not_selected, found.blocked) == (1, False)


def test_passing_over_a_proposed_one_asks_for_a_justification() -> None:
    found = judged({"a": Outcome.SELECTED, "b": Outcome.RESERVE, "c": Outcome.SELECTED}, {"a": 9, "b": 7, "c": 3})
    assert found.differing == ("b", "c")
    assert found.asks_justification


def test_going_beyond_the_places_is_counted() -> None:
    found = judged(dict.fromkeys("abc", Outcome.SELECTED), {"a": 9, "b": 7, "c": 3})
    assert (found.places_over, found.beyond, found.differing) == (1, True, ("c",))


def test_a_tie_at_the_line_is_for_people_to_settle() -> None:
    rules = SelectionRules(components=CROWD.components, places=2, tie_break=TieBreak.ORGANIZATION_DECIDES)
    ranking, cut = ranked({"a": 9, "b": 5, "c": 5}, rules)
    assert differing(ranking, cut, ["a", "c"]) == ()
    assert differing(ranking, cut, ["b", "c"]) == ("a",)


def test_without_a_line_only_leapfrogging_differs() -> None:
    rules = SelectionRules(components=CROWD.components)
    ranking, cut = ranked({"a": 9, "b": 7, "c": 7, "d": 3}, rules)
    assert differing(ranking, cut, ["a", "b"]) == ()
    assert differing(ranking, cut, ["b", "d"]) == ("a", "c")


def test_a_missing_review_is_incomplete_but_a_missing_round_is_not() -> None:
    rules = SelectionRules(components=(Component("jury", 100),))
    results = {"jury": {"a": Measure(Fraction(4)), "b": Measure(missing=Missing.INCOMPLETE)}}
    assert incomplete(rank_candidates(["a", "b", "c"], results, rules)) == ("b",)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, WHOLE), min_size=1))
def test_shares_of_those_who_accepted_make_a_whole(shares: dict[str, int]) -> None:
    grown = accepted_shares(shares, lead=next(iter(shares)))
    assert sum(grown.values()) == WHOLE
    assert grown.keys() == shares.keys()
    assert all(value >= 0 for value in grown.values())
    assert all(grown[a] >= grown[b] - 1 for a in shares for b in shares if shares[a] >= shares[b])


def test_agreed_shares_that_make_a_whole_stay() -> None:
    assert accepted_shares({"a": 5000, "b": 2500, "c": 2500}) == {"a": 5000, "b": 2500, "c": 2500}
    assert accepted_shares({"a": 5000, "b": 2500}, "a") == {"a": 6667, "b": 3333}
