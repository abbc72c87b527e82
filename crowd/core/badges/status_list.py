"""Bitstring Status List v1.0 (W3C): one bit per credential says whether it was taken back."""

import gzip
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from crowd.core.badges.jws import to_base64url
from crowd.core.wall_clock import utc_text

BITS = 131_072
"""The least the specification allows, so that a bit does not tell whose credential it is."""
FULL = BITS // 2
"""A list is left at half its places: a free place is then found at once by chance."""
HOLDS_FOR = timedelta(days=1)
PURPOSE = "revocation"
CONTEXT = "https://www.w3.org/ns/credentials/v2"


def encoded_list(revoked: Iterable[int]) -> str:
    """The bits of a list, index 0 first, compressed (gzip) and written as multibase base64url."""
    bits = bytearray(BITS // 8)
    for index in revoked:
        bits[index // 8] |= 0x80 >> (index % 8)
    return "u" + to_base64url(gzip.compress(bytes(bits), mtime=0))


def status_entry(list_url: str, index: int) -> dict[str, str]:
    """Where a credential says that its status is told."""
    return {
        "id": f"{list_url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": PURPOSE,
        "statusListIndex": str(index),
        "statusListCredential": list_url,
    }


def status_list_credential(list_url: str, issuer_url: str, revoked: Iterable[int], now: datetime) -> dict[str, Any]:
    """The list as a credential, to be signed: a copy holds for a day, so that an old one cannot hide a revocation for long."""
    since, until = now.replace(second=0, microsecond=0), now.replace(second=0, microsecond=0) + HOLDS_FOR
    return {
        "@context": [CONTEXT],
        "id": list_url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_url,
        "validFrom": utc_text(since),
        "validUntil": utc_text(until),
        "credentialSubject": {
            "id": f"{list_url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": PURPOSE,
            "ttl": 300_000,
            "encodedList": encoded_list(revoked),
        },
        "iss": issuer_url,
        "sub": f"{list_url}#list",
        "jti": list_url,
        "nbf": int(since.timestamp()),
        "exp": int(until.timestamp()),
    }
