"""The rules as one value: to data and back, the fingerprint, and what is refused."""

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.core.rules import (
    CallRules,
    Component,
    Field,
    FieldKind,
    Gate,
    GateKind,
    Round,
    RoundKind,
    SelectionRules,
    Stage,
    canonical,
    fingerprint,
    from_data,
    to_data,
)
from crowd.core.status import StageKind
from tests.drawing import draws

whole_seconds = st.datetimes(timezones=st.just(UTC)).map(lambda at: at.replace(microsecond=0))
plain = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
optional_numbers = st.none() | st.integers(0, 10**9)
rules = st.builds(
    CallRules,
    title=plain,
    body=plain,
    tags=st.lists(plain, max_size=3).map(tuple),
    answer_days=optional_numbers,
    declarations=st.lists(plain, max_size=2).map(tuple),
    stages=st.lists(
        st.builds(Stage, plain, st.sampled_from(StageKind), whole_seconds, st.none() | whole_seconds), max_size=3
    ).map(tuple),
    rounds=st.lists(
        st.builds(
            Round,
            key=plain,
            kind=st.sampled_from(RoundKind),
            stage=plain,
            title=plain,
            field=st.builds(
                Field,
                kind=st.sampled_from(FieldKind),
                source=st.none() | plain,
                best=optional_numbers,
                gates=st.lists(st.builds(Gate, st.sampled_from(GateKind), plain, plain), max_size=2).map(tuple),
            ),
        ),
        max_size=2,
    ).map(tuple),
    selection=st.builds(
        SelectionRules,
        components=st.lists(st.builds(Component, plain, st.integers(0, 100)), max_size=2).map(tuple),
        places=optional_numbers,
        budget=optional_numbers,
    ),
)


def _shuffled(data: Any, rng: random.Random) -> Any:
    """The same data with the keys of every object in another order."""
    if isinstance(data, dict):
        return {key: _shuffled(data[key], rng) for key in rng.sample(list(data), len(data))}
    return [_shuffled(item, rng) for item in data] if isinstance(data, list) else data


@draws(40)
@given(rules, st.randoms(use_true_random=False))
def test_rules_come_back_from_json_with_the_same_fingerprint_whatever_the_order_of_keys(
    value: CallRules, rng: random.Random
) -> None:
    data = json.loads(json.dumps(to_data(value)))
    read = from_data(CallRules, _shuffled(data, rng))
    assert read == value
    assert fingerprint(read) == fingerprint(value)
    assert json.loads(canonical(value)) == data


@draws(30)
@given(rules, rules)
def test_different_rules_have_different_fingerprints(one: CallRules, other: CallRules) -> None:
    assert (fingerprint(one) == fingerprint(other)) == (one == other)


def test_absent_keys_take_their_default_and_unknown_ones_are_ignored() -> None:
    assert from_data(CallRules, {"title": "Trees", "colour": "green"}) == CallRules(title="Trees")


def test_a_time_in_another_zone_is_the_same_time() -> None:
    noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    here = Stage("s", StageKind.SUBMISSION, noon)
    there = replace(here, opens_at=noon.astimezone(timezone(timedelta(hours=2))))
    assert to_data(here)["opens_at"] == "2026-05-01T12:00:00Z"
    assert fingerprint(here) == fingerprint(there)


@pytest.mark.parametrize(
    "data",
    [
        {"title": 3},
        {"answer_days": True},
        {"answer_days": "3"},
        {"tags": "abc"},
        {"tags": [1]},
        {"audience": "martians"},
        {"selection": "all"},
        {"stages": [{"key": "s", "kind": "submission", "opens_at": 5}]},
        {"stages": [{"key": "s", "kind": "submission", "opens_at": "2026-05-01T12:00:00"}]},
        {"stages": [{"key": "s"}]},
        "title",
    ],
)
def test_data_of_another_type_is_refused(data: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        from_data(CallRules, data)


def test_a_time_without_a_zone_is_not_written() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        to_data(Stage("s", StageKind.SUBMISSION, datetime(2026, 5, 1)))  # noqa: DTZ001


def test_rounds_and_stages_are_found_by_key() -> None:
    noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    stage, ballot = Stage("v", StageKind.VOTING, noon), Round("crowd", RoundKind.VOTE, "v", "Vote")
    value = CallRules(stages=(stage,), rounds=(ballot,))
    assert (value.stage("v"), value.round("crowd")) == (stage, ballot)
    assert (value.has_stage(StageKind.VOTING), value.has_stage(StageKind.REVIEW)) == (True, False)
    with pytest.raises(KeyError):
        value.round("jury")
    with pytest.raises(KeyError):
        value.stage("r")
