"""Why one candidate won and another did not, and the figures of a count: plain values out of a stored trace.

Nothing is counted again: every number is one of the trace, or follows from it by a sum or a quotient.
"""

from crowd.core.tally.explain.counted import Counted, counted_of, with_excluded
from crowd.core.tally.explain.said import Relation, Said, Why
from crowd.core.tally.explain.why import first_pair, why

__all__ = ["Counted", "Relation", "Said", "Why", "counted_of", "first_pair", "why", "with_excluded"]
