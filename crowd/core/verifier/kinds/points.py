from typing import Any

from crowd.core.verifier.frame import Election

KIND, FORM = "points", dict


def read(points: Any, e: Election) -> Any:
    """Who gets how much; None if the ballot is invalid, such as by giving more than it has (n votes cost n² if quadratic)."""
    if not all(type(number) is int and 0 <= number <= 10**6 for number in points.values()):
        return None
    spent = sum(number ** (2 if e.method == "quadratic" else 1) for number in points.values())
    return e.given(points) if e.terms["allowance"] is None or spent <= e.terms["allowance"] else None
