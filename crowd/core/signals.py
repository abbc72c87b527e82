"""What stands out in how a vote was cast: reasons to look, never verdicts.

None of it proves anything: a school shares an address, a newsletter makes a burst, a slate makes equal ballots.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import sqrt

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


def signals_of(minutes: Mapping[datetime, int], networks: Iterable[int], fresh: int) -> list[Signal]:
    """From how many ballots were cast in each minute, from each network, and by accounts younger than `FRESH`."""
    windows: Counter[datetime] = Counter()
    for minute, number in minutes.items():
        windows[_window(minute)] += number
    total = windows.total()
    found = [*_bursts(windows, total), *_shared(networks, total)]
    return [*found, Signal(SignalKind.FRESH_ACCOUNT, fresh, total)] if fresh >= FEWEST else found


def _bursts(windows: Mapping[datetime, int], total: int) -> Iterable[Signal]:
    """Windows of five minutes with far more than the mean of all that had any: four times, and four deviations of chance."""
    expected = total / max(len(windows), 12)
    for at, number in sorted(windows.items()):
        if number >= 2 * FEWEST and number > max(4 * expected, expected + 4 * sqrt(expected)):
            yield Signal(SignalKind.BURST, number, total, at=at, expected=round(expected))


def _shared(networks: Iterable[int], total: int) -> Iterable[Signal]:
    for number in sorted(networks, reverse=True)[:20]:
        if number >= FEWEST:
            yield Signal(SignalKind.SHARED_NETWORK, number, total)


def _window(at: datetime) -> datetime:
    return at - timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)
