"""The way out of mails of one kind: an address that needs no sign-in, signed for one person and one kind (RFC 8058)."""

from flask import current_app

from crowd.config import Settings
from crowd.core.notices import is_optional
from crowd.mailing.letters import Recipient
from crowd.store.secrets import keyed_hash

LENGTH = 32
"""Characters of the signature: 128 bits."""


def way_out(kind: str, to: Recipient) -> str:
    """The path that stops mails of `kind` to this person; empty for kinds that come in any case and for people without an account."""
    if not is_optional(kind) or not to.public_id:
        return ""
    return f"/unsubscribe/{to.public_id}.{kind}.{signature(kind, to.unsubscribe_key)}"


def signature(kind: str, unsubscribe_key: str) -> str:
    settings: Settings = current_app.extensions["settings"]
    return keyed_hash(settings.secret_key, "unsubscribe", unsubscribe_key, kind)[:LENGTH]
