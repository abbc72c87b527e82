"""What people ask of rounds, as values."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AddCandidate:
    """A late candidate: by public id, with the public reason."""

    proposal: str
    reason: str
