"""What sets two candidates apart where pairs were compared: estimates, and how sure they are."""

from crowd.core.tally.explain.counted import Counted, numbers
from crowd.core.tally.explain.said import Said


def compared(counted: Counted, first: str, second: str) -> Said:
    """Tiers tell from the best of a tier only; so does this."""
    errors, tier = numbers(counted.first["standard_errors"]), tier_of(counted, first)
    won, lost = counted.first["won"], counted.first["lost"]
    values = {
        "first": counted.scores[first],
        "second": counted.scores[second],
        "first_error": errors[first],
        "second_error": errors[second],
        "best": tier[0],
        "first_won": won[first],
        "second_won": won[second],
        "first_met": won[first] + lost[first],
        "second_met": won[second] + lost[second],
    }
    return Said("alike" if second in tier else "apart", first, second, values)


def tier_of(counted: Counted, candidate: str) -> tuple[str, ...]:
    """Those that cannot be told from the best of them, which comes first."""
    return next(tier for tier in counted.ranking if candidate in tier)
