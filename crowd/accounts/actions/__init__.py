"""Changing accounts."""

from crowd.accounts.actions.entering import (
    enter_by_link,
    make_account,
    note_entry,
    prove_password,
    sign_up,
    verify_account,
)
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
from crowd.accounts.actions.settings import block_account, change_password, edit_account, unblock_account

__all__ = [
    "accept_texts",
    "ask_for_link",
    "block_account",
    "change_password",
    "check_link",
    "count_mail",
    "edit_account",
    "enter_by_link",
    "mail_link",
    "make_account",
    "make_link",
    "note_entry",
    "prove_password",
    "publish_legal_text",
    "recipient_of",
    "sign_up",
    "unblock_account",
    "use_link",
    "verify_account",
]
