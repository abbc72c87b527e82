"""Changing accounts."""

from crowd.accounts.actions.addresses import ask_for_address, confirm_address, restore_address, secure
from crowd.accounts.actions.entering import (
    enter_by_link,
    make_account,
    note_entry,
    prove_password,
    sign_up,
    verify_account,
)
from crowd.accounts.actions.erasing import forget_account
from crowd.accounts.actions.legal import accept_texts, publish_legal_text
from crowd.accounts.actions.links import (
    ask_for_link,
    check_link,
    count_mail,
    mail_link,
    make_link,
    recipient_of,
    use_link,
)
from crowd.accounts.actions.sessions import (
    end_sessions,
    forget_old_sessions,
    note_use,
    open_session,
)
from crowd.accounts.actions.settings import block_account, change_password, edit_account, set_picture, unblock_account

__all__ = [
    "accept_texts",
    "ask_for_address",
    "ask_for_link",
    "block_account",
    "change_password",
    "check_link",
    "confirm_address",
    "count_mail",
    "edit_account",
    "end_sessions",
    "enter_by_link",
    "forget_account",
    "forget_old_sessions",
    "mail_link",
    "make_account",
    "make_link",
    "note_entry",
    "note_use",
    "open_session",
    "prove_password",
    "publish_legal_text",
    "recipient_of",
    "restore_address",
    "secure",
    "set_picture",
    "sign_up",
    "unblock_account",
    "use_link",
    "verify_account",
]
