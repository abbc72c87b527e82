"""Changing organizations."""

from crowd.organizations.actions.deciding import approve_organization, ask_again, refuse_organization
from crowd.organizations.actions.erasing import erase_person
from crowd.organizations.actions.founding import edit_organization, request_organization
from crowd.organizations.actions.inviting import (
    accept_invitation,
    check_invitation,
    decline_invitation,
    invite_member,
    resend_invitation,
    withdraw_invitation,
)
from crowd.organizations.actions.members import leave_organization, remove_member, set_role

__all__ = [
    "accept_invitation",
    "approve_organization",
    "ask_again",
    "check_invitation",
    "decline_invitation",
    "edit_organization",
    "erase_person",
    "invite_member",
    "leave_organization",
    "refuse_organization",
    "remove_member",
    "request_organization",
    "resend_invitation",
    "set_role",
    "withdraw_invitation",
]
