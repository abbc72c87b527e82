"""Who acts. A value made once per request from the account and its memberships."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crowd.core.status import OrganizationRole

STAFF = frozenset({OrganizationRole.OWNER, OrganizationRole.MANAGER, OrganizationRole.MODERATOR})
MANAGERS = frozenset({OrganizationRole.OWNER, OrganizationRole.MANAGER})


@dataclass(frozen=True)
class Actor:
    """A visitor (`account_id` None) or the owner of an account, with the roles that permissions ask for."""

    account_id: int | None = None
    public_id: str = ""
    name: str = ""
    language: str | None = None
    time_zone: str | None = None
    verified: bool = False
    is_admin: bool = False
    since: datetime | None = None  # when the account was made
    roles: Mapping[int, OrganizationRole] = field(default_factory=dict)  # organization id → role
    invited_to: frozenset[int] = frozenset()  # ids of calls
    recused_from: frozenset[int] = frozenset()  # ids of proposals, until the results of their call
    blind_in: frozenset[int] = frozenset()  # ids of calls: reviews there without knowing the authors, until the results
    late_until: Mapping[int, datetime] = field(default_factory=dict)  # call id → end of the permit to hand in late

    def organizations(self, roles: frozenset[OrganizationRole] = frozenset(OrganizationRole)) -> list[int]:
        """Ids of the organizations in which this actor has one of `roles`."""
        return sorted(org for org, role in self.roles.items() if role in roles)


VISITOR = Actor()

NOBODY = -1
"""No account has this id: visitors ask the same statements."""
