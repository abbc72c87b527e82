"""Compact JWS (RFC 7515) signed with Ed25519 (`EdDSA`, RFC 8037), and the public key as JWK (RFC 7517, 7638).

Read strictly: one spelling of each part, so that no changed character can stand for the same bytes.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crowd.core.signing import Sign

ALGORITHM = "EdDSA"
LONGEST = 64_000
"""Characters of a token that is read at all."""


class Unreadable(ValueError):
    """Not a compact JWS of two JSON objects and a signature."""


@dataclass(frozen=True)
class Token:
    """The parts of a JWS, not checked yet. `signed`: the bytes that the signature is of."""

    header: Mapping[str, Any]
    payload: Mapping[str, Any]
    signed: bytes
    signature: bytes


def to_base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Unreadable for padding, strange characters, or bits left over: what is decoded must be spelled the same again."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable from error
    if to_base64url(data) != text:
        raise Unreadable
    return data


def write_token(payload: Mapping[str, Any], kid: str, sign: Sign, typ: str = "JWT") -> str:
    """The payload signed; `kid` is the address at which the public key is found."""
    header = {"alg": ALGORITHM, "kid": kid, "typ": typ}
    signed = f"{_part(header)}.{_part(payload)}"
    return f"{signed}.{to_base64url(sign(signed.encode()))}"


def _part(value: Mapping[str, Any]) -> str:
    return to_base64url(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def read_token(text: str) -> Token:
    """The parts of a token as somebody pasted it. Unreadable for anything else."""
    text = text.strip()
    parts = text.split(".")
    if len(parts) != 3 or len(text) > LONGEST or not text.isascii():
        raise Unreadable
    header, payload = _object(parts[0]), _object(parts[1])
    return Token(header, payload, f"{parts[0]}.{parts[1]}".encode(), from_base64url(parts[2]))


def _object(part: str) -> dict[str, Any]:
    try:
        value = json.loads(from_base64url(part).decode())
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(value, dict):
        raise Unreadable
    return value


def thumbprint(public: bytes) -> str:
    """The name of a key: SHA-256 of its JWK in canonical form (RFC 7638), base64url."""
    canonical = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": to_base64url(public)}, separators=(",", ":"))
    return to_base64url(hashlib.sha256(canonical.encode()).digest())


def jwk(public: bytes, kid: str) -> dict[str, str]:
    return {"kty": "OKP", "crv": "Ed25519", "x": to_base64url(public), "kid": kid, "alg": ALGORITHM, "use": "sig"}
