"""What people ask of their accounts."""

from dataclasses import dataclass, field
from datetime import timedelta

LASTS = timedelta(days=31)
"""A session that is not used so long has ended."""


@dataclass(frozen=True)
class SignUp:
    """`password_hash` is made before the transaction; None: signs in by mailed links."""

    email: str
    name: str
    language: str
    password_hash: str | None = None
    time_zone: str = "UTC"
    next_path: str = "/"

    @property
    def email_folded(self) -> str:
        return fold_address(self.email)


@dataclass(frozen=True)
class EditAccount:
    name: str
    bio: str
    links: tuple[str, ...]
    language: str
    time_zone: str
    profile_public: bool
    orcid: str = ""


@dataclass(frozen=True)
class PublishLegalText:
    body_en: str
    body_es: str


@dataclass(frozen=True)
class Client:
    """Who tries, as far as rate limits count: the network, and the key that hides it in the database."""

    network: str
    secret_key: str = field(repr=False)


@dataclass(frozen=True)
class Picture:
    """The keys of a stored picture in both sizes."""

    key: str
    small_key: str
    media_type: str


@dataclass(frozen=True)
class Browser:
    """Which browser asks: the secret that it keeps so as to be known again, and its name and system, empty where unknown."""

    token: str = field(repr=False)
    name: str = ""
    system: str = ""


def fold_address(email: str) -> str:
    """What two spellings of one address have in common."""
    return email.strip().casefold()


def erased_address(account_id: int, row_id: int | None = None) -> str:
    """What stands where an address has to be unique but nothing may be known: no mail program and no form takes it.

    `row_id`: of one of several rows that had addresses of one person.
    """
    return f"erased:{account_id}" if row_id is None else f"erased:{account_id}:{row_id}"
