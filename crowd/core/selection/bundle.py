"""The bundle of a published selection: a zip from which anybody works it out again.

`result.json` is the published record, byte for byte. `basis.json` is what it was made from: the rules of selection, of every proposal
cost, tags and when it was handed in, and of every round who stood in it, with the raw scores of the reviews, without names and sorted, so
that neither who wrote one nor in what order they came can be seen. Where the rules compare by adjusted scores these stand beside, with three
decimals, their standard errors and the raw means they adjust (none: there was not enough to adjust); without the reviewers nobody can work
them out again, so the script takes them as given and says so. `tallies/KEY.json` are the counts of the votes, as the record names
them by SHA-256; their own bundles stand beside them on the pages of the rounds. `verify.py` is the script. Of a later version `corrections/N.json`
hold what changed after it was published (`corrected.py`), and the script follows them.
"""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from crowd.core.exact import exact_text, rounded
from crowd.core.rules import Criterion, SelectionRules, to_data
from crowd.core.scoring import JuryScore
from crowd.core.selection.corrected import FIRST
from crowd.core.verifier import selection_script

FORMAT = "apertura-selection-1"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def basis_data(
    call: str,
    rules_sha256: str | None,
    rules: SelectionRules,
    proposals: Iterable[Mapping[str, Any]],
    rounds: Iterable[Mapping[str, Any]],
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "call": call,
        "rules_sha256": rules_sha256,
        "rule": to_data(rules),
        "proposals": sorted(proposals, key=lambda entry: str(entry["id"])),
        "rounds": list(rounds),
    }


def proposal_entry(id_: str, *, cost: int | None, submitted_at: datetime | None, tags: Sequence[str]) -> dict[str, Any]:
    """`submitted_at` to the microsecond, as it settles ties."""
    at = submitted_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if submitted_at else None
    return {"id": id_, "cost": cost, "submitted_at": at, "tags": sorted(tags)}


def jury_entry(
    criteria: Sequence[Criterion],
    min_reviews: int,
    scores: Mapping[str, Iterable[Mapping[str, int]]],
    adjusted: Mapping[str, JuryScore] | None = None,
) -> dict[str, Any]:
    """The rubric by weights, and of each proposal the scores of its reviews in the order of the rubric.

    `adjusted`: the scores of the jury where the rules compare by adjusted ones.
    """
    raw = {key: sorted([review[c.key] for c in criteria] for review in reviews) for key, reviews in scores.items()}
    return {
        "criteria": [{"key": c.key, "weight": 0 if c.independent else c.weight} for c in criteria],
        "min_reviews": min_reviews,
        "scores": raw,
        "adjusted": None if adjusted is None else _adjusted(adjusted),
    }


def _adjusted(scores: Mapping[str, JuryScore]) -> dict[str, Any]:
    return {
        key: {
            "raw": exact_text(one.mean),
            "score": rounded(one.adjusted.score, 3),
            "standard_error": rounded(one.adjusted.error, 3),
        }
        for key, one in sorted(scores.items())
        if one.mean is not None and one.adjusted is not None
    }


def selection_zip(result: str, basis: str, tallies: Mapping[str, str], corrections: Sequence[str] = ()) -> bytes:
    """The same bytes whenever it is written. `tallies`: by key of the round; `corrections`: the first made version 2."""
    files = {
        "basis.json": basis,
        "result.json": result,
        **{f"tallies/{key}.json": text for key, text in sorted(tallies.items())},
        **{f"corrections/{version}.json": text for version, text in enumerate(corrections, start=FIRST)},
        "verify.py": selection_script(corrected=bool(corrections)),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), text.encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()
