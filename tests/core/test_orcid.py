"""ORCID iDs: the checksum of ISO 7064 mod 11-2."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.core.badges.orcid import checksum, read_orcid


@pytest.mark.parametrize(
    "text",
    [
        "0000-0002-1825-0097",
        "0000000218250097",
        "https://orcid.org/0000-0002-1825-0097",
        " http://www.orcid.org/0000-0002-1825-0097/ ",
    ],
)
def test_an_id_is_read_from_every_way_people_write_it(text: str) -> None:
    assert read_orcid(text) == "0000-0002-1825-0097"


def test_the_checksum_ten_is_written_x() -> None:
    assert read_orcid("0000-0002-1694-233x") == "0000-0002-1694-233X"


@given(st.text("0123456789", min_size=15, max_size=15), st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(digits: str, place: int, by: int) -> None:
    right = digits + checksum(digits)
    wrong = f"{right[:place]}{(int(right[place]) + by) % 10}{right[place + 1 :]}"
    assert read_orcid(right).replace("-", "") == right
    with pytest.raises(ValueError, match=wrong):
        read_orcid(wrong)


@pytest.mark.parametrize(
    "text", ["", "0000-0002-1825-009", "https://example.org/0000-0002-1825-0097", "٠٠٠٠-0002-1825-0097"]
)
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        read_orcid(text)
