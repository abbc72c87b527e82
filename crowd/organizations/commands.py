"""What is asked of organizations."""

from dataclasses import dataclass

from crowd.core.status import OrganizationRole


@dataclass(frozen=True)
class Profile:
    """What an organization says of itself. `accent` is `#rrggbb` or empty."""

    name: str
    summary: str
    about: str
    website: str
    contact: str
    language: str
    time_zone: str
    accent: str = ""


@dataclass(frozen=True)
class InviteMember:
    email: str
    role: OrganizationRole
