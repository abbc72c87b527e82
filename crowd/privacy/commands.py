"""What people ask about their data."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

WAITS = timedelta(days=14)
"""How long an erasure that was confirmed can be undone."""


class Obstacle(StrEnum):
    """What has to be done before an account can be erased."""

    LAST_OWNER = "last_owner"
    LAST_ADMIN = "last_admin"
    DEMO = "demo"


@dataclass(frozen=True)
class Blocker:
    """`name` and `slug`: the organization; `running`: how many of its calls are published and not over."""

    obstacle: Obstacle
    name: str = ""
    slug: str = ""
    running: int = 0


@dataclass(frozen=True)
class Asked:
    """`by_id`: the administrator who erases on request, with a `reason`; `all_the_same`: whatever has not been handed over."""

    withdraw_comments: bool
    by_id: int | None = None
    reason: str = ""
    all_the_same: bool = False
