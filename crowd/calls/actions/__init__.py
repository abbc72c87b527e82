"""Changing calls: writing the draft, freezing it, amending it, moving its dates."""

from crowd.calls.actions.amend import begin_amendment, close_written, drop_written, put_amended
from crowd.calls.actions.draft import create_call, delete_draft, edit_draft, put_rules
from crowd.calls.actions.erasing import erase_person
from crowd.calls.actions.guests import admit, adopt_guest, invite_addresses, make_way_in, revoke_way_in
from crowd.calls.actions.late import close_to_latecomers, give_permit, revoke_permit
from crowd.calls.actions.publish import freeze, publish_call
from crowd.calls.actions.schedule import shift_schedule
from crowd.calls.actions.templates import begin_from, keep_template, remove_template

__all__ = [
    "admit",
    "adopt_guest",
    "begin_amendment",
    "begin_from",
    "close_to_latecomers",
    "close_written",
    "create_call",
    "delete_draft",
    "drop_written",
    "edit_draft",
    "erase_person",
    "freeze",
    "give_permit",
    "invite_addresses",
    "keep_template",
    "make_way_in",
    "publish_call",
    "put_amended",
    "put_rules",
    "remove_template",
    "revoke_permit",
    "revoke_way_in",
    "shift_schedule",
]
