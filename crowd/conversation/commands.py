"""What forms hand to actions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PostComment:
    body: str
    parent: str | None = None  # public id of the comment replied to
    as_organization: bool = False
