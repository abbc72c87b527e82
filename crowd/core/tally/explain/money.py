"""What sets two projects apart where a budget is spent: votes, and what was left at each one's turn."""

from collections.abc import Mapping
from typing import Any

from crowd.core.tally.explain.counted import Counted, number
from crowd.core.tally.explain.said import Said

CODES = {"no_money": "no_money", "cap": "cap", "stopped": "stopped", "threshold": "too_few"}
Step = Mapping[str, Any]


def greedy(counted: Counted, first: str, second: str) -> Said:
    steps = steps_of(counted)
    one, other = steps.get(first), steps.get(second)
    if other is None or one is None:
        return Said("neither_bought", first, second, _votes(counted, first, second))
    if other["taken"]:
        return _both(counted, one, other)
    if not one["taken"]:
        return Said("neither_bought", first, second, _votes(counted, first, second))
    values = {"cost": number(other["cost"]), "left": number(other["left"])}
    return Said(CODES[other["because"]], first, second, values | _votes(counted, first, second))


def equal_shares(counted: Counted, first: str, second: str) -> Said:
    """Of one that no supporters could pay for: what they would have had to pay, and what they had."""
    steps = steps_of(counted)
    one, other = steps.get(first), steps.get(second)
    if one is None or other is None or other["taken"] or not one["taken"] or "supporters_had" not in other:
        return greedy(counted, first, second)
    cost, supporters = number(other["cost"]), other["votes"]
    values = {
        "cost": cost,
        "each": cost / supporters if supporters else None,
        "had": number(other["supporters_had"]),
        "left": number(other["left"]),
        "paid": number(one["full_payment"]) if "full_payment" in one else None,
        "payers": one.get("full_payers"),
        "start": number(other["each_had"]),
    }
    return Said("poor_supporters", first, second, values | _votes(counted, first, second))


def steps_of(counted: Counted) -> dict[str, Step]:
    """Each project's turn; of one that had several, the last."""
    return {step["candidate"]: step for step in counted.rounds}


def _both(counted: Counted, one: Step, other: Step) -> Said:
    values = {"first_at": one["round"], "second_at": other["round"]}
    names = (one["candidate"], other["candidate"])
    return Said("both_bought", *names, values | _votes(counted, *names))


def _votes(counted: Counted, first: str, second: str) -> dict[str, Any]:
    return {"first_votes": counted.scores[first], "second_votes": counted.scores[second]}
