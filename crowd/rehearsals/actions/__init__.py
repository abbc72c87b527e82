"""Rehearsing a call: a marked copy with a movable clock, played by synthetic people through the real actions, then gone."""

from crowd.rehearsals.actions.clock import move_clock, to_next_stage
from crowd.rehearsals.actions.playing import decide, fill, review, screen, vote
from crowd.rehearsals.actions.removing import remove_rehearsal
from crowd.rehearsals.actions.staging import start_rehearsal

__all__ = [
    "decide",
    "fill",
    "move_clock",
    "remove_rehearsal",
    "review",
    "screen",
    "start_rehearsal",
    "to_next_stage",
    "vote",
]
