"""Which texts resemble one: by meaning where vectors are there, else by the words they share. Scores from 0 to 1."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

import numpy as np
from numpy.typing import NDArray

SHOWN = 0.6
"""From here on two proposals are called similar. On the labelled set of `tests/similar` 2 of 100 near misses reach it."""
WORDS_SHOWN = 0.3
"""The same for scores of shared words."""
LONGEST_GIST = 800
BLOCK = 8192
_WORD = re.compile(r"\w{3,}", re.UNICODE)


class Closeness(StrEnum):
    """A score in words."""

    NEARLY_THE_SAME = "nearly_the_same"
    VERY_SIMILAR = "very_similar"
    SIMILAR = "similar"


@dataclass(frozen=True)
class Match:
    id: str
    score: float
    shown: bool
    closeness: Closeness | None  # None where it is not shown


@dataclass(frozen=True)
class Stored:
    """Vectors as they are kept: a signed byte for each of their numbers, 512 bytes a text."""

    ids: Sequence[object]
    vectors: NDArray[np.int8]


def gist(title: str, summary: str, body: str = "") -> str:
    """What is compared: title and summary; a summary that says little is filled up from the text, so that lengths are alike."""
    words = summary if len(summary.split()) >= 8 else f"{summary} {body}"
    return " ".join(f"{title}. {words}".split())[:LONGEST_GIST] if f"{title}{words}".strip() else ""


def as_bytes(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    """Rows scaled so that their largest number is 127; their direction, which is all that counts, stays within 0.3 %."""
    largest = np.abs(vectors).max(axis=1, keepdims=True, initial=0)
    return np.rint(vectors * (127 / np.where(largest == 0, 1, largest))).astype(np.int8)


def nearest(query: NDArray[np.float32], stored: Stored, most: int) -> list[Match]:
    """The closest by angle, the best first. `query`: one vector of length 1."""
    scores = _cosines(query, stored.vectors)
    return [match_of(str(stored.ids[place]), float(scores[place])) for place in best(scores, most)]


def _cosines(query: NDArray[np.float32], vectors: NDArray[np.int8]) -> NDArray[np.float32]:
    """One product, in blocks, so that 100,000 vectors never stand there as floats."""
    scores = np.zeros(len(vectors), np.float32)
    for start in range(0, len(vectors), BLOCK):
        block = vectors[start : start + BLOCK].astype(np.float32)
        lengths = np.sqrt(np.einsum("ij,ij->i", block, block))
        scores[start : start + BLOCK] = block @ query / np.where(lengths == 0, 1, lengths)
    return scores


def best(scores: NDArray[np.float32], most: int) -> list[int]:
    """Places of the highest scores; equal ones in the order they stand."""
    if most < len(scores):
        least = np.partition(scores, len(scores) - most)[len(scores) - most]
        places = np.flatnonzero(scores >= least)
    else:
        places = np.arange(len(scores))
    return [int(place) for place in places[np.argsort(-scores[places], kind="stable")][:most]]


def match_of(id_: str, score: float, least: float = SHOWN) -> Match:
    """The score with what is said of it; `least`: where a score of its kind begins to be shown."""
    score = min(max(round(score, 4), 0.0), 1.0)
    part = (score - least) / (1 - least)
    if part < 0:
        return Match(id_, score, shown=False, closeness=None)
    words = Closeness.SIMILAR if part < 0.3 else Closeness.VERY_SIMILAR if part < 0.6 else Closeness.NEARLY_THE_SAME
    return Match(id_, score, shown=True, closeness=words)


def shared_words(query: str, texts: Sequence[tuple[str, str]], most: int) -> list[Match]:
    """Without vectors: the cosine of the words, rare ones counting more. `texts`: id and text."""
    bags = [_bag(text) for _id, text in texts]
    asked = _bag(query)
    known = Counter(word for bag in (*bags, asked) for word in bag)
    weight = {word: math.log(1 + (len(bags) + 1) / count) for word, count in known.items()}
    scores = np.array([_overlap(asked, bag, weight) for bag in bags], np.float32)
    return [match_of(texts[place][0], float(scores[place]), WORDS_SHOWN) for place in best(scores, most)]


def _bag(text: str) -> frozenset[str]:
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return frozenset(match.group()[:6] for match in islice(_WORD.finditer(plain), 400))


def _overlap(one: frozenset[str], other: frozenset[str], weight: dict[str, float]) -> float:
    def length(bag: frozenset[str]) -> float:
        return math.sqrt(sum(weight[word] ** 2 for word in bag))

    lengths = length(one) * length(other)
    return sum(weight[word] ** 2 for word in one & other) / lengths if lengths else 0.0
