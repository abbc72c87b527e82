"""Cumulative and quadratic voting share their ballot: whole numbers of at least 0."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from crowd.core.tally.count import Count, Terms
from crowd.core.tally.profile import Ballots, Kind, Profile, on_all_rows
from crowd.core.tally.suited import suited
from crowd.core.tally.totals import by_totals, sums

Price = Callable[[NDArray[np.int64]], NDArray[np.int64]]
"""What it costs to give these numbers, each."""


def count_dots(method: str, price: Price, profile: Profile, terms: Terms) -> Count:
    """Sums of what the ballots give, of those that keep within what each may spend."""
    ballots = _affordable(suited(profile, method, (Kind.POINTS,)), price, _allowance(profile, terms))
    totals = dict(zip(profile.ids, sums(ballots), strict=True))
    voters = {name: int(ballots.weights[row > 0].sum()) for name, row in zip(profile.ids, ballots.values, strict=True)}
    return by_totals(method, profile, terms, ballots, totals, [{"round": 1, "totals": totals, "voters": voters}])


def _allowance(profile: Profile, terms: Terms) -> int | None:
    return profile.allowance if terms.budget is None else int(terms.budget)


def _affordable(ballots: Ballots, price: Price, allowance: int | None) -> Ballots:
    kept = on_all_rows(ballots.values >= 0)
    if allowance is not None:
        spent = np.zeros(len(ballots.weights), dtype=np.int64)
        for row in ballots.values:
            spent += price(row.astype(np.int64))
        kept &= spent <= allowance
    return ballots if kept.all() else ballots.only(kept)
