"""What a person or a verifier can hash again: submission receipts and tally bundles, as canonical JSON (RFC 8785)."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import rfc8785

from crowd.core.exact import exact, exact_text
from crowd.core.rules import VotingMethod
from crowd.core.tally.result import Line, Tally, Undecided
from crowd.core.wall_clock import utc_text

SUBMISSION_FORMAT = "apertura-submission-1"
TALLY_FORMAT = "apertura-tally-1"


def canonical_json(data: Any) -> bytes:
    """Canonical JSON of objects with text keys, arrays, text, integers, booleans and null. TypeError for floats."""
    _refuse_floats(data)
    return rfc8785.dumps(data)


def sha256_of(data: Any) -> str:
    """SHA-256 of the canonical JSON, as 64 hex digits."""
    return hashlib.sha256(canonical_json(data)).hexdigest()


def submission_record(proposal: str, version: Mapping[str, Any], at: datetime, rules_sha256: str) -> dict[str, Any]:
    """What a submission receipt is the hash of: the version as handed in, when, and under which rules."""
    return {
        "format": SUBMISSION_FORMAT,
        "proposal": proposal,
        "version": dict(version),
        "submitted_at": utc_text(at),
        "rules_sha256": rules_sha256,
    }


def submission_receipt(proposal: str, version: Mapping[str, Any], at: datetime, rules_sha256: str) -> str:
    return sha256_of(submission_record(proposal, version, at, rules_sha256))


def tally_bundle(tally: Tally, round_key: str, rules_sha256: str) -> dict[str, Any]:
    """A count as data: the rule, the frozen candidate list, exact totals as text, and the groups of the ranking."""
    return {
        "format": TALLY_FORMAT,
        "round": round_key,
        "rule": tally.method.value,
        "rules_sha256": rules_sha256,
        "candidates": sorted({*tally.candidates, *tally.without}),
        "without": list(tally.without),
        "ballots": tally.ballots,
        "invalid": tally.invalid,
        "totals": [_line_data(line) for line in tally.lines],
        "ranking": [list(group) for group in tally.ranking],
        **({"outcome": dict(tally.trace)} if tally.trace else {}),
        **({"undecided": [[*one.pair, dict(one.whys)] for one in tally.undecided]} if tally.undecided else {}),
    }


def tally_of(bundle: Mapping[str, Any]) -> Tally:
    """The count that `tally_bundle` wrote down."""
    lines = tuple(
        Line(entry["candidate"], exact(entry["total"]), entry["votes"], tuple(entry["points"]))
        for entry in bundle["totals"]
    )
    return Tally(
        method=VotingMethod(bundle["rule"]),
        lines=lines,
        ballots=bundle["ballots"],
        invalid=bundle["invalid"],
        without=tuple(bundle["without"]),
        groups=tuple(tuple(group) for group in bundle["ranking"]),
        trace=bundle.get("outcome", {}),
        undecided=tuple(Undecided((one, other), whys) for one, other, whys in bundle.get("undecided", ())),
    )


def _line_data(line: Line) -> dict[str, Any]:
    return {
        "candidate": line.candidate,
        "total": exact_text(line.total),
        "votes": line.votes,
        "points": list(line.points),
    }


def _refuse_floats(data: Any) -> None:
    if isinstance(data, float):
        message = "floats have no place in a record that is hashed"
        raise TypeError(message)
    if isinstance(data, Mapping):
        for value in data.values():
            _refuse_floats(value)
    elif isinstance(data, list | tuple):
        for value in data:
            _refuse_floats(value)
