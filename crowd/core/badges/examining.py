"""Is a pasted credential genuine? One straight line of questions, the first that fails ends it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from crowd.core.badges.jws import ALGORITHM, Token, Unreadable, read_token
from crowd.core.badges.open_badge import TYPES

SKEW = timedelta(minutes=1)


class Finding(StrEnum):
    """What is wrong, and `GENUINE`: signed by who it says, and standing."""

    UNREADABLE = "unreadable"
    NO_BADGE = "no_badge"
    FOREIGN = "foreign"  # signed by somebody this installation knows nothing of
    UNKNOWN_KEY = "unknown_key"
    FORGED = "forged"
    INCONSISTENT = "inconsistent"  # signed, but its claims contradict each other
    TOO_EARLY = "too_early"
    UNKNOWN = "unknown"  # signed, but not on record
    REVOKED = "revoked"
    GENUINE = "genuine"


@dataclass(frozen=True)
class Keys:
    """Public keys of one issuer by the address that names each, retired ones too."""

    issuer: str
    public: Mapping[str, bytes]


@dataclass(frozen=True)
class Examined:
    finding: Finding
    payload: Mapping[str, Any]


IsSigned = Callable[[bytes, bytes, bytes], bool]
"""Public key, data, signature (RFC 8032)."""


def examine(text: str, keys_of: Callable[[str], Keys | None], is_signed: IsSigned, now: datetime) -> Examined:
    """All that a token shows by itself; `GENUINE` here still leaves to ask whether it stands on record or was taken back."""
    try:
        token = read_token(text)
    except Unreadable:
        return Examined(Finding.UNREADABLE, {})
    issuer = _id(token.payload.get("issuer"))
    keys = keys_of(issuer) if issuer else None
    if keys is None:
        return Examined(Finding.FOREIGN if issuer else Finding.NO_BADGE, token.payload)
    return Examined(_judged(token, keys, is_signed, now), token.payload)


def _judged(token: Token, keys: Keys, is_signed: IsSigned, now: datetime) -> Finding:
    kid = token.header.get("kid")
    public = keys.public.get(kid) if isinstance(kid, str) else None
    if public is None:
        return Finding.UNKNOWN_KEY
    if token.header.get("alg") != ALGORITHM or not is_signed(public, token.signed, token.signature):
        return Finding.FORGED
    payload = token.payload
    if payload.get("type") != TYPES:
        return Finding.NO_BADGE
    if not _consistent(payload, keys.issuer):
        return Finding.INCONSISTENT
    return Finding.TOO_EARLY if payload["nbf"] > (now + SKEW).timestamp() else Finding.GENUINE


def _consistent(payload: Mapping[str, Any], issuer: str) -> bool:
    """The claims of the JWT repeat what the credential says."""
    named = (payload.get("iss"), payload.get("sub"), payload.get("jti"))
    said = (issuer, _id(payload.get("credentialSubject")), payload.get("id"))
    return named == said and None not in said and type(payload.get("nbf")) is int


def _id(value: Any) -> str | None:
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) else None
