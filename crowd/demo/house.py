"""The set being loaded: its session and clock, its people and organizations."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.actor import Actor
from crowd.demo.people import LOGINS
from crowd.organizations.gates import actor_of
from crowd.organizations.models import Organization

SIGN_IN = frozenset(person.key for person in LOGINS)


@dataclass
class House:
    """`number`: 1 for the first set; a later one has its own addresses. Keys are those of `people` and `calls`."""

    session: Session
    now: datetime
    number: int
    secret_key: str
    most: int | None = None  # proposals for each call
    accounts: dict[str, Account] = field(default_factory=dict)
    organizations: dict[str, Organization] = field(default_factory=dict)
    _actors: dict[str, Actor] = field(default_factory=dict)

    def email(self, key: str) -> str:
        """The others have domains of their own: who shares one is taken to have the same employer."""
        suffix = "" if self.number == 1 else f"+{self.number}"
        return f"{key}{suffix}@{'demo' if key in SIGN_IN else key}.example"

    def slug(self, slug: str) -> str:
        return slug if self.number == 1 else f"{slug}-{self.number}"

    def actor(self, key: str) -> Actor:
        """Roles are read once, until `forget_actors`."""
        if key not in self._actors:
            self._actors[key] = actor_of(self.session, self.accounts[key].id)
        return self._actors[key]

    def ballots(self, planned: int) -> int:
        return planned if self.most is None else min(planned, 2 * self.most)

    def forget_actors(self) -> None:
        """Roles have changed."""
        self._actors.clear()

    def past(self, at: datetime) -> datetime:
        """Not after a minute ago: everything the demo tells has happened."""
        return min(at, self.now - timedelta(minutes=1))
