"""Quotas per tag, kept while one goes down a ranking: nobody beyond a most, and places set aside for a least.

For a least as many places are kept as it takes to reach it with the best choice among those still to come, found by taking first those
who serve most of what lacks. What nobody can serve any more keeps no place. A candidate counts for every quota whose tag it carries.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crowd.core.rules import Quota

Serves = tuple[int, ...]
"""The numbers of the quotas whose tags a candidate carries."""


def carried(quotas: Sequence[Quota], tags: Iterable[str]) -> Serves:
    own = {tag.casefold() for tag in tags}
    return tuple(number for number, quota in enumerate(quotas) if quota.tag.casefold() in own)


def off_quota(
    chosen: Iterable[str], quotas: Sequence[Quota], tags: Mapping[str, Collection[str]]
) -> tuple[tuple[Quota, int], ...]:
    """The quotas that a choice does not keep, each with the number it has."""
    serving = [carried(quotas, tags.get(candidate, ())) for candidate in chosen]
    counts = [sum(number in serves for serves in serving) for number in range(len(quotas))]
    return tuple(
        (quota, count)
        for quota, count in zip(quotas, counts, strict=True)
        if count < quota.least or (quota.most is not None and count > quota.most)
    )


@dataclass
class Tally:
    """What is taken so far, and who is still to come."""

    quotas: tuple[Quota, ...]
    serves: Mapping[str, Serves]
    taken: Counter[int] = field(default_factory=Counter)
    ahead: Counter[Serves] = field(default_factory=Counter)

    @classmethod
    def of(cls, quotas: tuple[Quota, ...], tags: Mapping[str, Collection[str]], candidates: Iterable[str]) -> "Tally":
        serves = {candidate: carried(quotas, tags.get(candidate, ())) for candidate in candidates}
        return cls(quotas, serves, ahead=Counter(serves.values()))

    def step(self, candidate: str, *, taken: bool) -> None:
        self.ahead[self.serves[candidate]] -= 1
        if taken:
            self.taken.update(self.serves[candidate])

    def full(self, candidates: Collection[str]) -> tuple[str, ...]:
        """Tags of which these would be more than the most."""
        more = Counter(number for candidate in candidates for number in self.serves[candidate])
        return tuple(
            quota.tag
            for number, quota in enumerate(self.quotas)
            if quota.most is not None and more[number] and self.taken[number] + more[number] > quota.most
        )

    def kept_from(self, candidates: Collection[str], places: int | None) -> tuple[str, ...]:
        """Tags for which the places are kept that these would take."""
        if places is None or not self.quotas:
            return ()
        more = Counter(number for candidate in candidates for number in self.serves[candidate])
        ahead = self.ahead - Counter(self.serves[candidate] for candidate in candidates)
        lacking = self._lacking(self.taken + more, ahead)
        if places - len(candidates) >= _places_for(lacking, ahead):
            return ()
        return tuple(self.quotas[number].tag for number in sorted(+lacking))

    def _lacking(self, taken: Counter[int], ahead: Counter[Serves]) -> Counter[int]:
        """What is missing for each least, as far as somebody is left who can serve it."""
        able = Counter(number for serves, count in ahead.items() for number in serves for _one in range(count))
        return Counter(
            {number: min(quota.least - taken[number], able[number]) for number, quota in enumerate(self.quotas)}
        )


def _places_for(lacking: Counter[int], ahead: Counter[Serves]) -> int:
    left, supply, places = Counter(+lacking), Counter(+ahead), 0
    while left and supply:
        best = max(sorted(supply), key=lambda serves: sum(number in left for number in serves))
        if not any(number in left for number in best):
            break
        supply[best] -= 1
        supply = +supply
        left.subtract(number for number in best if number in left)
        left, places = +left, places + 1
    return places
