"""Counts in words and pictures: what `core.tally.explain` says as sentences, and its figures as shapes and tables.

Every page that tells of a count takes names from its own caller, who knows which of them the reader may see.
"""

from crowd.web.counts.picture import Cell, Picture, Table
from crowd.web.counts.reasons import paragraph
from crowd.web.counts.result import is_settled_by_seed, measures, rule_words, tie_words, won_words
from crowd.web.counts.shapes import pictures
from crowd.web.counts.teller import Teller, elects, figure

__all__ = [
    "Cell",
    "Picture",
    "Table",
    "Teller",
    "elects",
    "figure",
    "is_settled_by_seed",
    "measures",
    "paragraph",
    "pictures",
    "rule_words",
    "tie_words",
    "won_words",
]
