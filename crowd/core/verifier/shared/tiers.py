from typing import Any


def tiers(names: Any, value: Any) -> list[list[str]]:
    """By value, highest first, those of the same value together."""
    groups: dict[Any, list[str]] = {}
    for name in names:
        groups.setdefault(value(name), []).append(name)
    return [groups[key] for key in sorted(groups, reverse=True)]
