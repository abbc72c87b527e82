"""A random key in this browser's signed cookie, for what it keeps before anybody signed in. Only the key's hash is stored."""

from flask import current_app, session

from crowd.config import Settings
from crowd.store.secrets import keyed_hash, new_token, token_hash

_SESSION = "browser"


def browser_hash() -> str | None:
    """The hash of this browser's key, None if it has none: then nothing is kept for it."""
    key = session.get(_SESSION)
    return token_hash(key) if key else None


def give_browser_key() -> str:
    """As `browser_hash`, with a new key if there is none. The cookie outlives the window."""
    if _SESSION not in session:
        session[_SESSION], session.permanent = new_token(), True
    return token_hash(session[_SESSION])


def way_token(*what: str) -> str:
    """What proves in another browser that a link came from us, for a thing kept by this one. Nothing of it is stored."""
    settings: Settings = current_app.extensions["settings"]
    return keyed_hash(settings.secret_key, "way", *what)
