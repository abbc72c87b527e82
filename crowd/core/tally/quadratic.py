"""Quadratic voting: n votes for one candidate cost n² credits; most votes win.

Lalley and Weyl, "Quadratic Voting: How Mechanism Design Can Radicalize Democracy", AEA Papers and Proceedings 108 (2018); votes against are
not offered. The numbers on a ballot are votes, not credits. The rule settles no ties. A ballot with a negative number, or whose votes
cost more than each may spend, is invalid. What each may spend is `--budget`, else what the file says (`points` of a JSON profile), else
unlimited.
"""

import numpy as np

from crowd.core.tally.count import Count, Terms
from crowd.core.tally.dots import count_dots
from crowd.core.tally.profile import Profile

METHOD = "quadratic"


def quadratic(profile: Profile, terms: Terms) -> Count:
    return count_dots(METHOD, np.square, profile, terms)
