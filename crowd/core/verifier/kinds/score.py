from typing import Any

from crowd.core.verifier.frame import Election

KIND, FORM = "score", dict


def read(scores: Any, e: Election) -> Any:
    """Who gets more than 0, and how much, without those struck off; None if the ballot breaks the rules and is invalid."""
    most = e.terms["max_choices"] or len(scores)
    numbers = all(type(score) is int and 0 <= score <= 5 for score in scores.values())
    if not numbers or not set(scores) <= set(e.listed) or sum(score > 0 for score in scores.values()) > most:
        return None
    return tuple((e.listed[name], score) for name, score in scores.items() if score and name in e.running)


def named(scores: Any, e: Election) -> Any:
    return [name for name, _ in scores]
