"""Which places are free follows from the published changes alone."""

from hypothesis import given
from hypothesis import strategies as st

from crowd.core.vacancies import Change, by_rank, next_by_rank, vacancies

LEFT, CAME = ("selected", "declined"), ("declined", "selected")


def test_a_selection_that_ends_leaves_a_place_until_it_is_taken_up_again() -> None:
    assert vacancies([Change("a", *LEFT)]) == ("a",)
    assert vacancies([Change("a", *LEFT), Change("a", *CAME)]) == ()
    assert vacancies([Change("a", "selected", "not_selected"), Change("a", *CAME), Change("a", *LEFT)]) == ("a",)


def test_a_reserve_settles_the_place_it_takes_and_no_other() -> None:
    changes = [Change("a", *LEFT), Change("b", *LEFT), Change("c", "reserve", "selected", in_place_of="b")]
    assert vacancies(changes) == ("a",)
    assert vacancies([*changes, Change("c", *LEFT)]) == ("a", "c")


def test_a_place_that_stays_empty_is_settled() -> None:
    assert vacancies([Change("a", *LEFT), Change("a", "declined", "declined", in_place_of="a")]) == ()


def test_changes_between_other_outcomes_leave_no_place() -> None:
    assert vacancies([Change("a", "reserve", "not_selected"), Change("b", "not_selected", "reserve")]) == ()


names = st.sampled_from("abc")
outcomes = st.sampled_from(["selected", "declined", "reserve", "not_selected"])
changes = st.builds(Change[str], names, outcomes, outcomes, st.none() | names)


@given(st.lists(changes, max_size=12))
def test_no_more_places_are_free_than_selections_ended(made: list[Change[str]]) -> None:
    ended = [c.proposal for c in made if c.in_place_of is None and c.before == "selected" != c.after]
    free = list(vacancies(made))
    assert all(free.count(name) <= ended.count(name) for name in "abc")


def test_the_best_rank_is_called_and_nobody_where_it_is_shared_or_missing() -> None:
    assert next_by_rank(["x", "y"], {"x": 5, "y": 4}) == "y"
    assert next_by_rank(["x", "y", "z"], {"x": 4, "y": 4, "z": 5}) is None
    assert next_by_rank(["x"], {"x": None}) is None
    assert next_by_rank([], {}) is None
    assert by_rank(["x", "y", "z"], {"x": None, "y": 7, "z": 2}) == ["z", "y", "x"]
