"""What goes into a bundle."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crowd.core.exact import exact_text
from crowd.core.signing import Head
from crowd.core.tally.declared import Declared, Listed

FORMAT = "apertura-bundle-1"
WITHDRAW = "withdraw"
BEAT = "beat"
_encoded = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def canonical_line(entry: Mapping[str, Any]) -> bytes:
    """The one way to write a line, without its line feed."""
    return _encoded(entry).encode()


def group_of(*, member: bool) -> str:
    """The group of voters that a ballot belongs to."""
    return "members" if member else "public"


def leaf_line(
    ballot: str, act: str, n: int, nonce: str, choices: Mapping[str, Any] | None = None, group: str | None = None
) -> bytes:
    """The data of a leaf. `choices`: key and value as in a ballot, such as {"approve": ["a"]}; None for a withdrawal."""
    if (act == WITHDRAW) != (choices is None):
        raise ValueError("choices belong to every leaf but a withdrawal")
    entry = {"ballot": ballot, "act": act, "n": n, "nonce": nonce, **(choices or {})}
    return canonical_line(entry | ({"group": group} if choices is not None and group is not None else {}))


def beat_line(nonce: str) -> bytes:
    """The data of a leaf that says nothing: it makes every head differ from the one before, whether anybody voted or not."""
    return canonical_line({"act": BEAT, "nonce": nonce})


def ballot_entry(
    ballot: str, choices: Mapping[str, Any], group: str | None = None, voter: str | None = None
) -> dict[str, Any]:
    """A ballot as it stands in the bundle."""
    more = {"group": group, "voter": voter}
    return {"ballot": ballot, **choices, **{key: value for key, value in more.items() if value is not None}}


@dataclass(frozen=True)
class RoundFacts:
    """What `rules.json` says beside the terms. `engine`: name and version of the software that counted.

    `ledger`: false where the votes were cast elsewhere and came as a finished list.
    """

    call: str
    call_title: str
    round: str
    round_title: str
    origin: str
    rules_sha256: str
    secret: bool
    electorate: str
    electorate_size: int | None
    voted: int
    opened_at: str
    closed_at: str
    engine: str
    key_fingerprint: str
    ledger: bool = True


@dataclass(frozen=True)
class Contents:
    """`ballots`: entries in the order of ballot ids; `leaves`: lines in the order of the tree; both are gone through once.

    `exclusions`: `ballot` `reason` `at` each. `heads`: all, in order. `tie_secret`: what was committed to. Without a ledger there are none.
    """

    facts: RoundFacts
    declared: Declared
    candidates: Sequence[Listed]
    ballots: Iterable[Mapping[str, Any]]
    leaves: Iterable[bytes]
    heads: Sequence[Head]
    tie_secret: bytes
    exclusions: Sequence[Mapping[str, str]] = ()

    @property
    def commitment(self) -> str | None:
        return hashlib.sha256(self.tie_secret).hexdigest() if self.facts.ledger else None

    @property
    def seed(self) -> bytes | None:
        return hashlib.sha256(self.tie_secret + self.heads[-1].root).digest() if self.facts.ledger else None

    @property
    def rules_data(self) -> dict[str, Any]:
        facts = self.facts
        return {
            "format": FORMAT,
            "call": facts.call,
            "call_title": facts.call_title,
            "round": facts.round,
            "round_title": facts.round_title,
            "origin": facts.origin,
            "rules_sha256": facts.rules_sha256,
            "method": self.declared.method,
            "terms": self.declared.as_data(),
            "secret": facts.secret,
            "ledger": facts.ledger,
            "electorate": {"kind": facts.electorate, "size": facts.electorate_size, "voted": facts.voted},
            "opened_at": facts.opened_at,
            "closed_at": facts.closed_at,
            "tie_commitment": self.commitment,
            "engine": facts.engine,
            "key_fingerprint": facts.key_fingerprint,
        }

    @property
    def candidates_data(self) -> list[dict[str, Any]]:
        return [
            {
                "id": entry.id,
                "name": entry.name,
                "cost": None if entry.cost is None else exact_text(entry.cost),
                "struck": entry.struck,
            }
            for entry in self.candidates
        ]

    @property
    def tie_data(self) -> dict[str, str | None]:
        return {
            "commitment": self.commitment,
            "secret": self.tie_secret.hex(),
            "root": self.heads[-1].root.hex(),
            "seed": self.seed.hex() if self.seed else None,
        }
