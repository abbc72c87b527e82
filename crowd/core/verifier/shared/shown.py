from typing import Any

from crowd.core.verifier.frame import Election


def shown(e: Election, sums: Any) -> Any:
    """As `rounds` tell them: numbers of ballots, or percent where groups are weighed."""
    return sums if e.terms["member_percent"] is None else e.scaled(sums)
