"""The keys with which organizations sign credentials. What signs is behind a port, so that a key service can stand in for files.

As files: one folder per issuer under `DATA/keys/issuers`, each key a pair `0001.ed25519` (private, mode 0600) and `0001.public`. The
highest number signs. Rotation makes the next and destroys the old private key; public ones stay, so that what they signed can
be checked for ever.
"""

import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from flask import current_app

from crowd.core.badges.jws import thumbprint

FOLDER = Path("keys") / "issuers"
_ISSUER = re.compile(r"[a-z0-9]{1,32}", re.ASCII)


@dataclass(frozen=True)
class IssuerKey:
    """A public key (32 bytes) and its name (RFC 7638)."""

    public: bytes

    @property
    def name(self) -> str:
        return thumbprint(self.public)


class IssuerKeys(Protocol):
    """What a key service has to do. `issuer`: the public id of an organization."""

    def keys(self, issuer: str) -> tuple[IssuerKey, ...]:
        """All public keys an issuer ever signed with, the newest first; none before it first signed."""

    def signing_key(self, issuer: str) -> IssuerKey:
        """The key that signs now, made on first use."""

    def sign(self, issuer: str, key: IssuerKey, data: bytes) -> bytes:
        """Ed25519. LookupError if this key signs no more."""

    def rotate(self, issuer: str) -> IssuerKey:
        """A new key signs from now on, the old one never again."""


class FileKeys:
    """Keys as files. Of several who make the first key, or rotate, at once, one wins and all use it."""

    def __init__(self, data: Path) -> None:
        self.folder = data / FOLDER

    def keys(self, issuer: str) -> tuple[IssuerKey, ...]:
        numbers = self._numbers(issuer)
        return tuple(IssuerKey(self._public(issuer, number)) for number in reversed(numbers))

    def signing_key(self, issuer: str) -> IssuerKey:
        numbers = self._numbers(issuer)
        return IssuerKey(self._public(issuer, numbers[-1])) if numbers else self._make(issuer, 1)

    def sign(self, issuer: str, key: IssuerKey, data: bytes) -> bytes:
        for number in reversed(self._numbers(issuer)):
            if self._public(issuer, number) == key.public:
                return self._private(issuer, number).sign(data)
        raise LookupError(key.name)

    def rotate(self, issuer: str) -> IssuerKey:
        numbers = self._numbers(issuer)
        made = self._make(issuer, (numbers[-1] if numbers else 0) + 1)
        for number in numbers:
            self._path(issuer, number, "ed25519").unlink(missing_ok=True)
        return made

    def _path(self, issuer: str, number: int, ending: str) -> Path:
        if not _ISSUER.fullmatch(issuer):
            raise ValueError(issuer)
        return self.folder / issuer / f"{number:04}.{ending}"

    def _numbers(self, issuer: str) -> list[int]:
        found = self._path(issuer, 0, "public").parent.glob("*.public")
        return sorted(int(path.stem) for path in found if path.stem.isdecimal())

    def _public(self, issuer: str, number: int) -> bytes:
        return bytes.fromhex(self._path(issuer, number, "public").read_text().strip())

    def _private(self, issuer: str, number: int) -> Ed25519PrivateKey:
        try:
            text = self._path(issuer, number, "ed25519").read_text().strip()
        except FileNotFoundError as error:
            raise LookupError(number) from error
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text))

    def _make(self, issuer: str, number: int) -> IssuerKey:
        """The private key stands first: a public one is never published without it."""
        self._path(issuer, number, "public").parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _put(self._path(issuer, number, "ed25519"), Ed25519PrivateKey.generate().private_bytes_raw())
        public = self._private(issuer, number).public_key().public_bytes_raw()
        _put(self._path(issuer, number, "public"), public)
        return IssuerKey(public)


def _put(path: Path, content: bytes) -> None:
    """Write a file whole, unless it is there."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content.hex() + "\n")
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()


def is_signed(public: bytes, data: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


ISSUER_KEYS = "issuer_keys"
"""Extension of the application: another holder of keys than the files."""


def issuer_keys() -> IssuerKeys:
    found: IssuerKeys = current_app.extensions.get(ISSUER_KEYS) or FileKeys(current_app.extensions["settings"].data)
    return found
