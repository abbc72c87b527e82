"""Changing calls: writing the draft, freezing it, amending it, moving its dates."""

from crowd.calls.actions.amend import begin_amendment, close_written, drop_written, put_amended
from crowd.calls.actions.draft import create_call, delete_draft, edit_draft, put_rules
from crowd.calls.actions.publish import freeze, publish_call
from crowd.calls.actions.schedule import shift_schedule

__all__ = [
    "begin_amendment",
    "close_written",
    "create_call",
    "delete_draft",
    "drop_written",
    "edit_draft",
    "freeze",
    "publish_call",
    "put_amended",
    "put_rules",
    "shift_schedule",
]
