"""Writing a bundle: ballots and leaves stream through, and are counted and hashed on the way."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any

from crowd.core.bundle.contents import FORMAT, Contents, canonical_line
from crowd.core.ledger import Frontier, leaf_hash
from crowd.core.signing import Sign, key_fingerprint
from crowd.core.tally.choices import key_of
from crowd.core.tally.collecting import Collected, Collector
from crowd.core.tally.declared import Outcome, outcome
from crowd.core.verifier import script_for

BATCH = 2000
LEVEL = 1
"""Of zlib: nine tenths of the gain at a third of the time."""


class Misfit(ValueError):
    """The contents contradict one another: what would be written could not be verified."""


@dataclass(frozen=True)
class Written:
    """`script_sha256`: of `verify.py`, for the page of the round."""

    script_sha256: str
    manifest_sha256: str


@dataclass(frozen=True)
class Counted(Written):
    """`ballots`: the valid ones, those excluded among them."""

    outcome: Outcome
    with_excluded: Outcome | None
    ballots: int


@dataclass
class _Zip:
    """Puts files in, and notes their hashes."""

    zip: zipfile.ZipFile
    hashes: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, parts: Iterable[bytes]) -> None:
        """A file given by name is dated 1980, always."""
        digest = hashlib.sha256()
        with self.zip.open(name, "w", force_zip64=True) as file:
            for part in parts:
                digest.update(part)
                file.write(part)
        self.hashes[name] = digest.hexdigest()

    def put_json(self, name: str, data: Any) -> bytes:
        text = json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n"
        self.put(name, [text])
        return text


def write_bundle(
    file: IO[bytes], contents: Contents, public: bytes, sign: Sign, told: Callable[[int], None] | None = None
) -> Counted:
    """Count, and write everything. `told` hears of each batch how many ballots or leaves it held. Misfit for what does not fit together."""
    tell = told or (lambda _: None)
    collector = Collector(contents.declared.bounds(contents.candidates))
    counts: list[tuple[Outcome, Outcome | None, int]] = []

    def result() -> dict[str, Any]:
        collected = collector.collected()
        plain, full = _outcomes(contents, collected)
        counts.append((plain, full, collected.number))
        return {"outcome": plain.as_data(), "with_excluded": full and full.as_data()}

    written = _write(file, contents, (public, sign), _ballots(contents, collector, tell), result, tell)
    return Counted(written.script_sha256, written.manifest_sha256, *counts[0])


def write_counted(
    file: IO[bytes],
    contents: Contents,
    lines: Iterable[bytes],
    result: Mapping[str, Any],
    public: bytes,
    sign: Sign,
) -> Written:
    """Write what was counted already. `lines`: the ballots as lines, in the order of their ids; `result`: what `result.json` holds.

    Misfit where ballots or leaves are not as many, or not those, that the rules and the last head say.
    """
    return _write(file, contents, (public, sign), _counted(contents, lines), lambda: dict(result), lambda _: None)


def _write(
    file: IO[bytes],
    contents: Contents,
    key: tuple[bytes, Sign],
    ballots: Iterable[bytes],
    result: Callable[[], dict[str, Any]],
    tell: Callable[[int], None],
) -> Written:
    public, sign = key
    if key_fingerprint(public) != contents.facts.key_fingerprint:
        raise Misfit("the key is not the one that the rules name")
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        out = _Zip(archive)
        out.put_json("rules.json", contents.rules_data)
        out.put_json("candidates.json", contents.candidates_data)
        out.put("ballots.jsonl", ballots)
        out.put_json("exclusions.json", [dict(entry) for entry in contents.exclusions])
        if contents.facts.ledger:
            out.put("leaves.jsonl", _leaves(contents, tell))
            out.put_json("heads.json", [head.as_data() for head in contents.heads])
            out.put_json("tie.json", contents.tie_data)
        out.put_json("result.json", result())
        out.put("verify.py", [script_for(contents.declared.method, ledger=contents.facts.ledger).encode()])
        hashes = dict(out.hashes)
        manifest = out.put_json("manifest.json", {"format": FORMAT, "files": hashes})
        out.put("signature.json", [canonical_line({"key": public.hex(), "signature": sign(manifest).hex()}) + b"\n"])
    return Written(hashes["verify.py"], hashlib.sha256(manifest).hexdigest())


def _counted(contents: Contents, lines: Iterable[bytes]) -> Iterator[bytes]:
    number = 0
    for batch in _batches(lines):
        number += len(batch)
        yield b"\n".join(batch) + b"\n"
    if number != contents.facts.voted:
        raise Misfit(f"{number} ballots stand, and {contents.facts.voted} have voted")


def _outcomes(contents: Contents, collected: Collected) -> tuple[Outcome, Outcome | None]:
    given = contents.declared, contents.candidates, collected, contents.seed
    return outcome(*given), outcome(*given, with_excluded=True) if contents.exclusions else None


def _ballots(contents: Contents, collector: Collector, tell: Callable[[int], None]) -> Iterator[bytes]:
    excluded = {entry["ballot"] for entry in contents.exclusions}
    key, last, number, found = key_of(contents.declared.kind), "", 0, 0
    for batch in _batches(contents.ballots):
        lines = []
        for ballot in batch:
            name = ballot["ballot"]
            if name <= last:
                raise Misfit(f"ballot {name} comes after {last}: they must be in the order of their ids")
            last, out = name, name in excluded
            found += out
            collector.add(ballot[key], member=ballot.get("group") == "members", excluded=out)
            lines.append(canonical_line(ballot))
        number += len(lines)
        yield b"\n".join(lines) + b"\n"
        tell(len(lines))
    if number != contents.facts.voted:
        raise Misfit(f"{number} ballots stand, and {contents.facts.voted} have voted")
    if found != len(contents.exclusions):
        raise Misfit("a ballot is excluded that is not there, or twice")


def _leaves(contents: Contents, tell: Callable[[int], None]) -> Iterator[bytes]:
    tree, last = Frontier(), contents.heads[-1]
    for batch in _batches(contents.leaves):
        tree.extend(map(leaf_hash, batch))
        yield b"\n".join(batch) + b"\n"
        tell(len(batch))
    if (tree.size, tree.root) != (last.size, last.root):
        raise Misfit(f"the {tree.size} leaves are not those of the last head, which has {last.size}")


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch
