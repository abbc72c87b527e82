"""Custom fields: what fits, what does not and why; reading twice changes nothing."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.core.fields import (
    AnswerKind,
    Counted,
    CustomField,
    cell_text,
    definition_faults,
    number_of,
    number_text,
    read_answers,
    unready,
)

TOPICS = ("Shade", "Water", "Play, and games")


def asked(kind: AnswerKind, **more: Any) -> CustomField:
    return CustomField("it", kind, "Label", **more)


def read(field: CustomField, raw: object) -> Any:
    """The answer, or the code and values of what is wrong."""
    reading = read_answers([field], {"it": raw})
    return (reading.faults[0].code, dict(reading.faults[0].values)) if reading.faults else reading.answers["it"]


@pytest.mark.parametrize(
    ("field", "raw", "expected"),
    [
        (asked(AnswerKind.SHORT), "  two\n words ", "two words"),
        (asked(AnswerKind.SHORT), " \n", None),
        (asked(AnswerKind.SHORT, longest=3), "four", ("answer_many_characters", {"most": 3, "count": 4})),
        (asked(AnswerKind.SHORT), "x" * 301, ("answer_many_characters", {"most": 300, "count": 301})),
        (asked(AnswerKind.SHORT), 5, ("answer_no_text", {})),
        (asked(AnswerKind.LONG), "a\r\nb\x00\x1b", "a\nb"),
        (
            asked(AnswerKind.LONG, longest=2, counted=Counted.WORDS),
            "one two three",
            ("answer_many_words", {"most": 2, "count": 3}),
        ),
        (asked(AnswerKind.CHOICE, choices=TOPICS), "Water", "Water"),
        (asked(AnswerKind.CHOICE, choices=TOPICS), "Fire", ("answer_not_offered", {"value": "Fire"})),
        (asked(AnswerKind.CHOICES, choices=TOPICS), ["Water", "Shade", "Water"], ["Shade", "Water"]),
        (asked(AnswerKind.CHOICES, choices=TOPICS), "Play, and games | Shade", ["Shade", "Play, and games"]),
        (
            asked(AnswerKind.CHOICES, choices=TOPICS, most_choices=1),
            ["Water", "Shade"],
            ("answer_many_choices", {"most": 1, "count": 2}),
        ),
        (asked(AnswerKind.NUMBER, decimals=2), "1.234,50", "1234.5"),
        (asked(AnswerKind.NUMBER, decimals=2), "1,234.50", "1234.5"),
        (asked(AnswerKind.NUMBER), "1.234", "1234"),
        (asked(AnswerKind.NUMBER), "12 000", "12000"),
        (asked(AnswerKind.NUMBER), -7, "-7"),
        (asked(AnswerKind.NUMBER), "-0", "0"),
        (asked(AnswerKind.NUMBER), "1.5", ("answer_not_whole", {"most": 0})),
        (asked(AnswerKind.NUMBER, decimals=1), "1.55", ("answer_decimals", {"most": 1})),
        (asked(AnswerKind.NUMBER), "about 5", ("answer_no_number", {})),
        (asked(AnswerKind.NUMBER, decimals=2), "1.2.3,5", ("answer_no_number", {})),
        (asked(AnswerKind.NUMBER), "9" * 31, ("answer_no_number", {})),
        (asked(AnswerKind.NUMBER), True, ("answer_no_text", {})),
        (asked(AnswerKind.NUMBER, least="2", decimals=1), "1,9", ("answer_below", {"least": "2"})),
        (asked(AnswerKind.NUMBER, most="2"), "3", ("answer_above", {"most": "2"})),
        (asked(AnswerKind.DATE), "2028-02-29", "2028-02-29"),
        (asked(AnswerKind.DATE), "2027-02-29", ("answer_no_date", {})),
        (asked(AnswerKind.DATE), "20270301", ("answer_no_date", {})),
        (asked(AnswerKind.DATE, most="2027-01-01"), "2027-01-02", ("answer_late", {"most": date(2027, 1, 1)})),
        (asked(AnswerKind.LINK), "example.org/a?b=c", "https://example.org/a?b=c"),
        (asked(AnswerKind.LINK), "HTTP://example.org", "HTTP://example.org"),
        (asked(AnswerKind.LINK), "javascript:alert(1)", ("answer_no_link", {})),
        (asked(AnswerKind.LINK), "https://user@evil.example", ("answer_no_link", {})),
        (asked(AnswerKind.LINK), "https://a b.example", ("answer_no_link", {})),
        (asked(AnswerKind.LINK), "http://[::1", ("answer_no_link", {})),
        (asked(AnswerKind.FILE), "plan.pdf", ("answer_file", {})),
        (asked(AnswerKind.FILE), "", None),
    ],
)
def test_an_answer_becomes_canonical_or_is_refused_with_a_code(field: CustomField, raw: object, expected: Any) -> None:
    assert read(field, raw) == expected


kinds = st.sampled_from([kind for kind in AnswerKind if kind is not AnswerKind.FILE])
fields = st.builds(
    CustomField,
    key=st.just("it"),
    kind=kinds,
    label=st.just("L"),
    choices=st.just(TOPICS),
    decimals=st.integers(0, 6),
    longest=st.none() | st.integers(0, 40),
    counted=st.sampled_from(Counted),
)
numbers = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12), max_value=10**12)
raws = st.one_of(
    st.text(max_size=60),
    st.sampled_from(TOPICS),
    st.lists(st.sampled_from(TOPICS) | st.text(max_size=5), max_size=4),
    st.integers(),
    st.dates().map(str),
    numbers.map(str),
    st.text(max_size=20).map("https://example.org/".__add__),
    st.none(),
    st.booleans(),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


@given(fields, raws)
def test_no_input_breaks_it_and_reading_the_answer_or_its_cell_again_gives_the_same(
    field: CustomField, raw: object
) -> None:
    reading = read_answers([field], {"it": raw})
    assert bool(reading.faults) != ("it" in reading.answers)
    if not reading.faults:
        answer = reading.answers["it"]
        assert read(field, answer) == answer
        assert read(field, cell_text(answer)) == answer


@given(numbers, st.sampled_from([",", "."]), st.sampled_from(["", " ", "'", "\N{NARROW NO-BREAK SPACE}"]))
def test_a_number_is_the_same_however_it_is_grouped(number: Decimal, sign: str, group: str) -> None:
    whole, _point, decimals = f"{number:f}".partition(".")
    digits = whole.lstrip("-")
    first = len(digits) % 3 or 3
    grouped = group.join([digits[:first], *(digits[i : i + 3] for i in range(first, len(digits), 3))])
    minus = "-" if number.is_signed() else ""
    assert number_of(f"{minus}{grouped}{sign}{decimals}", 3) == number
    assert Decimal(number_text(number)) == number


def test_a_required_answer_that_is_missing_or_too_short_is_named() -> None:
    short = CustomField("why", AnswerKind.LONG, "Why", shortest=3, counted=Counted.WORDS)
    other = CustomField("site", AnswerKind.LINK, "Site")
    faults = unready([short, other], {"why": "only two"})
    assert [(fault.field, fault.code) for fault in faults] == [("why", "answer_few_words"), ("site", "part_missing")]
    assert unready([short, other], {"why": "now three words", "site": "https://example.org"}) == ()


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        (CustomField("a", AnswerKind.SHORT, " "), ["field_label"]),
        (CustomField("a", AnswerKind.CHOICE, "A", choices=("one",)), ["field_choices"]),
        (CustomField("a", AnswerKind.CHOICES, "A", choices=("one", "a|b")), ["field_choices"]),
        (CustomField("a", AnswerKind.NUMBER, "A", least="5", most="4"), ["field_bounds"]),
        (CustomField("a", AnswerKind.NUMBER, "A", least="NaN"), ["field_bounds"]),
        (CustomField("a", AnswerKind.DATE, "A", least="tomorrow"), ["field_bounds"]),
        (CustomField("a", AnswerKind.SHORT, "A", shortest=5, longest=4), ["field_bounds"]),
        (CustomField("a", AnswerKind.SHORT, "A", required_from="gone"), ["field_stage"]),
        (CustomField("a", AnswerKind.SHORT, "A", required_from="vote", frozen_from="enter"), ["field_frozen_first"]),
        (CustomField("a", AnswerKind.SHORT, "A", required_from="enter", frozen_from="vote"), []),
    ],
)
def test_a_badly_made_question_says_what_is_wrong(field: CustomField, codes: list[str]) -> None:
    assert list(definition_faults(field, ["enter", "vote"])) == codes
