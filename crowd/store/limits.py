"""Rate limits counted in the database, so that all workers share them. Keys are keyed hashes, never addresses.

`take` is for acts (a mail sent, a form posted): each counts. `hold` is for guesses (passwords, codes): it counts before the
answer is known, so that parallel guesses count too, and `release` gives the place back when the guess was right.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from crowd.core.errors import TooManyAttempts
from crowd.store.db import transaction
from crowd.store.models import Attempt
from crowd.store.secrets import keyed_hash

KEPT_FOR = timedelta(days=2)


@dataclass(frozen=True)
class Limit:
    """At most `most` in the last `within`, for each key."""

    name: str
    most: int
    within: timedelta


@dataclass(frozen=True)
class Counted:
    """A limit for one key: the account, the client's network, both."""

    limit: Limit
    key: str


def counted(secret_key: str, limit: Limit, *who: str) -> Counted:
    return Counted(limit, keyed_hash(secret_key, limit.name, *who))


def network_of(address: str | None) -> str:
    """What counts as one client: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped or ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def take(*counts: Counted, now: datetime, code: str = "too_many_attempts") -> None:
    """Count one act in a transaction of its own. Raises TooManyAttempts(code) when any limit is reached."""
    hold(*counts, now=now, code=code)


def hold(*counts: Counted, now: datetime, code: str = "too_many_attempts") -> Sequence[int]:
    """Count one guess before it is answered. Returns what `release` wants. Raises TooManyAttempts(code)."""
    with transaction() as session:
        full = [one.limit.name for one in counts if _count(session, one, now) >= one.limit.most]
        rows = [Attempt(key=one.key, at=now) for one in counts] if not full else []
        session.add_all(rows)
        session.execute(delete(Attempt).where(Attempt.at < now - KEPT_FOR))
        session.flush()
    if full:
        raise TooManyAttempts(code)
    return [row.id for row in rows]


def release(held: Sequence[int]) -> None:
    """The guess was right: it does not count."""
    with transaction() as session:
        session.execute(delete(Attempt).where(Attempt.id.in_(held)))


def _count(session: Session, one: Counted, now: datetime) -> int:
    since = now - one.limit.within
    query = select(func.count()).select_from(Attempt).where(Attempt.key == one.key, Attempt.at > since)
    return session.scalar(query) or 0
