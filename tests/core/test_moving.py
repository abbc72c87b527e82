"""Votes that follow a merged candidate: nobody counts twice, nobody loses what they said, and the ballot stays one."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from crowd.core.rules import Round, RoundKind, VotingMethod
from crowd.core.tally.choices import KIND_OF, Choices, check
from crowd.core.tally.moving import moved
from crowd.core.tally.profile import Kind

LISTED = ("a", "b", "c", "d")
ROUND = Round("r", RoundKind.VOTE, "voting", "Vote", points=100, max_choices=4)


def of(method: VotingMethod, **marks: int) -> Choices:
    return moved(Choices(marks), replace(ROUND, method=method), "b", "a")


def test_a_mark_moves_and_two_become_one() -> None:
    assert of(VotingMethod.APPROVAL, b=1, c=1) == Choices({"a": 1, "c": 1})
    assert of(VotingMethod.APPROVAL, a=1, b=1) == Choices({"a": 1})


def test_the_better_score_grade_or_place_holds() -> None:
    assert of(VotingMethod.SCORE, a=2, b=5) == Choices({"a": 5})
    assert of(VotingMethod.MAJORITY_JUDGMENT, a=3, b=1) == Choices({"a": 1})
    assert of(VotingMethod.IRV, a=4, b=2, c=1) == Choices({"a": 2, "c": 1})


def test_dots_add_up_but_votes_that_cost_squares_do_not() -> None:
    assert of(VotingMethod.CUMULATIVE, a=3, b=4) == Choices({"a": 7})
    assert of(VotingMethod.QUADRATIC, a=3, b=4) == Choices({"a": 4})


def test_a_ballot_that_does_not_name_it_stays_the_same() -> None:
    ballot = Choices({"a": 1, "c": 1})
    assert moved(ballot, ROUND, "b", "a") is ballot


def test_of_pairs_what_was_said_of_the_other_itself_comes_first() -> None:
    pairs = (("b", "a"), ("b", "c"), ("c", "a"), ("d", "b"))
    found = moved(Choices(pairs=pairs), replace(ROUND, method=VotingMethod.BRADLEY_TERRY), "b", "a")
    assert found == Choices(pairs=(("c", "a"), ("d", "a")))


MARKS = st.dictionaries(st.sampled_from(LISTED), st.integers(1, 5), min_size=1)
PLACES = st.lists(st.sampled_from(LISTED), unique=True, min_size=1).map(
    lambda names: {name: place for place, name in enumerate(names, start=1)}
)


@given(st.sampled_from(sorted(set(VotingMethod) - {VotingMethod.BRADLEY_TERRY})), MARKS, PLACES)
def test_a_moved_ballot_is_a_ballot_of_the_same_voter_without_the_merged_one(
    method: VotingMethod, marks: dict[str, int], places: dict[str, int]
) -> None:
    round_ = replace(ROUND, method=method)
    kind = KIND_OF[method]
    said = places if kind is Kind.RANK else dict.fromkeys(marks, 1) if kind is Kind.APPROVE else marks
    before = check(Choices(said), LISTED, round_)
    after = check(moved(before, round_, "b", "a"), LISTED, round_)
    assert after.named == {"a" if name == "b" else name for name in before.named}
    if kind is not Kind.RANK:  # places close up
        assert {key: after.of(key) for key in after.named - {"a"}} == {
            key: before.of(key) for key in after.named - {"a"}
        }


@given(st.lists(st.permutations(LISTED).map(lambda names: (names[0], names[1])), max_size=6))
def test_moved_pairs_neither_repeat_nor_contradict(pairs: list[tuple[str, str]]) -> None:
    once = list({frozenset(pair): pair for pair in pairs}.values())
    round_ = replace(ROUND, method=VotingMethod.BRADLEY_TERRY)
    found = moved(Choices(pairs=tuple(once)), round_, "b", "a")
    assert check(found, LISTED, round_) == found
    assert "b" not in found.named
