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
from crowd.core.selection.faults import RuleFault, rule_faults, vote_faults
from crowd.core.selection.field import Entry, EntryCode, FieldChoice, choose_field
from crowd.core.selection.measure import (
    Measure,
    Missing,
    RoundResult,
    from_jury,
    from_tally,
)
from crowd.core.selection.quotas import off_quota
from crowd.core.selection.readiness import Decision, Readiness, differing, incomplete, readiness

__all__ = [
    "Cut",
    "Decision",
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
    "Readiness",
    "RoundResult",
    "RuleFault",
    "Step",
    "choose_field",
    "differing",
    "draw_line",
    "failed_gates",
    "from_jury",
    "from_tally",
    "incomplete",
    "off_quota",
    "rank_candidates",
    "readiness",
    "rule_faults",
    "vote_faults",
]
