"""Merge fields in reasons and letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.core.merging import fields_of, merge, unknown_fields


def test_each_field_becomes_its_value() -> None:
    assert merge("Rank {rank} of {ranked}.", {"rank": "3", "ranked": "12"}) == "Rank 3 of 12."


def test_an_empty_value_leaves_no_gap() -> None:
    assert merge("Rank {rank}. {jury} {crowd}", {"rank": "3", "jury": "", "crowd": "40 votes."}) == "Rank 3. 40 votes."


def test_braces_that_are_no_field_stay() -> None:
    assert merge("{Rank} {} { rank }", {}) == "{Rank} {} { rank }"


@given(st.text())
def test_a_value_is_never_merged_again(text: str) -> None:
    assert merge("{title}", {"title": text + "{rank}", "rank": "1"}) == text + "{rank}"


def test_unknown_fields_are_named_once() -> None:
    assert unknown_fields("{rank} {mood} {mood} {colour}", {"rank"}) == ["mood", "colour"]
    assert fields_of("{rank} and {rank}") == ["rank"]
    with pytest.raises(KeyError):
        merge("{mood}", {"rank": "1"})
