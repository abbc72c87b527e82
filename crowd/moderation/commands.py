"""What forms hand to actions."""

from dataclasses import dataclass

from crowd.core.status import ModerationCode


@dataclass(frozen=True)
class Complaint:
    """Why something is reported, or hidden."""

    code: ModerationCode
    text: str
