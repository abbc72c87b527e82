"""Changing what the organization keeps for itself. Whoever has a stake in a proposal changes nothing of it."""

from crowd.desk.actions.bulk import assign, label, lift_label, relieve, screen, undo
from crowd.desk.actions.erasing import erase_person
from crowd.desk.actions.kept import (
    add_note,
    choose_columns,
    delete_filter,
    delete_label,
    make_label,
    note_export,
    remove_note,
    restore_note,
    save_filter,
)

__all__ = [
    "add_note",
    "assign",
    "choose_columns",
    "delete_filter",
    "delete_label",
    "erase_person",
    "label",
    "lift_label",
    "make_label",
    "note_export",
    "relieve",
    "remove_note",
    "restore_note",
    "save_filter",
    "screen",
    "undo",
]
