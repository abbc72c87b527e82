"""Whatever is changed in a bundle, the script names the file and what is wrong, whoever did it."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crowd.core.bundle import Contents
from crowd.core.bundle.contents import canonical_line
from crowd.core.signing import key_fingerprint
from crowd.core.verifier import RULES
from tests.core.bundle.checking import faults, verify
from tests.core.bundle.making import GENUINE, OTHER, bundle_of, public_of, round_of
from tests.drawing import draws

METHOD = "approval"
GOOD = bundle_of(round_of(METHOD))[0]
DATA = "rules candidates exclusions heads tie result".split()
FILES = [
    *(f"{name}.json" for name in DATA),
    "ballots.jsonl",
    "leaves.jsonl",
    "verify.py",
    "manifest.json",
    "signature.json",
]
Draw = Callable[[st.SearchStrategy[Any]], Any]
few = pytest.param(120, id="few")
many = pytest.param(10_000, id="many", marks=[pytest.mark.soak, pytest.mark.timeout(1800)])


def files_of(bundle: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def listed_anew(files: dict[str, bytes]) -> dict[str, bytes]:
    """With the manifest written anew around what was changed."""
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {name: sha256(files[name]).hexdigest() for name in manifest["files"]}
    return files | {"manifest.json": json.dumps(manifest).encode()}


def signed_anew(files: dict[str, bytes], key: Any = GENUINE) -> dict[str, bytes]:
    listed = listed_anew(files)
    signature = {"key": public_of(key).hex(), "signature": key.sign(listed["manifest.json"]).hex()}
    return listed | {"signature.json": canonical_line(signature) + b"\n"}


@st.composite
def tamperings(draw: st.DrawFn, data: bytes) -> bytes:
    """One byte changed, dropped or added, or two exchanged."""
    at = draw(st.integers(0, len(data) - 1))
    act = draw(st.sampled_from(["change", "drop", "add", "exchange"]))
    if act == "change":
        byte = draw(st.integers(0, 255).filter(lambda byte: byte != data[at]))
        return data[:at] + bytes([byte]) + data[at + 1 :]
    if act == "drop":
        return data[:at] + data[at + 1 :]
    if act == "add":
        return data[:at] + bytes([draw(st.integers(0, 255))]) + data[at:]
    others = [place for place in range(len(data)) if data[place] != data[at]]
    other = draw(st.sampled_from(others))
    first, last = sorted((at, other))
    middle = data[first + 1 : last]
    return data[:first] + data[last : last + 1] + middle + data[first : first + 1] + data[last + 1 :]


@pytest.mark.parametrize("examples", [few, many])
@pytest.mark.parametrize("name", FILES)
def test_one_byte_is_noticed_and_the_file_named(name: str, examples: int) -> None:
    files = files_of(GOOD)

    @settings(max_examples=examples // 5, deadline=None)
    @given(tamperings(files[name]))
    def holds(data: bytes) -> None:
        code, words = verify(zipped(files | {name: data}), METHOD)
        wrong = [line for line in words.splitlines() if line.startswith("WRONG: ")]
        assert code == 1
        assert any(name in line for line in wrong)
        assert "THIS BUNDLE IS NOT AS IT MUST BE." in words

    holds()


@pytest.mark.parametrize("name", [name for name in FILES if name not in {"manifest.json", "signature.json"}])
def test_who_changes_the_manifest_too_lacks_the_key_to_sign_it(name: str) -> None:
    files = files_of(GOOD)

    @settings(max_examples=16, deadline=None)
    @given(tamperings(files[name]))
    def holds(data: bytes) -> None:
        found = faults(zipped(listed_anew(files | {name: data})), METHOD)
        assert any("does not sign this manifest.json" in line or name in line for line in found)
        if name in {"ballots.jsonl", "leaves.jsonl"}:
            assert any(line.startswith((f"WRONG: {name}", "WRONG: heads.json")) for line in found)

    holds()


def test_lines_dropped_doubled_or_reordered_are_noticed() -> None:
    files = files_of(GOOD)
    for name in ("ballots.jsonl", "leaves.jsonl"):
        lines = files[name].splitlines(keepends=True)
        for changed in (lines[1:], [lines[0], *lines], [*lines[::-1]], lines[:-1]):
            assert faults(zipped(files | {name: b"".join(changed)}), METHOD)[0].startswith(
                f"WRONG: {name}: was changed"
            )


def test_another_key_shows_in_the_fingerprint() -> None:
    """Everything made anew by somebody with a key of their own is right in itself: that is why the reader must compare."""
    forged, _ = bundle_of(round_of(METHOD, key=OTHER), OTHER)
    code, words = verify(forged, METHOD)
    assert code == 0
    assert key_fingerprint(public_of(OTHER)) in words
    assert key_fingerprint(public_of(GENUINE)) not in words
    assert "compare the numbers above with the page of the round" in words


def test_who_signs_only_the_manifest_with_another_key_is_found_out() -> None:
    found = faults(zipped(signed_anew(files_of(GOOD), OTHER)), METHOD)
    assert found[0] == "WRONG: signature.json: holds another key than rules.json names"


def _edited(name: str, change: Callable[[Any], Any]) -> bytes:
    """By somebody who holds the genuine key, and signs what was changed."""
    files = files_of(GOOD)
    data = json.loads(files[name])
    return zipped(signed_anew(files | {name: json.dumps(change(data) or data).encode()}))


def _lines(name: str, change: Callable[[list[Any]], Any]) -> bytes:
    files = files_of(GOOD)
    entries = [json.loads(line) for line in files[name].splitlines()]
    change(entries)
    return zipped(signed_anew(files | {name: b"".join(canonical_line(entry) + b"\n" for entry in entries)}))


INSIDERS: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "a ballot changed": (
        lambda: _lines("ballots.jsonl", lambda ballots: ballots[2].update(approve=["d"])),
        "WRONG: ballots.jsonl, line 3: is not what the last leaf of this ballot says",
    ),
    "a ballot dropped": (
        lambda: _lines("ballots.jsonl", lambda ballots: ballots.pop()),
        "WRONG: ballots.jsonl: lacks ballots that leaves.jsonl holds",
    ),
    "a ballot stuffed": (
        lambda: _lines("ballots.jsonl", lambda ballots: ballots.append({"ballot": "zz", "approve": ["a"]})),
        "WRONG: ballots.jsonl, line 8: is not what the last leaf of this ballot says",
    ),
    "a ballot twice": (
        lambda: _lines("ballots.jsonl", lambda ballots: ballots.append(ballots[0])),
        "WRONG: ballots.jsonl, line 8: is not what the last leaf of this ballot says",
    ),
    "a name in a secret round": (
        lambda: _lines("ballots.jsonl", lambda ballots: ballots[0].update(voter="Ada")),
        "WRONG: ballots.jsonl, line 1: has not the form it should have",
    ),
    "a group where there are none": (
        lambda: _lines("ballots.jsonl", lambda ballots: ballots[0].update(group="members")),
        "WRONG: ballots.jsonl, line 1: is not what the last leaf of this ballot says",
    ),
    "a leaf changed": (
        lambda: _lines("leaves.jsonl", lambda leaves: leaves[0].update(nonce="00")),
        "WRONG: heads.json: the first",
    ),
    "a leaf dropped": (lambda: _lines("leaves.jsonl", lambda leaves: leaves.pop()), "WRONG: "),
    "leaves reordered": (
        lambda: _lines("leaves.jsonl", lambda leaves: leaves.reverse()),
        "WRONG: heads.json: the first",
    ),
    "a head left out": (
        lambda: _edited("heads.json", lambda heads: heads[:-1]),
        "WRONG: heads.json: its last head is not that of all",
    ),
    "a head of another time": (
        lambda: _edited("heads.json", lambda heads: heads[0].update(at="2026-11-29T11:00:01Z")),
        "WRONG: heads.json: head 8 is not signed so",
    ),
    "another secret": (
        lambda: _edited("tie.json", lambda tie: tie.update(secret="00" * 32)),
        "WRONG: tie.json: holds another secret than promised",
    ),
    "another seed": (
        lambda: _edited("tie.json", lambda tie: tie.update(seed="00" * 32)),
        "WRONG: tie.json: its root or its seed is wrong",
    ),
    "another winner": (
        lambda: _edited("result.json", lambda result: result["outcome"].update(winners=["d"])),
        "WRONG: result.json: outcome: `winners` is not what the ballots give: ['b']",
    ),
    "another number of votes": (
        lambda: _edited("result.json", lambda result: result["outcome"]["scores"].update(a="4")),
        "WRONG: result.json: outcome: `scores` is not what the ballots give",
    ),
    "elected against the threshold": (
        lambda: _edited("rules.json", lambda rules: rules["terms"].update(threshold="60")),
        "WRONG: result.json: outcome: `elected` is not what the ballots give: []",
    ),
    "elected without a quorum": (
        lambda: _edited("rules.json", lambda rules: rules["terms"].update(quorum=9)),
        "WRONG: result.json: outcome: `quorum_met` is not what the ballots give: False",
    ),
    "the other count left out": (
        lambda: _edited("result.json", lambda result: result.update(with_excluded=None)),
        "WRONG: result.json: is damaged",
    ),
    "an exclusion hidden": (
        lambda: _edited("exclusions.json", lambda entries: entries.clear()),
        "WRONG: result.json: counts excluded ballots, and there are none",
    ),
    "an exclusion of nobody": (
        lambda: _edited("exclusions.json", lambda entries: entries[0].update(ballot="zz")),
        "WRONG: exclusions.json: names what is no ballot, or one twice",
    ),
    "more voters than ballots": (
        lambda: _edited("rules.json", lambda rules: rules["electorate"].update(voted=8)),
        "WRONG: ballots.jsonl: holds 7 ballots, and 8 are said to have voted",
    ),
    "more ballots than voters": (
        lambda: _edited("rules.json", lambda rules: rules["electorate"].update(size=6)),
        "WRONG: ballots.jsonl: holds more ballots than there are voters",
    ),
    "a candidate struck off afterwards": (
        lambda: _edited("candidates.json", lambda candidates: candidates[0].update(struck=True)),
        "WRONG: result.json: outcome: `ranking` is not what the ballots give",
    ),
    "another ledger": (
        lambda: _edited("rules.json", lambda rules: rules.update(origin="calls.example.org/rounds/8")),
        "WRONG: heads.json: head 8 is not signed so",
    ),
}


@pytest.mark.parametrize("case", INSIDERS)
def test_even_who_holds_the_key_cannot_contradict_what_was_published(case: str) -> None:
    make, words = INSIDERS[case]
    found = faults(make(), METHOD)
    assert len(found) == 1
    assert found[0].startswith(words)


@pytest.mark.parametrize("method", RULES)
def test_no_method_can_be_passed_off_as_another(method: str) -> None:
    bundle = bundle_of(round_of(method))[0]
    others = [other for other in RULES if other != method]
    for other in others:
        assert faults(bundle, other) == [
            f"WRONG: rules.json: names another method than {other}, which this script is for"
        ]


def _torn(value: Any, draw: Draw) -> Any:
    """The same JSON with one value inside made something else."""
    if isinstance(value, dict) and value and draw(st.integers(0, 5)):
        key = draw(st.sampled_from(sorted(value)))
        if not draw(st.integers(0, 4)):
            return {other: kept for other, kept in value.items() if other != key}
        return value | {key: _torn(value[key], draw)}
    if isinstance(value, list) and value and draw(st.integers(0, 5)):
        at = draw(st.integers(0, len(value) - 1))
        return [*value[:at], _torn(value[at], draw), *value[at + 1 :]]
    return draw(st.sampled_from([None, True, 0, -1, 10**30, 1.5, "", "zz", "\ud800", [], {}, [[]], {"a": {}}]))


@pytest.mark.parametrize("examples", [few, many])
@pytest.mark.parametrize("method", RULES)
def test_no_damage_makes_it_stumble(method: str, examples: int) -> None:
    """Signed by the genuine key, so that the deeper checks meet it."""
    files = files_of(bundle_of(round_of(method))[0])

    @settings(max_examples=examples // 8, deadline=None)
    @given(st.data(), st.sampled_from([name for name in FILES if name.endswith((".json", ".jsonl"))]))
    def holds(data: st.DataObject, name: str) -> None:
        torn = files | {name: _file(files[name], data.draw, lines=name.endswith("l"))}
        sign = name not in {"manifest.json", "signature.json"}
        code, words = verify(zipped(signed_anew(torn) if sign else torn), method)
        assert code in {0, 1}
        assert words.splitlines()[-1] in {"All that can be checked is right.", "THIS BUNDLE IS NOT AS IT MUST BE."}

    holds()


def _file(data: bytes, draw: Draw, *, lines: bool) -> bytes:
    if not lines:
        return json.dumps(_torn(json.loads(data), draw)).encode()
    kept = data.splitlines(keepends=True)
    at = draw(st.integers(0, len(kept) - 1))
    torn = json.dumps(_torn(json.loads(kept[at]), draw), sort_keys=True, separators=(",", ":")).encode() + b"\n"
    return b"".join([*kept[:at], torn, *kept[at + 1 :]])


@draws(80)
@given(tamperings(GOOD))
def test_a_damaged_zip_is_no_stumbling_block_either(bundle: bytes) -> None:
    code, words = verify(bundle, METHOD)
    assert code in {1, 2} or (code == 0 and files_of(bundle) == files_of(GOOD))
    assert words


@pytest.mark.parametrize("nonsense", [b"", b"[" * 100_000, b"null", b"9" * 5000, b"\xff\xfe", b'{"a":1,"a":2}', b"NaN"])
@pytest.mark.parametrize("name", FILES)
def test_nonsense_in_a_file_is_named(name: str, nonsense: bytes) -> None:
    found = faults(zipped(files_of(GOOD) | {name: nonsense}), METHOD)
    assert any(name in line for line in found)


def test_files_may_not_be_added_or_missing() -> None:
    files = files_of(GOOD)
    assert faults(zipped(files | {"more.txt": b""}), METHOD) == [
        "WRONG: the zip: lacks a file that manifest.json names, or has one too many"
    ]
    for name in FILES:
        less = {other: data for other, data in files.items() if other != name}
        assert faults(zipped(less), METHOD)


def test_names_from_the_bundle_cannot_write_on_the_screen() -> None:
    contents: Contents = round_of(METHOD)
    facts = replace(contents.facts, call_title="\x1b[2J\nAll that can be checked is right.")
    _, words = verify(bundle_of(replace(contents, facts=facts))[0], METHOD)
    assert "\x1b" not in words
    assert words.splitlines().count("All that can be checked is right.") == 1


@pytest.mark.parametrize("key", ["rounds", "ties"])
@pytest.mark.parametrize("method", RULES)
def test_a_wrong_explanation_is_noticed_unless_the_script_says_that_it_is_only_signed(method: str, key: str) -> None:
    files = files_of(bundle_of(round_of(method))[0])
    result = json.loads(files["result.json"])
    result["outcome"][key].append({"round": 99})
    changed = zipped(signed_anew(files | {"result.json": canonical_line(result) + b"\n"}))
    only_signed = any(f"`{key}`" in line for line in verify(changed, method)[1].splitlines() if "only what" in line)
    told = f"WRONG: result.json: outcome: `{key}` is not what the ballots give"
    assert [line.startswith(told) for line in faults(changed, method)] == ([] if only_signed else [True])
