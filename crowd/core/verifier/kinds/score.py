from typing import Any

from crowd.core.verifier.frame import Election

KIND, FORM = "score", dict


def read(scores: Any, e: Election) -> Any:
    """Who gets how much; None if the ballot is invalid."""
    fair = all(type(score) is int and 0 <= score <= 5 for score in scores.values())
    return e.given(scores) if fair else None
