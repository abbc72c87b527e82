"""Results: a page told like an article, and the same rows as JSON and CSV."""

import hashlib
from typing import Any

from flask import Response, abort, jsonify, render_template

from crowd.calls.gates import find_call
from crowd.calls.models import Call
from crowd.core.answers import EVERYBODY
from crowd.core.fields import answer_part
from crowd.core.permissions import Permission
from crowd.core.rules import ResultsPublicity
from crowd.core.subjects import RoundFacts
from crowd.core.verifier import selection_script
from crowd.rounds.gates import find_round
from crowd.selection.queries.basis import bundle_of
from crowd.selection.queries.results import Results, results_of
from crowd.selection.queries.versions import versions_of
from crowd.selection.views import story
from crowd.selection.views.blueprint import bp
from crowd.selection.views.vote import vote_story
from crowd.store.db import db, utc_now
from crowd.web.access import Found, Gate, allowed, current_actor
from crowd.web.sheets import csv_response

results_gate: Gate[Call] = Gate(find_call, Permission.RESULTS_VIEW)
"""Before publication there is no such page but for managers."""

COLUMNS = ("id", "external_id", "title", "cost", "votes", "score", "rank", "outcome", "reason")


def _results(found: Found[Call]) -> Results:
    return results_of(db.session(), found.row, found.facts, current_actor(), utc_now())


@bp.get("/calls/<public_id>/results")
@results_gate.requires()
def results(found: Found[Call]) -> Any:
    shown, may_correct = _results(found), allowed(Permission.SELECTION_CORRECT, found.facts)
    lines = story.story_lines(shown)
    return render_template(
        "selection/results.html",
        found=found,
        results=shown,
        lines=lines,
        selected=[each for each in lines if each.line.outcome == "selected"],
        own=[each for each in lines if each.line.own],
        opening=story.opening(shown) if shown.counts else [],
        steps=story.how_counted(shown),
        tie=story.tie_words(shown),
        ahead=story.next_words(shown, utc_now()),
        recusals=story.recusal_words(shown),
        bars=story.chart_bars(lines),
        tells_votes=story.votes_stand_apart(lines),
        publicity=story.publicity_words(shown),
        vote=vote_story(shown) if found.facts.results_published else None,
        columns=[
            {"label": story.titles_of(shown)[c["round"]], "kind": "num"} for c in shown.record["rule"]["components"]
        ],
        juries=_named_juries(found),
        has_bundle=_has_bundle(shown),
        may_correct=may_correct,
        free=found.row.free_places if may_correct else 0,
        declined=[each for each in lines if each.line.outcome == "declined"],
        versions=versions_of(db.session(), found.row.id),
        script_sha256=_script_sha256(corrected=False),
        corrected_script_sha256=_script_sha256(corrected=True),
    )


def _script_sha256(*, corrected: bool) -> str:
    return hashlib.sha256(selection_script(corrected=corrected).encode()).hexdigest()


def _named_juries(found: Found[Call]) -> list[RoundFacts]:
    """Rounds whose jurors the rules name in public."""
    keys = [round_.key for round_ in found.facts.rules.rounds if round_.show_jurors]
    rounds = [find_round(db.session(), found, key) for key in keys]
    return [round_.facts for round_ in rounds if round_]


@bp.get("/calls/<public_id>/results.json")
@results_gate.requires()
def results_json(found: Found[Call]) -> Response:
    return jsonify(_results(found).data())


@bp.get("/calls/<public_id>/results/changes.json")
@results_gate.requires()
def results_changes(found: Found[Call]) -> Response:
    """What the published record does not say yet: who declined, who moved up, what was corrected."""
    shown = _results(found)
    record = shown.published.sha256 if shown.published else None
    return jsonify({"call": found.row.public_id, "record_sha256": record, "changes": shown.changes()})


@bp.get("/calls/<public_id>/results.csv")
@results_gate.requires()
def results_csv(found: Found[Call]) -> Response:
    """The rows of `results.json`, and beside them the answers to the call's public questions, a column for each."""
    asked = [answer_part(each.key) for each in found.facts.rules.custom_fields if each.seen_by in EVERYBODY]
    rows = [{**line.data(), **line.answers} for line in _results(found).lines]
    return csv_response(f"results-{found.row.public_id}.csv", (*COLUMNS, *asked), rows)


@bp.get("/calls/<public_id>/results/record.json")
@results_gate.requires()
def results_record(found: Found[Call]) -> Response:
    """The published record byte for byte, so that its fingerprint can be computed again."""
    shown = _results(found)
    if shown.published is None or not _has_bundle(shown):
        abort(404)
    return Response(shown.published.result, mimetype="application/json")


@bp.get("/calls/<public_id>/results/bundle.zip")
@results_gate.requires()
def results_bundle(found: Found[Call]) -> Response:
    """What anybody needs to work the selection out again, with all that changed since."""
    return _bundle(found, None)


@bp.get("/calls/<public_id>/results/bundle-<int:version>.zip")
@results_gate.requires()
def results_version(found: Found[Call], version: int) -> Response:
    """The same as it stood at one version: 1 is what was published."""
    return _bundle(found, version)


def _bundle(found: Found[Call], version: int | None) -> Response:
    shown = _results(found)
    if shown.published is None or not shown.published.basis or not _has_bundle(shown):
        abort(404)
    made = bundle_of(db.session(), found.row, shown.published, dict(shown.record), version)
    if made is None:
        abort(404)
    name = f"{found.row.public_id}-selection" + (f"-{version}" if version else "")
    response = Response(made, mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response


def _has_bundle(shown: Results) -> bool:
    """The record names everything; it is public where the results are."""
    everything = shown.facts.rules.results_publicity is ResultsPublicity.EVERYTHING
    return shown.published is not None and (everything or shown.sees_all)
