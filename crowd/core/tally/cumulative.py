"""Cumulative voting: each ballot spreads its points over the candidates as it likes; most points win.

Sawyer and MacRae, "Game Theory and Cumulative Voting in Illinois", American Political Science Review 56 (1962). The rule settles no ties.
A ballot with a negative number, or with more points together than each may spend, is invalid. What each may spend is `--budget`,
else what the file says (`points` of a JSON profile, `max_sum_points` of Pabulib), else unlimited.
"""

import numpy as np

from crowd.core.tally.count import Count, Terms
from crowd.core.tally.dots import count_dots
from crowd.core.tally.profile import Profile

METHOD = "cumulative"


def cumulative(profile: Profile, terms: Terms) -> Count:
    return count_dots(METHOD, np.positive, profile, terms)
