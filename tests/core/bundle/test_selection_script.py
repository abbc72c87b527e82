"""The script in the bundle of a selection, held against the engine it shares no code with."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crowd.core.receipt import tally_bundle
from crowd.core.rules import Component, CountRule, Criterion, Gate, GateKind, Quota, SelectionRules, TieBreak
from crowd.core.scoring import Adjusted, JuryScore, jury_score
from crowd.core.selection import Ranking, draw_line, from_jury, from_tally, rank_candidates
from crowd.core.selection.bundle import basis_data, jury_entry, proposal_entry
from crowd.core.verifier import selection as script
from crowd.core.verifier import selection_script
from tests.core.counting import count_approval

NAMES = ["ash", "birch", "cedar", "elm", "fir", "gum"]
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
RUBRIC = (Criterion("benefit", "", 60, ("0", "1", "2")), Criterion("ease", "", 40, ("0", "1", "2")))

scores = st.dictionaries(
    st.sampled_from(NAMES),
    st.lists(st.fixed_dictionaries({"benefit": st.integers(0, 2), "ease": st.integers(0, 2)}), max_size=3),
)
ballots = st.lists(st.lists(st.sampled_from(NAMES), unique=True, max_size=4), max_size=6)
quotas = st.lists(
    st.builds(
        lambda tag, least, more: Quota(tag, least, None if more is None else least + more),
        st.sampled_from(["x", "Y", "z"]),
        st.integers(0, 2),
        st.none() | st.integers(0, 2),
    ),
    unique_by=lambda quota: quota.tag,
    max_size=3,
)
gates = st.lists(
    st.sampled_from(
        [
            Gate(GateKind.LEAST_SUPPORTS, "crowd", "2"),
            Gate(GateKind.LEAST_MEDIAN, "jury", "3/2"),
            Gate(GateKind.LEAST_MEAN, "jury", "0.8"),
            Gate(GateKind.LEAST_REVIEWS, "jury", "2"),
        ]
    ),
    max_size=1,
)
selections = st.builds(
    SelectionRules,
    components=st.sampled_from(
        [
            (Component("crowd", 40), Component("jury", 60)),
            (Component("crowd", 40), Component("jury", 60, adjusted=True)),
            (Component("crowd", 100),),
            (Component("jury", 100),),
            (Component("jury", 100, adjusted=True),),
            (),
        ]
    ),
    gates=gates.map(tuple),
    count=st.sampled_from([CountRule.CUT_LINE, CountRule.GREEDY, CountRule.NONE]),
    places=st.none() | st.integers(1, 4),
    budget=st.none() | st.integers(1, 12),
    tie_break=st.sampled_from(TieBreak),
    quotas=quotas.map(tuple),
    reserve=st.none() | st.integers(1, 3),
)
about = st.fixed_dictionaries(
    {
        name: st.tuples(st.none() | st.integers(0, 5), st.integers(0, 2), st.lists(st.sampled_from("xyz")))
        for name in NAMES
    }
)


leniencies = st.none() | st.fixed_dictionaries(
    {name: st.tuples(st.integers(0, 4).map(lambda step: Fraction(step, 8)), st.integers(0, 900)) for name in NAMES}
)
"""None: not enough to adjust. Else how far each score moves, and its standard error in thousandths."""


def rounds(jury: Mapping[str, Any], stood: list[str], adjusted: Mapping[str, JuryScore] | None) -> list[dict[str, Any]]:
    both = {"candidates": NAMES, "without": []}
    return [
        {"key": "crowd", "kind": "vote", **both},
        {"key": "jury", "kind": "review", **both, "candidates": stood, **jury_entry(RUBRIC, 2, jury, adjusted)},
    ]


def adjusting(score: JuryScore, moved: tuple[Fraction, int]) -> JuryScore:
    if score.mean is None:
        return score
    return replace(score, adjusted=Adjusted(Fraction(f"{float(score.mean - moved[0]):.3f}"), Fraction(moved[1], 1000)))


def as_data(ranking: Ranking) -> list[tuple[str, int | None, str | None]]:
    return [(p.candidate, p.rank, None if p.total is None else str(p.total)) for p in ranking.placements]


def numbers_of(cell: Mapping[str, Any]) -> tuple[str | None, ...]:
    return cell["value"], cell["raw"], cell["standard_error"], cell["share"]


def as_text(number: Fraction | None) -> str | None:
    return None if number is None else str(number)


@given(selections, ballots, scores, about, st.lists(st.sampled_from(NAMES), min_size=4, unique=True), leniencies)
def test_script_and_engine_agree_on_every_rank_sum_and_place(
    rules: SelectionRules,
    cast: list[list[str]],
    said: Mapping[str, list[dict[str, int]]],
    known: Mapping[str, tuple[int | None, int, list[str]]],
    stood: list[str],
    moved: Mapping[str, tuple[Fraction, int]] | None,
) -> None:
    tally = count_approval(cast, NAMES)
    asked = any(component.adjusted for component in rules.components)
    jury = {name: jury_score(RUBRIC, said.get(name, ()), 2) for name in stood}
    if moved and asked:
        jury = {name: adjusting(score, moved[name]) for name, score in jury.items()}
    results = {"crowd": from_tally(tally), "jury": from_jury(jury)}
    ranking = rank_candidates(NAMES, results, rules)
    costs = {name: cost for name, (cost, _, _) in known.items()}
    times = {name: NOON + timedelta(microseconds=at) for name, (_, at, _) in known.items()}
    tags = {name: own for name, (_, _, own) in known.items()}
    cut = draw_line(ranking, rules, costs, times, tags=tags)
    entries = [
        proposal_entry(name, cost=costs[name], submitted_at=times[name], tags=list(dict.fromkeys(tags[name])))
        for name in NAMES
    ]
    reviewed = {name: found for name, found in said.items() if name in stood}
    basis = json.loads(
        json.dumps(basis_data("call", None, rules, entries, rounds(reviewed, sorted(stood), jury if asked else None)))
    )
    counted = json.loads(json.dumps(tally_bundle(tally, "crowd", "")))
    found = {"crowd": script.of_vote(counted), "jury": script.of_jury(basis["rounds"][1])}
    rows = script.ranking(basis, found)
    assert [(row["proposal"], row["rank"], row["total"]) for row in rows] == as_data(ranking)
    assert {row["proposal"]: [numbers_of(cell) for cell in row["components"]] for row in rows} == {
        p.candidate: [(as_text(c.value), as_text(c.raw), as_text(c.error), as_text(c.share)) for c in p.parts]
        for p in ranking.placements
    }
    assert [words for words in script.given(basis["rounds"][1], basis["rule"], found["jury"]) if "WRONG" in words] == []
    failed = {p.candidate: [(f.gate.kind.value, f.value) for f in p.failed] for p in ranking.placements}
    assert {
        row["proposal"]: [(f["gate"], None if f["value"] is None else Fraction(f["value"])) for f in row["failed"]]
        for row in rows
    } == failed
    assert script.line(basis, rows, {"crowd": counted}) == {
        "proposed": list(cut.proposed),
        "straddling": list(cut.straddling),
        "settled_by": cut.settled_by.value if cut.settled_by else None,
        "reserve": list(cut.reserve),
        "passed_over": [
            {"proposal": step.candidate, "why": step.fate.value, "quotas": list(step.quotas)}
            for step in cut.steps
            if step.quotas
        ],
    }


def test_the_script_compares_by_adjusted_scores_only_where_the_rule_says_so_and_looks_whose_they_are() -> None:
    said = {name: [{"benefit": mark, "ease": mark}] * 2 for name, mark in (("ash", 2), ("birch", 1))}
    jury = {
        name: adjusting(jury_score(RUBRIC, said[name], 2), (Fraction(place, 2), 250)) for place, name in enumerate(said)
    }
    entry = rounds(said, sorted(said), jury)[1]
    asked, raw = ({"components": [{"round": "jury", "weight": 100, "adjusted": each}]} for each in (True, False))
    assert entry["adjusted"] == {
        "ash": {"raw": "2", "score": "2.000", "standard_error": "0.250"},
        "birch": {"raw": "1", "score": "0.500", "standard_error": "0.250"},
    }
    found = script.of_jury(entry)
    assert (found["birch"][0], found["birch"][2]["least_mean"]) == (Fraction(1, 2), 1)
    assert list(script.given(entry, asked, found)) == ["jury: compared by adjusted scores, taken as given."]
    assert list(script.given(entry, raw, found)) == ["WRONG: jury: adjusted scores, for which the rule does not ask"]
    none = entry | {"adjusted": {}}
    assert list(script.given(none, asked, script.of_jury(none))) == [
        "jury: compared by raw means: not enough to adjust."
    ]
    other = entry | {"scores": entry["scores"] | {"ash": [[2, 2], [1, 1]]}}
    assert list(script.given(other, asked, script.of_jury(other)))[1:] == [
        "WRONG: jury, raw mean, ash: '2' is published, and '3/2' follows"
    ]


def test_the_script_is_short_enough_to_be_read_and_needs_the_standard_library_alone() -> None:
    text = selection_script()
    assert len(text.splitlines()) <= 250
    assert [line for line in text.splitlines() if line.startswith(("from crowd", "import crowd"))] == []
    compile(text, "verify.py", "exec")
