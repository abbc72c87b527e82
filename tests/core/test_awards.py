"""Prizes are split to the unit, and their parts move only as they may."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.core.awards import PartMove, PartState, amount_text, next_state, read_amount, split
from crowd.core.errors import IllegalMove

amounts = st.integers(0, 10**15)
teams = st.dictionaries(st.text(max_size=3), st.integers(0, 10_000), min_size=1, max_size=12)


@given(amounts, teams)
def test_the_parts_sum_to_the_prize(amount: int, shares: dict[str, int]) -> None:
    parts = split(amount, shares)
    assert (list(parts), sum(parts.values())) == (list(shares), amount)


@given(amounts, teams)
def test_whoever_has_a_larger_share_never_gets_less(amount: int, shares: dict[str, int]) -> None:
    parts = split(amount, shares)
    assert [
        (one, other) for one in shares for other in shares if shares[one] > shares[other] and parts[one] < parts[other]
    ] == []


@given(amounts, teams)
def test_nobody_is_more_than_a_unit_from_the_exact_share(amount: int, shares: dict[str, int]) -> None:
    parts, total = split(amount, shares), sum(shares.values())
    if total:
        assert all(abs(parts[one] * total - amount * share) < total for one, share in shares.items())


@given(amounts, teams)
def test_a_share_of_nothing_receives_nothing_beside_others(amount: int, shares: dict[str, int]) -> None:
    if any(shares.values()):
        assert [one for one, part in split(amount, shares).items() if part and not shares[one]] == []


@given(amounts, teams)
def test_the_same_split_comes_out_the_same(amount: int, shares: dict[str, int]) -> None:
    assert split(amount, shares) == split(amount, dict(shares))


def test_what_does_not_divide_goes_to_the_largest_remainders_then_by_order() -> None:
    assert split(100, {"a": 3333, "b": 3333, "c": 3334}) == {"a": 33, "b": 33, "c": 34}
    assert split(10, {"a": 1, "b": 1, "c": 1}) == {"a": 4, "b": 3, "c": 3}
    assert split(5, {"a": 0, "b": 0}) == {"a": 3, "b": 2}


@pytest.mark.parametrize(("amount", "shares"), [(1, {}), (-1, {"a": 1}), (1, {"a": -1})])
def test_what_cannot_be_split_is_refused(amount: int, shares: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="amount"):
        split(amount, shares)


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("1200", "EUR", 120_000),
        ("1 200,50", "EUR", 120_050),
        ("0.5", "USD", 50),
        ("1200", "JPY", 1200),
        ("1.234", "KWD", 1234),
        (" 7 ", "CLP", 7),
        ("1\u00a0000\u00a0000", "EUR", 100_000_000),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, currency: str, amount: int) -> None:
    assert read_amount(text, currency) == amount


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("", "EUR"),
        ("-1", "EUR"),
        ("1.234", "EUR"),
        ("1,5", "JPY"),
        ("0", "EUR"),
        ("1e3", "EUR"),
        ("9" * 40, "EUR"),
        ("1 20", "EUR"),
        ("٣", "EUR"),
        ("10000000000001", "EUR"),
    ],
)
def test_what_is_no_amount_is_refused(text: str, currency: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        read_amount(text, currency)


@given(st.integers(1, 10**15), st.sampled_from(["EUR", "JPY", "KWD", "CLF"]))
def test_an_amount_written_is_read_back(amount: int, currency: str) -> None:
    assert read_amount(amount_text(amount, currency), currency) == amount


def test_a_part_is_paid_only_after_it_was_accepted_unless_nobody_can_answer() -> None:
    assert next_state(PartMove.PAY, next_state(PartMove.ACCEPT, PartState.DUE)) is PartState.PAID
    assert next_state(PartMove.PAY, PartState.DUE, answers=False) is PartState.PAID
    assert next_state(PartMove.UNPAY, PartState.PAID, answers=False) is PartState.DUE
    for move, state in [
        (PartMove.PAY, PartState.DUE),
        (PartMove.PAY, PartState.DECLINED),
        (PartMove.DECLINE, PartState.PAID),
        (PartMove.ACCEPT, PartState.PAID),
    ]:
        with pytest.raises(IllegalMove):
            next_state(move, state)
