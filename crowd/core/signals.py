"""What stands out in how a vote was cast: reasons to look, never verdicts.

None of it proves anything: a school shares an address, a newsletter makes a burst, a slate makes equal ballots.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import sqrt

WINDOW = timedelta(minutes=5)
FRESH = timedelta(days=1)
FEWEST = 5
"""Ballots below which nothing is a pattern."""


class SignalKind(StrEnum):
    BURST = "burst"  # many ballots within a few minutes
    SHARED_NETWORK = "shared_network"  # ballots from one network
    FRESH_ACCOUNT = "fresh_account"  # by accounts made within a day before
    IDENTICAL = "identical"  # ballots that say the same, word for word


@dataclass(frozen=True)
class Signal:
    """`number` of ballots are concerned, of `of`; `expected`: as many as chance would give, where that can be said."""

    kind: SignalKind
    number: int
    of: int
    at: datetime | None = None
    expected: int | None = None
    detail: str | None = None


class Watch:
    """Reads the roll once: when each ballot was cast, from which network (a salted hash), by how old an account."""

    def __init__(self) -> None:
        self.windows: Counter[datetime] = Counter()
        self.networks: Counter[str] = Counter()
        self.fresh = 0
        self.number = 0

    def note(self, cast_at: datetime, network: str | None, account_at: datetime | None) -> None:
        self.number += 1
        self.windows[_window(cast_at)] += 1
        if network:
            self.networks[network] += 1
        if account_at is not None and cast_at - account_at < FRESH:
            self.fresh += 1

    def signals(self) -> list[Signal]:
        return [*self._bursts(), *self._shared(), *self._fresh()]

    def _bursts(self) -> Iterable[Signal]:
        """Windows of five minutes with far more than the mean of all that had any: four times, and four deviations of chance."""
        if not self.windows:
            return
        expected = self.number / max(len(self.windows), 12)
        for at, number in sorted(self.windows.items()):
            if number >= 2 * FEWEST and number > max(4 * expected, expected + 4 * sqrt(expected)):
                yield Signal(SignalKind.BURST, number, self.number, at=at, expected=round(expected))

    def _shared(self) -> Iterable[Signal]:
        for number in sorted(self.networks.values(), reverse=True)[:20]:
            if number >= FEWEST:
                yield Signal(SignalKind.SHARED_NETWORK, number, self.number)

    def _fresh(self) -> Iterable[Signal]:
        if self.fresh >= FEWEST:
            yield Signal(SignalKind.FRESH_ACCOUNT, self.fresh, self.number)


def _window(at: datetime) -> datetime:
    return at - timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)
