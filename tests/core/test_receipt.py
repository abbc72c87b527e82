"""Records that anyone can hash again."""

import hashlib
import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.core.receipt import canonical_json, sha256_of, submission_receipt, submission_record, tally_bundle
from tests.core.counting import count_approval, count_score

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
VERSION = {"title": "Señales", "text": "Una frase.", "cost": 1200, "files": ["a1"]}
marks = st.lists(st.lists(st.sampled_from("abc"), unique=True))


def test_a_receipt_is_the_hash_of_its_canonical_record() -> None:
    record = submission_record("p1", VERSION, NOON, "0" * 64)
    compact = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert submission_receipt("p1", VERSION, NOON, "0" * 64) == hashlib.sha256(compact).hexdigest()
    assert record["submitted_at"] == "2026-05-01T12:00:00Z"


def test_a_receipt_depends_on_everything_in_it_but_the_order_of_keys_and_the_zone() -> None:
    receipt = submission_receipt("p1", VERSION, NOON, "0" * 64)
    there = NOON.astimezone(timezone(timedelta(hours=-5)))
    assert submission_receipt("p1", dict(reversed(VERSION.items())), there, "0" * 64) == receipt
    others = {
        submission_receipt("p2", VERSION, NOON, "0" * 64),
        submission_receipt("p1", VERSION | {"cost": 1201}, NOON, "0" * 64),
        submission_receipt("p1", VERSION, NOON + timedelta(seconds=1), "0" * 64),
        submission_receipt("p1", VERSION, NOON, "1" * 64),
    }
    assert len(others | {receipt}) == 5


def test_floats_are_refused_however_deep() -> None:
    with pytest.raises(TypeError, match="floats"):
        canonical_json({"a": [{"b": 0.5}]})


def test_a_tally_bundle_by_hand() -> None:
    tally = count_score([{"a": 5, "b": 2}, {"b": 3}], ["a", "b", "c"], without=["c"])
    assert tally_bundle(replace(tally, trace={}), "crowd", "0" * 64) == {
        "format": "apertura-tally-1",
        "round": "crowd",
        "rule": "score",
        "rules_sha256": "0" * 64,
        "candidates": ["a", "b", "c"],
        "without": ["c"],
        "ballots": 2,
        "invalid": 0,
        "totals": [
            {"candidate": "a", "total": "5", "votes": 1, "points": [1, 0, 0, 0, 0, 1]},
            {"candidate": "b", "total": "5", "votes": 2, "points": [0, 0, 1, 1, 0, 0]},
        ],
        "ranking": [["a", "b"]],
    }


@given(marks, st.randoms(use_true_random=False))
def test_a_tally_bundle_has_one_hash_for_all_orders_of_its_ballots(
    ballots: list[list[str]], rng: random.Random
) -> None:
    bundles = [
        tally_bundle(count_approval(listed, "abc"), "crowd", "")
        for listed in (ballots, rng.sample(ballots, len(ballots)))
    ]
    assert sha256_of(bundles[0]) == sha256_of(bundles[1])
