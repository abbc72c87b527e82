from typing import Any

from crowd.core.verifier.frame import Election

KIND, FORM = "grade", dict


def read(words: Any, e: Election) -> Any:
    """Who gets which grade, the worst being 0; None if the ballot is invalid."""
    values = {word: value for value, word in enumerate(reversed(e.terms["grades"]))}
    known = values.keys() >= set(words.values())
    return e.given({name: values[word] for name, word in words.items()}) if known else None
