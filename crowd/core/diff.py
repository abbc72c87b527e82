"""A readable difference between two texts: paragraphs matched first, then words within those that changed.

Lines are the paragraphs (Markdown keeps one per line or parts them by blank lines). Joined by newlines, the equal and
deleted spans give the old text back, the equal and inserted ones the new.

The edit script is Myers' greedy one ("An O(ND) Difference Algorithm", 1986), restarted from the furthest point whenever
`REACH` edits were not enough: time is at most (n + m) × REACH, at the price of a script that may be longer than the shortest.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

REACH = 80
SIMILAR = 0.4  # the part of words two paragraphs share to be shown as one that changed
PAIRS = 2_500  # most pairs of paragraphs compared within one changed stretch
ISLAND = 3  # equal text this short between two changes is shown as changed

_WORDS = re.compile(r"\s*\w+|\s*[^\w\s]|\s+")


class Op(StrEnum):
    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"


class Change(StrEnum):
    """What happened to a paragraph as a whole."""

    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"
    EDIT = "edit"


@dataclass(frozen=True)
class Span:
    op: Op
    text: str


@dataclass(frozen=True)
class Paragraph:
    change: Change
    spans: tuple[Span, ...]

    @property
    def old(self) -> str:
        return "".join(span.text for span in self.spans if span.op is not Op.INSERT)

    @property
    def new(self) -> str:
        return "".join(span.text for span in self.spans if span.op is not Op.DELETE)


def diff(old: str, new: str) -> tuple[Paragraph, ...]:
    """The paragraphs of both texts in reading order. Windows and old Macintosh line ends are read as newlines."""
    before, after = _lines(old), _lines(new)
    found: list[Paragraph] = []
    start, other = 0, 0
    for i, j in [*matches(before, after), (len(before), len(after))]:
        found += _stretch(before[start:i], after[other:j])
        if i < len(before):
            found.append(_whole(Change.EQUAL, Op.EQUAL, before[i]))
        start, other = i + 1, j + 1
    return tuple(found)


def word_spans(old: str, new: str) -> tuple[Span, ...]:
    """The words of one paragraph, in reading order, deletions before insertions."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    spans: list[tuple[Op, str]] = []
    start, other = 0, 0
    for i, j in [*matches(before, after), (len(before), len(after))]:
        spans += [(Op.DELETE, word) for word in before[start:i]] + [(Op.INSERT, word) for word in after[other:j]]
        if i < len(before):
            spans.append((Op.EQUAL, before[i]))
        start, other = i + 1, j + 1
    return _merged(spans)


def counted(paragraphs: Iterable[Paragraph]) -> tuple[int, int]:
    """How many words were deleted and inserted."""
    words = Counter[Op]()
    for paragraph in paragraphs:
        for span in paragraph.spans:
            words[span.op] += len(span.text.split())
    return words[Op.DELETE], words[Op.INSERT]


def matches(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs (i, j) with `before[i] == after[j]`, rising in both: what the two have in common, in order."""
    shared = set(before) & set(after)
    left = [i for i, item in enumerate(before) if item in shared]
    right = [j for j, item in enumerate(after) if item in shared]
    pairs = _common([before[i] for i in left], [after[j] for j in right])
    return [(left[i], right[j]) for i, j in pairs]


class _Reach(NamedTuple):
    """How far a path got along its diagonal, and the runs of equal items it passed: (x, y, length, earlier ones)."""

    x: int
    trail: "tuple[int, int, int, object] | None"


def _common(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    x = y = 0
    while x < len(a) and y < len(b):
        reach, k = _furthest(a, b, x, y)
        pairs += _pairs(reach.trail)
        x, y = reach.x, reach.x - k
    return pairs


def _furthest(a: Sequence[str], b: Sequence[str], x0: int, y0: int) -> tuple[_Reach, int]:
    """Myers from (x0, y0) to the end, or to the furthest point within REACH edits, and that point's diagonal x - y."""
    middle = x0 - y0
    reached = {middle: _slide(a, b, _Reach(x0, None), middle)}
    for edits in range(1, REACH + 1):
        if (end := reached.get(len(a) - len(b))) and end.x == len(a):
            return end, len(a) - len(b)
        onward: dict[int, _Reach] = {}
        for k in range(middle - edits, middle + edits + 1, 2):
            if step := _step(reached.get(k - 1), reached.get(k + 1), k, len(a), len(b)):
                onward[k] = _slide(a, b, step, k)
        reached = onward
    k = max(reached, key=lambda diagonal: (2 * reached[diagonal].x - diagonal, diagonal))
    return reached[k], k


def _step(right: _Reach | None, down: _Reach | None, k: int, width: int, height: int) -> _Reach | None:
    """The better of one deletion (from diagonal k - 1) and one insertion (from k + 1) that stay inside."""
    deleted = _Reach(right.x + 1, right.trail) if right and right.x < width else None
    inserted = down if down and down.x - k <= height else None
    if deleted and inserted:
        return deleted if deleted.x > inserted.x else inserted
    return deleted or inserted


def _slide(a: Sequence[str], b: Sequence[str], reach: _Reach, k: int) -> _Reach:
    """Along the diagonal as long as the items are equal."""
    x = start = reach.x
    while x < len(a) and x - k < len(b) and a[x] == b[x - k]:
        x += 1
    return _Reach(x, (start, start - k, x - start, reach.trail)) if x > start else reach


def _pairs(trail: object) -> list[tuple[int, int]]:
    runs: list[tuple[int, int, int]] = []
    while isinstance(trail, tuple):
        x, y, length, trail = trail
        runs.append((x, y, length))
    return [(x + i, y + i) for x, y, length in reversed(runs) for i in range(length)]


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _whole(change: Change, op: Op, text: str) -> Paragraph:
    return Paragraph(change, (Span(op, text),) if text else ())


def _stretch(before: Sequence[str], after: Sequence[str]) -> Iterator[Paragraph]:
    """A stretch without equal paragraphs: similar ones are paired and shown as edited, the others as deleted or inserted."""
    start, other = 0, 0
    for i, j in [*_similar_pairs(before, after), (len(before), len(after))]:
        yield from (_whole(Change.DELETE, Op.DELETE, line) for line in before[start:i])
        yield from (_whole(Change.INSERT, Op.INSERT, line) for line in after[other:j])
        if i < len(before):
            yield Paragraph(Change.EDIT, word_spans(before[i], after[j]))
        start, other = i + 1, j + 1


def _similar_pairs(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """The pairs, rising in both, with the largest sum of similarity; in long stretches only those at the same place."""
    bags = [Counter(_WORDS.findall(line)) for line in before], [Counter(_WORDS.findall(line)) for line in after]
    if len(before) * len(after) > PAIRS:
        return [(i, i) for i in range(min(len(before), len(after))) if _similarity(bags[0][i], bags[1][i]) >= SIMILAR]
    best: list[list[float]] = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    alike = [[_similarity(a, b) for b in bags[1]] for a in bags[0]]
    for i in reversed(range(len(before))):
        for j in reversed(range(len(after))):
            paired = best[i + 1][j + 1] + alike[i][j] if alike[i][j] >= SIMILAR else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    return list(_walk(best, alike))


def _walk(best: list[list[float]], alike: list[list[float]]) -> Iterator[tuple[int, int]]:
    i = j = 0
    while i < len(alike) and j < len(alike[i]):
        if alike[i][j] >= SIMILAR and best[i][j] == best[i + 1][j + 1] + alike[i][j]:
            yield i, j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1


def _similarity(a: Counter[str], b: Counter[str]) -> float:
    """Twice the words in common by the words of both, 0 for blank lines."""
    total = a.total() + b.total()
    small, large = sorted((a, b), key=len)
    return 2 * sum(min(count, large[word]) for word, count in small.items()) / total if total else 0.0


def _merged(words: Iterable[tuple[Op, str]]) -> tuple[Span, ...]:
    """Runs of the same kind as one span; short islands between changes join them; deletions stand before insertions."""
    runs = [Span(op, "".join(word for _, word in run)) for op, run in groupby(words, lambda word: word[0])]
    spans: list[Span] = []
    for changed, group in groupby(enumerate(runs), lambda run: run[1].op is not Op.EQUAL or _island(runs, run[0])):
        members = [span for _, span in group]
        if not changed:
            spans += members
            continue
        deleted = "".join(span.text for span in members if span.op is not Op.INSERT)
        inserted = "".join(span.text for span in members if span.op is not Op.DELETE)
        spans += [span for span in (Span(Op.DELETE, deleted), Span(Op.INSERT, inserted)) if span.text]
    return tuple(spans)


def _island(runs: Sequence[Span], place: int) -> bool:
    return 0 < place < len(runs) - 1 and len(runs[place].text.strip()) <= ISLAND
