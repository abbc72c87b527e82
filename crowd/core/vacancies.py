"""Places that became free after the results: from the public changes alone, so that everybody can follow them."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from crowd.core.status import Outcome

P = TypeVar("P", bound=Hashable)
UNDO_WITHIN = timedelta(hours=24)
"""How long the authors may take a declined place up again, as long as nobody moved up into it."""


@dataclass(frozen=True)
class Change(Generic[P]):
    """One change of a published outcome, `before` and `after` as they were told. `in_place_of`: whose free place it settles."""

    proposal: P
    before: str
    after: str
    in_place_of: P | None = None


def vacancies(changes: Iterable[Change[P]]) -> tuple[P, ...]:
    """Whose place is free, in the order in which they left. `changes` in the order in which they were made.

    A selected proposal that is selected no more leaves a place; it is settled when that proposal comes back, when a reserve
    moves up into it, or when it is said that it stays empty.
    """
    free: dict[P, int] = {}
    for change in changes:
        was, is_ = change.before == Outcome.SELECTED, change.after == Outcome.SELECTED
        if change.in_place_of is not None:
            _settle(free, change.in_place_of)
        elif was and not is_:
            free[change.proposal] = free.pop(change.proposal, 0) + 1
        elif is_ and not was:
            _settle(free, change.proposal)
    return tuple(proposal for proposal, count in free.items() for _ in range(count))


def _settle(free: dict[P, int], proposal: P) -> None:
    left = free.get(proposal, 0) - 1
    if left > 0:
        free[proposal] = left
    else:
        free.pop(proposal, None)


def by_rank(reserve: Sequence[P], ranks: Mapping[P, int | None]) -> list[P]:
    """The reserve list, the best rank first; those without one last, in the order given."""
    return sorted(reserve, key=lambda one: (ranks.get(one) is None, ranks.get(one) or 0))


def next_by_rank(reserve: Sequence[P], ranks: Mapping[P, int | None]) -> P | None:
    """Whom the ranking calls up: the one best of the reserve. None where there is nobody, no rank, or a tie for it."""
    ordered = by_rank(reserve, ranks)
    if not ordered or ranks.get(ordered[0]) is None:
        return None
    tied = len(ordered) > 1 and ranks.get(ordered[1]) == ranks.get(ordered[0])
    return None if tied else ordered[0]
