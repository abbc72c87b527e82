"""What is written, and what is refused because nobody could check it."""

import io
import json
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from crowd.core.ballot_files import FileFault
from crowd.core.bundle import Contents, Misfit, ballot_entry, leaf_line
from crowd.core.bundle.reading import method_of, read_bundle
from crowd.core.tally.count import Terms
from crowd.core.tally.declared import Declared, Listed
from crowd.core.tally.methods import METHODS, tally
from crowd.core.tally.suited import Unsuited
from tests.core.bundle.making import OTHER, SECRET, bundle_of, contents_of, round_of
from tests.core.bundle.test_tampering import files_of, zipped

FILES = "rules.json candidates.json ballots.jsonl exclusions.json leaves.jsonl heads.json tie.json result.json verify.py".split()


def test_the_same_contents_make_the_same_bytes() -> None:
    assert bundle_of(round_of("approval"))[0] == bundle_of(round_of("approval"))[0]


def test_it_holds_the_files_in_order_and_a_manifest_of_them() -> None:
    bundle, _ = bundle_of(round_of("approval"))
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        assert archive.namelist() == [*FILES, "manifest.json", "signature.json"]
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert [*json.loads(files_of(bundle)["manifest.json"])["files"]] == FILES


def test_lines_are_canonical() -> None:
    leaf = leaf_line("0a", "cast", 1, "ff", {"score": {"ç": 2, "b": 1}}, "members")
    assert leaf.decode() == '{"act":"cast","ballot":"0a","group":"members","n":1,"nonce":"ff","score":{"b":1,"ç":2}}'
    assert leaf_line("0a", "withdraw", 2, "fe").decode() == '{"act":"withdraw","ballot":"0a","n":2,"nonce":"fe"}'
    with pytest.raises(ValueError, match="withdrawal"):
        leaf_line("0a", "withdraw", 2, "fe", {"approve": []})


def test_only_open_rounds_hold_names() -> None:
    candidates = [Listed("a", "Ash")]
    opened = contents_of(Declared("approval"), candidates, [["a"], []], voters=["Ada", "Zoë"])
    lines = files_of(bundle_of(opened)[0])["ballots.jsonl"].decode().splitlines()
    assert sorted(json.loads(line)["voter"] for line in lines) == ["Ada", "Zoë"]
    closed = files_of(bundle_of(contents_of(Declared("approval"), candidates, [["a"], []]))[0])
    assert b"voter" not in closed["ballots.jsonl"] + closed["leaves.jsonl"]


def _without_last(contents: Contents) -> Contents:
    return replace(contents, leaves=[*contents.leaves][:-1])


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda c: replace(c, ballots=[*c.ballots][::-1]), "in the order of their ids"),
        (lambda c: replace(c, ballots=[*c.ballots][:-1]), "6 ballots stand, and 7 have voted"),
        (lambda c: replace(c, exclusions=[{"ballot": "zz", "reason": "", "at": ""}]), "excluded that is not there"),
        (_without_last, "are not those of the last head"),
        (lambda c: replace(c, leaves=[*c.leaves][::-1]), "are not those of the last head"),
    ],
)
def test_contents_that_contradict_one_another_are_refused(spoil: Any, words: str) -> None:
    with pytest.raises(Misfit, match=words):
        bundle_of(spoil(round_of("approval")))


def test_a_key_that_the_rules_do_not_name_is_refused() -> None:
    with pytest.raises(Misfit, match="not the one that the rules name"):
        bundle_of(round_of("approval"), OTHER)


def test_choices_of_another_form_are_refused() -> None:
    for said in ({"a": 1}, "a", [["a"]], None):
        contents = replace(round_of("approval"), ballots=[ballot_entry("00", {"approve": said})])
        with pytest.raises(ValueError, match="no choices of the kind approve"):
            bundle_of(contents)


@pytest.mark.parametrize("method", METHODS)
def test_a_bundle_is_a_profile_that_counts_to_its_own_result(method: str) -> None:
    contents = round_of(method)
    bundle, written = bundle_of(contents)
    assert method_of(io.BytesIO(bundle)) == method
    reading = read_bundle(io.BytesIO(bundle))
    assert tally(reading.profile, method, Terms(seed=contents.seed)).as_data() == written.outcome.count
    assert reading.remarks == ("Ballots excluded, and not counted: 1",)


def test_the_seed_is_the_hash_of_secret_and_root() -> None:
    files = files_of(bundle_of(round_of("approval"))[0])
    tie, heads = json.loads(files["tie.json"]), json.loads(files["heads.json"])
    assert tie["secret"] == SECRET.hex()
    assert tie["root"] == heads[-1]["root"]
    assert json.loads(files["rules.json"])["tie_commitment"] == tie["commitment"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("rules.json", b"{}", "rules.json: lacks 'format'"),
        ("rules.json", b'{"format": "other"}', "rules.json: the format is not apertura-bundle-1"),
        ("candidates.json", b"[1]", "candidates.json: "),
        ("ballots.jsonl", b'{"ballot":"a","approve":[]}\n{"ballot":"b"}\n', "ballots.jsonl, line 2: lacks 'approve'"),
        ("ballots.jsonl", b'{"ballot":"a","approve":1}\n', "ballots.jsonl, line 1: these are no choices"),
        ("ballots.jsonl", b"[" * 100_000, "ballots.jsonl, line 1: "),
    ],
)
def test_a_faulty_bundle_is_named_by_file_and_line(name: str, data: bytes, words: str) -> None:
    files = files_of(bundle_of(round_of("approval"))[0])
    with pytest.raises(FileFault) as found:
        read_bundle(io.BytesIO(zipped(files | {name: data})))
    assert str(found.value).startswith(words)


def test_what_is_no_zip_is_no_bundle() -> None:
    with pytest.raises(FileFault, match=r"^this is not a zip$"):
        read_bundle(io.BytesIO(b"x"))


@pytest.mark.parametrize(
    "terms",
    [
        {"method": "approval", "member_percent": 0},
        {"method": "stv-scottish", "member_percent": 50},
        {"method": "pb-greedy"},
        {"method": "pb-greedy", "budget": 1, "rule": "greedy-threshold"},
        {"method": "pb-equal-shares", "budget": 1, "seats": 2},
        {"method": "guessing"},
    ],
)
def test_terms_that_do_not_go_together_are_refused(terms: dict[str, Any]) -> None:
    with pytest.raises(Unsuited):
        Declared(**terms)


@pytest.mark.parametrize("method", METHODS)
def test_terms_are_read_back(method: str) -> None:
    declared = round_of(method).declared
    assert Declared.from_data(method, json.loads(json.dumps(declared.as_data()))) == declared
