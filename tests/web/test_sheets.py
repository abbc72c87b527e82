"""Sheets: nothing is computed, everything comes back."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.web.sheets import csv_text, plain_cell, safe_cell

FORMULAS = [
    '=HYPERLINK("http://bad.example")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1+1",
    "＝1",
    "|cmd",
    "%0A",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_like_a_formula_is_only_text(text: str) -> None:
    cell = safe_cell(text)
    assert cell == f"'{text}"
    assert plain_cell(cell) == text


def test_numbers_stay_numbers() -> None:
    assert csv_text(["a", "b", "c"], [{"a": -5, "b": None, "c": 0}]) == "a,b,c\r\n-5,,0\r\n"


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00")))
def test_reading_a_sheet_gives_back_every_text(text: str) -> None:
    rows = list(csv.reader(io.StringIO(csv_text(["a", "b"], [{"a": text, "b": 1}]), newline="")))
    assert plain_cell(rows[1][0]) == text
