"""Writing the ledger. Each act is judged again on the locked row and records its event."""

from crowd.awards.actions.answering import answer_part
from crowd.awards.actions.editing import edit_award
from crowd.awards.actions.erasing import erase_person
from crowd.awards.actions.giving import give_award, show_award, take_back_award
from crowd.awards.actions.settling import add_obligation, mark_paid, note_export, tick, unmark_paid

__all__ = [
    "add_obligation",
    "answer_part",
    "edit_award",
    "erase_person",
    "give_award",
    "mark_paid",
    "note_export",
    "show_award",
    "take_back_award",
    "tick",
    "unmark_paid",
]
