"""The key that signs ledgers and bundles: Ed25519, one file under `DATA/keys` (mode 0600), made once.

It must be kept and backed up with the database: without it, what was signed stays valid, but nothing can be added to a ledger.
"""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import current_app

from crowd.core.signing import Sign, key_fingerprint

FILE = Path("keys") / "ledger.ed25519"


@dataclass(frozen=True)
class LedgerKey:
    """`public`: the raw public key, 32 bytes."""

    private: Ed25519PrivateKey
    public: bytes

    @property
    def fingerprint(self) -> str:
        return key_fingerprint(self.public)

    def sign(self, data: bytes) -> bytes:
        return self.private.sign(data)

    @classmethod
    def of(cls, secret: bytes) -> "LedgerKey":
        private = Ed25519PrivateKey.from_private_bytes(secret)
        return cls(private, private.public_key().public_bytes_raw())


@cache
def ledger_key(data: Path) -> LedgerKey:
    """The key kept under `data`, made on first use. Of several first uses at once, one key wins."""
    path = data / FILE
    if not path.exists():
        _make(path)
    return LedgerKey.of(bytes.fromhex(path.read_text().strip()))


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(Ed25519PrivateKey.generate().private_bytes_raw().hex() + "\n")
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()


def current_key() -> LedgerKey:
    """The key of this installation."""
    return ledger_key(current_app.extensions["settings"].data)


def signer() -> Sign:
    return current_key().sign
