"""Bundles of small elections: every ballot cast, some changed, some withdrawn, sealed in two heads by a fixed key."""

import hashlib
import io
import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crowd.core.bundle import Contents, Counted, RoundFacts, ballot_entry, leaf_line, write_bundle
from crowd.core.ledger import Frontier, leaf_hash
from crowd.core.rules import BUDGET_METHODS
from crowd.core.signing import Head, key_fingerprint, signed_head
from crowd.core.tally.choices import key_of
from crowd.core.tally.declared import Declared, Listed
from crowd.core.tally.profile import Kind

ORIGIN = "calls.example.org/rounds/7"
SECRET = bytes(range(32))
GENUINE = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"\x08" * 32)
Choices = Sequence[Any]


def public_of(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def contents_of(
    declared: Declared,
    candidates: Sequence[Listed],
    choices: Choices,
    *,
    groups: Sequence[str] = (),
    excluded: Sequence[int] = (),
    voters: Sequence[str] = (),
    ledger: bool = True,
    passed: Mapping[int, Any] = MappingProxyType({}),
    key: Ed25519PrivateKey = GENUINE,
) -> Contents:
    """`choices[i]`: what ballot i says in the end; `groups`, `voters` likewise; `excluded` names places. `ledger`: else they were cast elsewhere.

    `passed`: of some places, the pairs that could not be decided.
    """
    rng = random.Random(5)
    name = key_of(declared.kind)
    ids = [hashlib.sha256(b"%d" % place).hexdigest()[:16] for place in range(len(choices))]
    rows = [
        (
            ids[place],
            {name: said} | ({"passed": passed[place]} if place in passed else {}),
            groups[place] if groups else None,
            voters[place] if voters else None,
        )
        for place, said in enumerate(choices)
    ]
    leaves = [leaf for row in rows for leaf in _leaves(rng, *row[:3])]
    if leaves:
        leaves += [
            leaf_line("f" * 16, "cast", 1, "00", rows[0][1], rows[0][2]),
            leaf_line("f" * 16, "withdraw", 2, "01"),
        ]
    rng.shuffle(leaves)
    return Contents(
        facts=_facts(len(choices), key, secret=not voters, ledger=ledger),
        declared=declared,
        candidates=candidates,
        ballots=[ballot_entry(*row) for row in sorted(rows)],
        leaves=leaves,
        heads=_heads(leaves, key),
        tie_secret=SECRET,
        exclusions=[{"ballot": ids[place], "reason": "cast twice", "at": "2026-11-29T12:30:00Z"} for place in excluded],
    )


def bundle_of(contents: Contents, key: Ed25519PrivateKey = GENUINE) -> tuple[bytes, Counted]:
    file = io.BytesIO()
    written = write_bundle(file, contents, public_of(key), key.sign)
    return file.getvalue(), written


def _leaves(rng: random.Random, ballot: str, choices: Mapping[str, Any], group: str | None) -> list[bytes]:
    def leaf(act: str, n: int, said: Mapping[str, Any] | None) -> bytes:
        return leaf_line(ballot, act, n, f"{rng.getrandbits(64):016x}", said, group)

    blank = {key: type(said)() for key, said in choices.items()}
    histories: list[list[Mapping[str, Any] | None]] = [[], [blank], [blank, None], [choices, blank]]
    before = rng.choice(histories)
    acts = [
        leaf("withdraw" if said is None else "change" if n > 1 else "cast", n, said)
        for n, said in enumerate(before, start=1)
    ]
    return [*acts, leaf("change" if before else "cast", len(before) + 1, choices)]


def _heads(leaves: Sequence[bytes], key: Ed25519PrivateKey) -> list[Head]:
    tree = Frontier()
    found = []
    for size, at in ((len(leaves) // 2, "2026-11-29T11:00:00Z"), (len(leaves), "2026-11-29T12:00:00Z")):
        tree.extend(leaf_hash(leaf) for leaf in leaves[tree.size : size])
        found.append(signed_head(ORIGIN, size, tree.root, at, key.sign))
    return found


def _facts(voted: int, key: Ed25519PrivateKey, *, secret: bool, ledger: bool = True) -> RoundFacts:
    return RoundFacts(
        call="3",
        call_title="Ideas for the harbour",
        round="7",
        round_title="Final vote",
        origin=ORIGIN,
        rules_sha256="ab" * 32,
        secret=secret,
        electorate="members" if ledger else "roll",
        electorate_size=voted + 3 if ledger else None,
        voted=voted,
        opened_at="2026-11-28T12:00:00Z",
        closed_at="2026-11-29T12:00:00Z",
        engine="Apertura 0.1.0",
        key_fingerprint=key_fingerprint(public_of(key)),
        ledger=ledger,
    )


SAID: Mapping[Kind, Choices] = {
    Kind.APPROVE: [["a"], ["a", "c"], ["b"], [], ["c", "b"], ["a", "b"], ["d"]],
    Kind.RANK: [
        [["a"], ["b", "c"]],
        [["b"], ["a"]],
        [],
        [["c"], ["a"], ["b"]],
        [["d"], ["c"]],
        [["a"]],
        [["c"], ["d"]],
    ],
    Kind.SCORE: [{"a": 5, "b": 1}, {"b": 5}, {}, {"c": 3, "a": 2}, {"d": 4}, {"a": 5, "c": 5}, {"b": 2}],
    Kind.POINTS: [{"a": 3, "b": 1}, {"b": 4}, {}, {"c": 2, "a": 2}, {"d": 4}, {"a": 1, "c": 1}, {"b": 2}],
    Kind.GRADE: [
        {"a": "good"},
        {"b": "good", "c": "acceptable"},
        {},
        {"c": "poor", "a": "poor"},
        {"d": "good"},
        {"a": "excellent"},
        {},
    ],
    Kind.PAIR: [[["a", "b"], ["b", "c"]], [["c", "a"]], [], [["a", "d"], ["d", "c"]], [["b", "a"]], [["a", "c"]], []],
}


def round_of(method: str, *, key: Ed25519PrivateKey = GENUINE, ledger: bool = True) -> Contents:
    """A round of seven voters by this method, one of them excluded."""
    budgeted = method in BUDGET_METHODS
    candidates = [
        Listed(name, name.upper(), Fraction(at + 1, 2) if budgeted else None) for at, name in enumerate("abcd")
    ]
    declared = Declared(method, budget=Fraction(3) if budgeted else None, quorum=2, threshold=Fraction(5, 2))
    return contents_of(declared, candidates, SAID[declared.kind], excluded=[1], key=key, ledger=ledger)
