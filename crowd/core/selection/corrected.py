"""A published selection after its changes: a chain of small files, each with one change, its public note and what stands now.

`result.json` is version 1 and stays as it was published. Version n adds `corrections/n.json`, which names the SHA-256 of the file before it,
so that the newest stands for all of them. `stands`: outcome and reason of every proposal that was ever changed; of all others those of
`result.json` hold.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crowd.core.receipt import canonical_json
from crowd.core.wall_clock import utc_text

FORMAT = "apertura-correction-1"
FIRST = 2
"""The version that the first change makes."""


@dataclass(frozen=True)
class PublicChange:
    """One change of an outcome or a reason, by public ids. `before` and `after`: outcome and reason as they were told."""

    proposal: str
    kind: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    note: str
    in_place_of: str | None
    at: datetime


def correction_texts(call: str, record_sha256: str, changes: Sequence[PublicChange]) -> list[str]:
    """The file of each version after the first, oldest first."""
    texts, stands, before = list[str](), dict[str, Mapping[str, str]](), record_sha256
    for version, change in enumerate(changes, start=FIRST):
        stands[change.proposal] = change.after
        data = _file(call, version, before, change) | {"stands": stands}
        texts.append(canonical_json(data).decode())
        before = sha256_of_text(texts[-1])
    return texts


def sha256_of_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _file(call: str, version: int, before: str, change: PublicChange) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "call": call,
        "version": version,
        "before_sha256": before,
        "published_at": utc_text(change.at),
        "change": {
            "proposal": change.proposal,
            "kind": change.kind,
            "from": change.before,
            "to": change.after,
            "note": change.note,
            "in_place_of": change.in_place_of,
        },
    }
