"""Who votes, as a value."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Acting:
    """Whoever votes: an account, or the holder of a one-time code.

    `network`: a keyed hash of where the ballot came from, kept until the close for `core.signals`.
    """

    account_id: int | None = None
    code_id: int | None = None
    network: str | None = None


@dataclass(frozen=True)
class Sender:
    """Who brings a ballot, as far as the browser says: the hash of its session's key, or the id of a one-time code."""

    key: str | None
    code_id: int | None
    network: str
