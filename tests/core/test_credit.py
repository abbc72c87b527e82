"""Roles and shares of a team."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.core.credit import CreditRole, ShareFault, equal_shares, percent_text, read_percent, share_faults


@given(st.lists(st.text(max_size=5), min_size=1, max_size=40, unique=True), st.data())
def test_equal_shares_sum_to_the_whole_and_differ_by_a_point_at_most(people: list[str], data: st.DataObject) -> None:
    lead = data.draw(st.sampled_from(people))
    shares = equal_shares(people, lead)
    assert list(shares) == people
    assert share_faults(shares) == ()
    assert max(shares.values()) - min(shares.values()) <= 1
    assert shares[lead] == max(shares.values())


def test_three_people_share_by_largest_remainder_lead_first() -> None:
    assert equal_shares(["ana", "bo", "cy"], lead="bo") == {"ana": 3333, "bo": 3334, "cy": 3333}
    assert equal_shares(["ana", "bo", "cy", "di", "ed", "fay"], lead="cy") == {
        "ana": 1667,
        "bo": 1667,
        "cy": 1667,
        "di": 1667,
        "ed": 1666,
        "fay": 1666,
    }


@pytest.mark.parametrize(("people", "lead"), [([], None), (["ana", "ana"], None), (["ana"], "bo")])
def test_shares_of_nobody_or_of_a_strange_team_are_refused(people: list[str], lead: str | None) -> None:
    with pytest.raises(ValueError, match="at least one person"):
        equal_shares(people, lead)


def test_everything_wrong_with_shares_is_named() -> None:
    assert share_faults({}) == (ShareFault("no_people"),)
    assert share_faults({"ana": 10_000, "bo": 0}) == ()
    assert share_faults({"ana": 9_000, "bo": -1}) == (
        ShareFault("negative", "bo", -1),
        ShareFault("not_whole", value=8_999),
    )


@given(st.integers(0, 99_999))
def test_a_percentage_reads_back(points: int) -> None:
    assert read_percent(percent_text(points)) == points


@pytest.mark.parametrize(
    ("text", "points"), [("33.33", 3333), ("33,3", 3330), (" 50 % ", 5000), ("0.05", 5), ("100", 10_000)]
)
def test_percentages_as_people_write_them(text: str, points: int) -> None:
    assert read_percent(text) == points


@pytest.mark.parametrize("text", ["", "-1", "33.333", "half", "1e2", "٣"])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a percentage"):
        read_percent(text)


def test_the_roles_are_the_fourteen_of_the_standard() -> None:
    assert len(CreditRole) == 14
    assert (
        CreditRole("writing-review-editing").url == "https://credit.niso.org/contributor-roles/writing-review-editing/"
    )
