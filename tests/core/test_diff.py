"""The readable difference between two versions of a text."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.core.diff import Change, Op, Paragraph, Span, counted, diff, matches, word_spans

words = st.lists(st.sampled_from(["a", "bee", "sea", "delta", ".", "\n", "é"]), max_size=40).map(" ".join)
texts = st.text(alphabet="ab \n.,é", max_size=60) | words
LIMIT = 5.0  # seconds; loose, since other tests run beside this one


def _old(paragraphs: tuple[Paragraph, ...]) -> str:
    return "\n".join(p.old for p in paragraphs if p.change is not Change.INSERT)


def _new(paragraphs: tuple[Paragraph, ...]) -> str:
    return "\n".join(p.new for p in paragraphs if p.change is not Change.DELETE)


@given(texts, texts)
def test_a_difference_gives_both_texts_back(old: str, new: str) -> None:
    assert (_old(diff(old, new)), _new(diff(old, new))) == (old, new)


@given(texts)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert {paragraph.change for paragraph in diff(text, text)} == {Change.EQUAL}


@given(st.lists(st.integers(0, 3).map(str), max_size=12), st.lists(st.integers(0, 3).map(str), max_size=12))
def test_within_reach_as_much_as_possible_is_kept(before: list[str], after: list[str]) -> None:
    assert len(matches(before, after)) == _longest_common(before, after)


def _longest_common(a: list[str], b: list[str]) -> int:
    best = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            best[i + 1][j + 1] = best[i][j] + 1 if x == y else max(best[i][j + 1], best[i + 1][j])
    return best[-1][-1]


def test_a_changed_word_is_shown_within_its_paragraph() -> None:
    paragraphs = diff("Benches for the park.\n\nWe plant ten trees.", "Benches for the park.\n\nWe plant twelve trees.")
    assert [p.change for p in paragraphs] == [Change.EQUAL, Change.EQUAL, Change.EDIT]
    assert paragraphs[2].spans == (
        Span(Op.EQUAL, "We plant"),
        Span(Op.DELETE, " ten"),
        Span(Op.INSERT, " twelve"),
        Span(Op.EQUAL, " trees."),
    )
    assert counted(paragraphs) == (1, 1)


def test_a_new_paragraph_between_two_is_inserted_whole() -> None:
    paragraphs = diff("First.\nLast.", "First.\nSomething between.\nLast.")
    assert paragraphs[1] == Paragraph(Change.INSERT, (Span(Op.INSERT, "Something between."),))
    assert [p.change for p in paragraphs] == [Change.EQUAL, Change.INSERT, Change.EQUAL]


def test_an_edited_paragraph_is_recognized_beside_a_new_one() -> None:
    old = "The shed stands by the river and holds twenty boats."
    new = "Nothing of this was here.\nThe shed stands by the river and holds thirty boats."
    assert [p.change for p in diff(old, new)] == [Change.INSERT, Change.EDIT]


def test_a_rewritten_paragraph_is_not_a_patchwork() -> None:
    assert [p.change for p in diff("Cats sleep all day long.", "We ask for new bicycle stands!")] == [
        Change.DELETE,
        Change.INSERT,
    ]


def test_short_islands_between_changes_are_shown_as_changed() -> None:
    assert word_spans("red or blue paint here", "green or white paint here") == (
        Span(Op.DELETE, "red or blue"),
        Span(Op.INSERT, "green or white"),
        Span(Op.EQUAL, " paint here"),
    )


def test_kinds_of_line_ends_do_not_differ() -> None:
    assert {p.change for p in diff("one\r\ntwo\rthree", "one\ntwo\nthree")} == {Change.EQUAL}


@pytest.mark.soak
def test_long_texts_take_bounded_time() -> None:
    rng = random.Random(1)
    vocabulary = [f"word{number}" for number in range(400)]
    prose = [rng.choice(vocabulary) for _ in range(7_000)]
    pairs = {
        "few edits": (" ".join(prose), " ".join(word for word in prose if rng.random() < 0.97)),
        "one line shuffled": (" ".join(prose), " ".join(rng.sample(prose, len(prose)))),
        "two words only": ("a b " * 12_500, "b b a " * 8_300),
        "short lines": ("a\nb\n" * 12_500, "b\nb\na\n" * 8_300),
        "short lines shuffled": ("\n".join(prose), "\n".join(rng.sample(prose, len(prose)))),
        "nothing in common": ("x " * 25_000, "y " * 25_000),
    }
    for name, (old, new) in pairs.items():
        start = time.process_time()
        paragraphs = diff(old, new)
        assert time.process_time() - start < LIMIT, name
        assert (_old(paragraphs), _new(paragraphs)) == (old, new)
