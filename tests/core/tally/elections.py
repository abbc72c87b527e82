"""Rounds of every method with ballots as they are stored, for what is told of counts."""

import json
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from crowd.core.rules import BUDGET_METHODS, Round, RoundKind, VotingMethod
from crowd.core.tally.choices import KIND_OF, Choices, check, choices_data
from crowd.core.tally.declared import UNGROUPED, Listed
from crowd.core.tally.explain import Counted, counted_of
from crowd.core.tally.of_round import tally_round
from crowd.core.tally.profile import Kind
from crowd.core.tally.result import Tally, Text

NAMES = "abcdef"
SEED = b"\x05" * 32


def round_of(method: VotingMethod, **changes: Any) -> Round:
    money = {"budget": 12} if method in BUDGET_METHODS else {"seats": 2}
    points = {"points": 20} if KIND_OF[method] is Kind.POINTS else {}
    return Round("crowd", RoundKind.VOTE, "voting", "Vote", method=method, **({**money, **points} | changes))


def count_round(
    round_: Round,
    ballots: Iterable[Mapping[str, int] | Sequence[tuple[str, str]]],
    *,
    names: str = NAMES,
    members: Sequence[bool] = (),
    excluded: Sequence[int] = (),
    costs: Sequence[int] = (3, 4, 5, 6, 7, 8),
    seed: bytes | None = SEED,
) -> Tally:
    listed = [Listed(name, name.upper(), Fraction(cost)) for name, cost in zip(names, costs, strict=False)]
    texts: list[Text] = []
    for place, said in enumerate(ballots):
        choices = Choices(said) if isinstance(said, Mapping) else Choices(pairs=tuple(said))
        data = choices_data(check(choices, names, round_), round_)
        texts.append((f"k{place}", json.dumps(data), members[place] if members else None))
    return tally_round(round_, listed, texts, seed=seed, excluded={f"k{place}" for place in excluded})


def counted(round_: Round, *args: Any, **more: Any) -> Counted:
    found = counted_of(count_round(round_, *args, **more), round_)
    assert found is not None
    return found


@st.composite
def elections(draw: st.DrawFn, method: VotingMethod) -> Counted:
    """Small enough to be full of ties; some with a quorum, a threshold, or voters weighed by group."""
    size = draw(st.integers(2, 5))
    names = NAMES[:size]
    ballots = draw(st.lists(_ballot(KIND_OF[method], names), max_size=9))
    weighed = method.value not in UNGROUPED and draw(st.booleans())
    round_ = round_of(
        method,
        quorum=draw(st.sampled_from([None, 3])),
        threshold=draw(st.sampled_from([None, 40])),
        member_percent=draw(st.integers(1, 99)) if weighed else None,
    )
    members = draw(st.lists(st.booleans(), min_size=len(ballots), max_size=len(ballots)))
    return counted(round_, ballots, names=names, members=members, seed=draw(st.sampled_from([None, SEED])))


def _ballot(kind: Kind, names: str) -> st.SearchStrategy[Any]:
    one = st.sampled_from(names)
    if kind is Kind.PAIR:
        pair = st.permutations(names).map(lambda order: (order[0], order[1]))
        return st.lists(pair, max_size=4, unique_by=frozenset)
    if kind is Kind.RANK:
        orders = st.permutations(names).flatmap(lambda order: st.integers(0, len(names)).map(lambda n: order[:n]))
        return orders.map(lambda order: {name: place for place, name in enumerate(order, start=1)})
    highest = {Kind.APPROVE: 1, Kind.SCORE: 5, Kind.GRADE: 6, Kind.POINTS: 2}[kind]
    return st.dictionaries(one, st.integers(1, highest))
