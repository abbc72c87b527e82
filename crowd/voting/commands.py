"""Who votes, as a value."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Acting:
    """Whoever votes: an account, or the holder of a one-time code."""

    account_id: int | None = None
    code_id: int | None = None
