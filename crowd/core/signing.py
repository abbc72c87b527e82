"""What is signed, and how a key is named. Who holds the key is no matter of the core: it is given as `Sign`."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Sign = Callable[[bytes], bytes]
"""Ed25519 (RFC 8032): a signature of 64 bytes for any bytes."""

HEAD = "apertura-head-1"


def head_bytes(origin: str, size: int, root: bytes, at: str) -> bytes:
    """What is signed of a tree: five lines of text. `origin` names the ledger, so that no head passes for another's; `at` is UTC."""
    if "\n" in origin + at:
        raise ValueError("neither origin nor time may hold a line break")
    return f"{HEAD}\n{origin}\n{size}\n{root.hex()}\n{at}\n".encode()


def key_fingerprint(public: bytes) -> str:
    """SHA-256 of the raw public key (32 bytes), as 64 hex digits."""
    return hashlib.sha256(public).hexdigest()


@dataclass(frozen=True)
class Head:
    """How large the tree was, its root and when, signed. `signature` is that of `head_bytes`."""

    size: int
    root: bytes
    at: str
    signature: bytes

    def as_data(self) -> dict[str, Any]:
        return {"size": self.size, "root": self.root.hex(), "at": self.at, "signature": self.signature.hex()}


def signed_head(origin: str, size: int, root: bytes, at: str, sign: Sign) -> Head:
    return Head(size, root, at, sign(head_bytes(origin, size, root, at)))
