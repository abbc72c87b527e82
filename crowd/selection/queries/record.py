"""The published result as data that is hashed: rules, counts, ranking with its arithmetic, outcomes and reasons. No people."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from crowd.core.exact import exact_text
from crowd.core.rules import RoundKind, to_data
from crowd.core.selection import Failed, Part, Placement
from crowd.core.wall_clock import utc_text
from crowd.reviews.queries import Recusals, recusals_of_round, versions_reviewed
from crowd.rounds.queries import frozen_versions
from crowd.selection.queries.numbers import Numbers, RoundNumbers
from crowd.selection.queries.room import Room, Row
from crowd.voting.queries import versions_marked

FORMAT = "apertura-result-1"


def result_record(  # noqa: PLR0913 (the parts of the record, all by name)
    session: Session,
    *,
    call: str,
    rules_sha256: str | None,
    basis_sha256: str,
    room: Room,
    justification: str,
    incomplete_justification: str,
    confirmed: Iterable[str],
    now: datetime,
) -> dict[str, Any]:
    """Everything needed to check the result again, canonical: text, integers, booleans, null."""
    numbers = room.numbers
    seats = juries(session, numbers)
    return {
        "format": FORMAT,
        "call": call,
        "rules_sha256": rules_sha256,
        "basis_sha256": basis_sha256,
        "published_at": utc_text(now),
        "rule": to_data(numbers.rules),
        "rounds": [_round(found, seats) | {"versions": _versions(session, found)} for found in numbers.rounds],
        "ranking": [_placement(placement) for placement in numbers.ranking.placements],
        "line": {
            "proposed": list(numbers.cut.proposed),
            "straddling": list(numbers.cut.straddling),
            "settled_by": numbers.cut.settled_by.value if numbers.cut.settled_by else None,
            "reserve": list(numbers.cut.reserve),
            "passed_over": [
                {"proposal": step.candidate, "why": step.fate.value, "quotas": list(step.quotas)}
                for step in numbers.cut.steps
                if step.quotas
            ],
        },
        "outcomes": [_outcome(row) for row in room.rows],
        "justification": justification,
        "incomplete_justification": incomplete_justification,
        "confirmed_by_others": list(confirmed),
    }


def _outcome(row: Row) -> dict[str, Any]:
    verdict = row.verdict
    return {
        "proposal": row.proposal.public_id,
        "outcome": verdict.outcome.value if verdict else "not_selected",
        "reason": verdict.reason if verdict else row.proposal.outcome_reason,
        "reason_code": verdict.reason_code if verdict else "left_out",
        "left_out_earlier": row.told,
    }


def _text(value: Fraction | None) -> str | None:
    return None if value is None else exact_text(value)


def _placement(placement: Placement) -> dict[str, Any]:
    return {
        "proposal": placement.candidate,
        "rank": placement.rank,
        "total": _text(placement.total),
        "components": [_part(part) for part in placement.parts],
        "failed": [_failed(failed) for failed in placement.failed],
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "round": part.round,
        "weight": part.weight,
        "value": _text(part.value),
        "missing": part.missing.value if part.missing else None,
        "beaten": part.beaten,
        "tied": part.tied,
        "others": part.others,
        "share": _text(part.share),
        "contribution": _text(part.contribution),
        "raw": _text(part.raw),
        "standard_error": _text(part.error),
    }


def _failed(failed: Failed) -> dict[str, Any]:
    return {
        "gate": failed.gate.kind.value,
        "round": failed.gate.round,
        "least": exact_text(failed.least),
        "value": _text(failed.value),
    }


def _round(found: RoundNumbers, seats: Mapping[int, Recusals]) -> dict[str, Any]:
    seat = seats.get(found.row.id, Recusals(0, 0, 0))
    return {
        "key": found.round.key,
        "title": found.round.title,
        "kind": found.round.kind.value,
        "method": found.round.method.value if found.round.kind is RoundKind.VOTE else None,
        "candidates": sorted(found.candidates),
        "without": sorted(found.struck),
        "scores": found.scores,
        "ballots": found.tally.ballots if found.tally else None,
        "tally_sha256": found.tally_sha256,
        "reviewers": seat.reviewers,
        "recused": seat.recused,
        "recused_on": seat.proposals,
    }


def _versions(session: Session, found: RoundNumbers) -> list[dict[str, Any]]:
    """Which version of each text stood on the list when it was frozen, and how many votes or reviews saw which."""
    seen = versions_marked if found.round.kind is RoundKind.VOTE else versions_reviewed
    counts = seen(session, found.row.id)
    frozen = frozen_versions(session, found.row.id)
    return [
        {
            "proposal": key,
            "frozen": frozen[key],
            "seen": [{"version": version, "count": count} for version, count in sorted(counts.get(key, {}).items())],
        }
        for key in sorted(frozen)
    ]


def juries(session: Session, numbers: Numbers) -> dict[int, Recusals]:
    """Per review round: how many reviewers there were, how many stepped back, and on how many proposals."""
    reviews = [found.row.id for found in numbers.rounds if found.round.kind is RoundKind.REVIEW]
    return {id_: recusals_of_round(session, id_) for id_ in reviews}


def live_record(session: Session, call: str, numbers: Numbers) -> dict[str, Any]:
    """The same parts for a call without a published record (an imported election): computed from what is stored."""
    seats = juries(session, numbers)
    return {
        "call": call,
        "rule": to_data(numbers.rules),
        "rounds": [_round(found, seats) for found in numbers.rounds],
        "ranking": [_placement(placement) for placement in numbers.ranking.placements],
        "line": {"proposed": [], "straddling": [], "settled_by": None, "reserve": [], "passed_over": []},
        "justification": "",
        "incomplete_justification": "",
        "confirmed_by_others": [],
    }
