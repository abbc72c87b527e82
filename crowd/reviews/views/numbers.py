"""The chair's numbers: raw beside adjusted, a cut line to move, criteria by colour, the reviewers. Nothing here decides."""

from collections.abc import Iterator
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from crowd.core.exact import rounded
from crowd.core.permissions import Permission
from crowd.reviews.gates import round_gate
from crowd.reviews.queries import Numbers, candidates_for, numbers_of
from crowd.reviews.views.blueprint import bp
from crowd.reviews.views.chair import own_stakes
from crowd.rounds.models import CallRound
from crowd.store.db import db
from crowd.web.access import Found
from crowd.web.numbers import natural
from crowd.web.sheets import csv_response

NUMBERS = "/calls/<public_id>/reviews/numbers"
COLUMNS = "place number title reviews raw_mean adjusted standard_error places_from places_to enough_to_adjust spread cut".split()


@bp.get(NUMBERS)
@round_gate.requires(Permission.ROUND_CHAIR)
def numbers(found: Found[CallRound]) -> str:
    components = found.facts.call.rules.selection.components
    decides = any(each.adjusted for each in components if each.round == found.row.key)
    return render_template("reviews/numbers.html", found=found, numbers=_numbers(found), decides=decides)


@bp.get(f"{NUMBERS}.csv")
@round_gate.requires(Permission.ROUND_CHAIR)
def numbers_csv(found: Found[CallRound]) -> Response:
    """One row for each proposal as on the page, with the mean of every criterion."""
    table = _numbers(found)
    keys = [f"criterion_{criterion.key}" for criterion in table.criteria]
    return csv_response(f"scores-{found.row.call.public_id}-{found.row.key}.csv", [*COLUMNS, *keys], _rows(table, keys))


def _numbers(found: Found[CallRound]) -> Numbers:
    """`?places=`: how many stand above the cut; without it, half of the candidates."""
    mine = own_stakes(found)
    half = (len(candidates_for(db.session(), found.row.id)) - len(mine) + 1) // 2
    places = natural(request.args.get("places"), half)
    return numbers_of(db.session(), found.row.id, found.facts.round, mine, places)


def _rows(table: Numbers, keys: list[str]) -> Iterator[dict[str, Any]]:
    for place, line in enumerate(table.lines, start=1):
        one = line.calibrated
        yield {
            "place": place,
            "number": line.proposal.number,
            "title": line.proposal.title,
            "reviews": line.score.reviews,
            "raw_mean": None if line.score.mean is None else rounded(line.score.mean, 3),
            "adjusted": _thousandths(one.adjusted if one else None),
            "standard_error": _thousandths(one.standard_error if one else None),
            "places_from": line.first,
            "places_to": line.last,
            "enough_to_adjust": "yes" if one and one.enough else "no",
            "spread": None if line.score.spread is None else rounded(line.score.spread, 3),
            "cut": line.verdict.value,
            **{key: rounded(cell.mean, 3) if cell else None for key, cell in zip(keys, line.cells, strict=True)},
        }


def _thousandths(value: float | None) -> str | None:
    return None if value is None else f"{value:.3f}"
