"""What synthetic people write and choose fits every question and every method that a call may have."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.core.fields import BOUNDED, AnswerKind, Counted, CustomField, definition_faults, read_answers, unready
from crowd.core.rules import BudgetRule, Round, RoundKind, VotingMethod
from crowd.core.tally.choices import check
from crowd.rehearsals.actions.making_up import made_up_answer, made_up_ballot

KINDS = tuple(kind for kind in AnswerKind if kind is not AnswerKind.FILE)


@st.composite
def questions(draw: st.DrawFn) -> CustomField:
    """Well made questions that somebody can answer."""
    kind, counted = draw(st.sampled_from(KINDS)), draw(st.sampled_from(Counted))
    most = {AnswerKind.SHORT: 300, AnswerKind.LONG: 20_000}.get(kind, 300)
    reachable = most // 2 if counted is Counted.WORDS else most
    shortest = draw(st.none() | st.integers(1, reachable))
    least, decimals = "", draw(st.integers(0, 3))
    if kind is AnswerKind.NUMBER:
        least = draw(st.sampled_from(["", "0.25", "-7.5", "1200", "0"]))
    elif kind is AnswerKind.DATE:
        least = draw(st.sampled_from(["", "2031-05-12"]))
    more = {AnswerKind.NUMBER: "50000", AnswerKind.DATE: date(2040, 1, 1).isoformat()}.get(kind, "")
    return CustomField(
        "it",
        kind,
        "Label",
        required=True,
        choices=("Sun", "Shade"),
        most_choices=draw(st.none() | st.just(1)),
        shortest=shortest,
        longest=draw(st.none() | st.integers(shortest or 1, most)),
        counted=counted,
        least=least,
        most=draw(st.sampled_from(["", more])) if kind in BOUNDED else "",
        decimals=decimals,
    )


@given(questions())
def test_every_question_gets_an_answer_that_is_complete(asked: CustomField) -> None:
    assert list(definition_faults(asked, ())) == []
    reading = read_answers([asked], {"it": made_up_answer(asked)})
    assert reading.faults == ()
    assert unready([asked], reading.answers) == ()


NEEDED: dict[VotingMethod, dict[str, Any]] = {
    VotingMethod.CUMULATIVE: {"points": 7},
    VotingMethod.QUADRATIC: {"points": 7},
    VotingMethod.PB_GREEDY: {"budget": 40},
    VotingMethod.EQUAL_SHARES: {"budget": 40, "budget_rule": BudgetRule.GREEDY},
}


@pytest.mark.parametrize("method", VotingMethod)
@given(number=st.integers(1, 9), place=st.integers(0, 60), most=st.none() | st.integers(1, 6))
def test_every_method_gets_ballots_that_are_well_formed(
    method: VotingMethod, number: int, place: int, most: int | None
) -> None:
    rules = Round("crowd", RoundKind.VOTE, "voting", "Vote", method=method, max_choices=most, **NEEDED.get(method, {}))
    listed = [f"p{each}" for each in range(number)]
    costs = {key: 12 + 7 * each for each, key in enumerate(listed)}
    ballot = made_up_ballot(listed, place, rules, costs)
    kept = check(ballot, listed, rules, costs)
    assert kept == ballot
    assert kept.count > 0 or number == 1 or method in {VotingMethod.PB_GREEDY, VotingMethod.EQUAL_SHARES}
