"""Pairs that voters could not decide, and why: told beside the count, which none of them enters."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from crowd.core.tally.choices import PASSED, Pair
from crowd.core.tally.result import Text, Undecided

MOST = 200
"""Pairs that are kept, the most frequent."""


class Doubts:
    """Listens while ballots pass by on their way to the count."""

    def __init__(self, excluded: Collection[str] = ()) -> None:
        self._excluded = excluded
        self._found: dict[Pair, Counter[str]] = {}

    def heard(self, ballots: Iterable[Text]) -> Iterator[Text]:
        for ballot in ballots:
            key, text, _ = ballot
            if f'"{PASSED}"' in text and key not in self._excluded:
                for one, other, why in json.loads(text).get(PASSED, ()):
                    self._found.setdefault((one, other), Counter())[why] += 1
            yield ballot

    def told(self, standing: Collection[str]) -> tuple[Undecided, ...]:
        """The most frequent first. Of candidates struck off nothing is told."""
        found = [
            Undecided(pair, dict(sorted(whys.items())))
            for pair, whys in self._found.items()
            if all(name in standing for name in pair)
        ]
        return tuple(sorted(found, key=lambda one: (-one.ballots, one.pair))[:MOST])
