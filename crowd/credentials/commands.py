"""What is asked of an issuer, as values."""

from dataclasses import dataclass

from crowd.core.badges.open_badge import Award, Holder


@dataclass(frozen=True)
class Issue:
    """A credential for a credit, in words made beforehand."""

    credit_id: int
    account_id: int
    award: Award
    holder: Holder
