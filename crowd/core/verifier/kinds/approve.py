from typing import Any

from crowd.core.verifier.frame import Election

KIND, FORM = "approve", list


def read(marks: Any, e: Election) -> Any:
    """Whom a ballot marks; None if it is invalid."""
    return e.given(dict.fromkeys(marks, 1)) if len(set(marks)) == len(marks) else None
