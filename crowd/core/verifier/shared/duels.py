from collections import Counter
from typing import Any

from crowd.core.verifier.frame import Election


def duels(e: Election, place: Any) -> Counter[tuple[str, str]]:
    """How many ballots put one before another; `place` of what a ballot gives, smaller is better."""
    found: Counter[tuple[str, str]] = Counter()
    for weight, choices in e.ballots:
        places = {name: place(choices.get(name, 0)) for name in e.ids}
        for one in choices:
            for other in e.ids:
                if places[one] < places[other]:
                    found[one, other] += weight
    return found
