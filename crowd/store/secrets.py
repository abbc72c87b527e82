"""Secrets as they are kept: passwords by argon2, tokens by SHA-256. Hashing takes time: never inside a transaction."""

import hashlib
import hmac
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()


@cache
def _nobody() -> str:
    """Made when first asked for: hashing would lengthen every start by its tenth of a second."""
    return _HASHER.hash("the password of nobody")


def hash_password(password: str) -> str:
    return _HASHER.hash(password)


def verify_password(kept: str | None, password: str) -> bool:
    """Whether `password` is the one kept. Without a kept one it takes as long and is False."""
    try:
        _HASHER.verify(kept or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def needs_rehash(kept: str) -> bool:
    return _HASHER.check_needs_rehash(kept)


def new_token() -> str:
    """256 bits for a link; only its `token_hash` is kept."""
    return secrets.token_urlsafe(32)


def new_key() -> str:
    """A short random key that is compared, not looked up (sessions, unsubscribing)."""
    return secrets.token_hex(16)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_hash(secret_key: str, *parts: str) -> str:
    """What stands for `parts` where the parts themselves must not be readable."""
    return hmac.new(secret_key.encode(), "\0".join(parts).encode(), hashlib.sha256).hexdigest()
