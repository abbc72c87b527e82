"""Combining what rounds say into one ranking, and drawing the line. Numbers propose, people decide."""

from crowd.core.selection.combine import (
    Failed,
    Part,
    Placement,
    Ranking,
    failed_gates,
    rank_candidates,
)
from crowd.core.selection.cut import Cut, Fate, Step, draw_line
from crowd.core.selection.faults import RuleFault, rule_faults
from crowd.core.selection.field import Entry, EntryCode, FieldChoice, choose_field
from crowd.core.selection.measure import (
    Measure,
    Missing,
    RoundResult,
    from_jury,
    from_tally,
)

__all__ = [
    "Cut",
    "Entry",
    "EntryCode",
    "Failed",
    "Fate",
    "FieldChoice",
    "Measure",
    "Missing",
    "Part",
    "Placement",
    "Ranking",
    "RoundResult",
    "RuleFault",
    "Step",
    "choose_field",
    "draw_line",
    "failed_gates",
    "from_jury",
    "from_tally",
    "rank_candidates",
    "rule_faults",
]
