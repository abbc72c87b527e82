"""Prizes: money in minor units of a currency, split by agreed shares, and what may become of a part. Pure."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from crowd.core.errors import IllegalMove

P = TypeVar("P")
UNITS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}
"""Decimals of the currencies that have not two, after ISO 4217."""
NO_AMOUNT = "not an amount of this currency"
MOST = 10**15
"""Minor units: far above any prize, far below what a column holds."""


class PartState(StrEnum):
    """Where the part of one receiver stands. Stored; never rename."""

    DUE = "due"
    ACCEPTED = "accepted"
    PAID = "paid"
    DECLINED = "declined"


class PartMove(StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"
    PAY = "pay"
    UNPAY = "unpay"


_MOVES: dict[PartMove, tuple[frozenset[PartState], PartState]] = {
    PartMove.ACCEPT: (frozenset({PartState.DUE, PartState.DECLINED}), PartState.ACCEPTED),
    PartMove.DECLINE: (frozenset({PartState.DUE, PartState.ACCEPTED}), PartState.DECLINED),
    PartMove.PAY: (frozenset({PartState.ACCEPTED}), PartState.PAID),
    PartMove.UNPAY: (frozenset({PartState.PAID}), PartState.ACCEPTED),
}


def next_state(move: PartMove, state: PartState, *, answers: bool = True) -> PartState:
    """The state after `move`. `answers`: the receiver has an account; whoever has none is paid without an answer.

    Raises IllegalMove when the move does not start at `state`.
    """
    sources, target = _MOVES[move]
    if move is PartMove.PAY and not answers:
        sources = sources | {PartState.DUE}
    if state not in sources:
        raise IllegalMove(move, state)
    return PartState.DUE if move is PartMove.UNPAY and not answers else target


def split(amount: int, shares: Mapping[P, int]) -> dict[P, int]:
    """`amount` minor units by shares (any whole weights), to the unit: Hamilton's method of the largest remainders.

    What does not divide goes one unit each to the largest remainders, equal ones to the larger share, then in the order given;
    so whoever has a larger share never gets less. Shares that are all 0 count as equal. ValueError for nobody or below zero.
    """
    if not shares or amount < 0 or min(shares.values()) < 0:
        message = "an amount of zero or more, and shares of zero or more, of at least one person"
        raise ValueError(message)
    total = sum(shares.values())
    weights = dict(shares) if total else dict.fromkeys(shares, 1)
    total = total or len(weights)
    exact = {person: divmod(amount * weight, total) for person, weight in weights.items()}
    rest = amount - sum(whole for whole, _ in exact.values())
    order = sorted(weights, key=lambda person: (-exact[person][1], -weights[person]))
    favoured = set(order[:rest])
    return {person: whole + (person in favoured) for person, (whole, _) in exact.items()}


def decimals(currency: str) -> int:
    return UNITS.get(currency, 2)


def read_amount(text: str, currency: str) -> int:
    """Minor units from an amount as people write it, with point or comma and blanks between groups: "1 200,50" → 120050.

    ValueError otherwise: more decimals than the currency has, a sign, nothing, or too much.
    """
    places = decimals(currency)
    match = re.fullmatch(r"(\d+)(?:[.,](\d+))?", re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d{3})", "", text.strip()), re.ASCII)
    if not match or len(match[1]) > len(str(MOST)) or len(match[2] or "") > places:
        raise ValueError(NO_AMOUNT)
    unit: int = 10**places
    amount = int(match[1]) * unit + int((match[2] or "").ljust(places, "0") or "0")
    if not 0 < amount <= MOST:
        raise ValueError(NO_AMOUNT)
    return amount


def amount_text(amount: int, currency: str) -> str:
    """Minor units as a plain decimal: 120050 EUR → "1200.50"."""
    places = decimals(currency)
    whole, rest = divmod(amount, 10**places)
    return f"{whole}.{rest:0{places}d}" if places else str(whole)
