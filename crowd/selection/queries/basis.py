"""What a selection is made from, as its bundle holds it; and the bundle of what was published."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.rules import RoundKind
from crowd.core.selection.bundle import basis_data, jury_entry, proposal_entry, selection_zip
from crowd.core.selection.corrected import FIRST
from crowd.proposals.models import ProposalTag
from crowd.reviews.queries import scores_of_round
from crowd.rounds.models import CallRound
from crowd.selection.models import PublishedResult
from crowd.selection.queries.numbers import Numbers, RoundNumbers
from crowd.selection.queries.versions import correction_files
from crowd.store.db import in_chunks
from crowd.voting.models import Tally


def basis_of(session: Session, call: str, rules_sha256: str | None, numbers: Numbers) -> dict[str, Any]:
    tags = _tags(session, numbers)
    proposals = [
        proposal_entry(key, cost=row.cost, submitted_at=row.submitted_at, tags=tags.get(row.id, []))
        for key, row in numbers.proposals.items()
    ]
    rounds = [_round(session, found, numbers) for found in numbers.rounds]
    return basis_data(call, rules_sha256, numbers.rules, proposals, rounds)


def _tags(session: Session, numbers: Numbers) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for ids in in_chunks([row.id for row in numbers.proposals.values()]):
        for id_, tag in session.execute(
            select(ProposalTag.proposal_id, ProposalTag.tag).where(ProposalTag.proposal_id.in_(ids))
        ):
            found.setdefault(id_, []).append(tag)
    return found


def _round(session: Session, found: RoundNumbers, numbers: Numbers) -> dict[str, Any]:
    entry = {
        "key": found.round.key,
        "kind": found.round.kind.value,
        "candidates": sorted(found.candidates),
        "without": sorted(found.struck),
    }
    if found.round.kind is not RoundKind.REVIEW:
        return entry
    keys = {row.id: key for key, row in numbers.proposals.items()}
    scores = {keys[id_]: said for id_, said in scores_of_round(session, found.row.id).items() if id_ in keys}
    told = {key: score for key, score in (found.jury or {}).items() if key in scores} if found.adjusted else None
    return entry | jury_entry(found.round.criteria, found.round.min_reviews, scores, told)


def bundle_of(
    session: Session, call: Call, published: PublishedResult, record: dict[str, Any], version: int | None
) -> bytes | None:
    """The published selection as a zip, with the counts that the record names and the changes up to `version` (None: all of them)."""
    corrections = correction_files(session, call, published.sha256)
    newest = len(corrections) + FIRST - 1
    if version is not None and not 1 <= version <= newest:
        return None
    tallies = {}
    for entry in record["rounds"]:
        text = session.scalar(
            select(Tally.result)
            .join(CallRound, CallRound.id == Tally.round_id)
            .where(CallRound.call_id == call.id, CallRound.key == entry["key"], Tally.sha256 == entry["tally_sha256"])
            .limit(1)
        )
        if text is not None:
            tallies[entry["key"]] = text
    kept = corrections[: (version or newest) - FIRST + 1]
    return selection_zip(published.result, published.basis, tallies, kept)
