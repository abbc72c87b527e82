from typing import Any

from crowd.core.verifier.frame import Election

KIND, FORM = "approve", list


def read(marks: Any, e: Election) -> Any:
    """Whom a ballot marks, without those struck off; None if it breaks the rules and is invalid."""
    most = e.terms["max_choices"] or len(marks)
    if len(set(marks)) < len(marks) or not set(marks) <= set(e.listed) or len(marks) > most:
        return None
    return tuple(e.listed[name] for name in marks if name in e.running)


def named(marks: Any, e: Election) -> Any:
    return marks
