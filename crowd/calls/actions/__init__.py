"""Changing calls: writing the draft, freezing it, moving its dates."""

from crowd.calls.actions.draft import create_call, delete_draft, edit_draft, put_rules
from crowd.calls.actions.publish import freeze, publish_call
from crowd.calls.actions.schedule import shift_schedule

__all__ = ["create_call", "delete_draft", "edit_draft", "freeze", "publish_call", "put_rules", "shift_schedule"]
