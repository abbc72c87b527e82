"""Writes a bundle of many approval ballots to nowhere, and prints what that took. Rows are made on the way, as a database hands them out."""

import json
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, islice
from pathlib import Path

from crowd.core.bundle import leaf_line, write_bundle
from crowd.core.ledger import Frontier, leaf_hash
from crowd.core.signing import signed_head
from crowd.core.tally.declared import Declared, Listed
from tests.core.bundle.making import GENUINE, ORIGIN, contents_of, public_of

NAMES = [f"p{number:02d}" for number in range(50)]
SAID = [list(names) for names in islice(combinations(NAMES, 5), 0, 2_000_000, 997)]


def ballots(number: int) -> Iterator[dict[str, object]]:
    for place in range(number):
        yield {"ballot": f"{place:016x}", "approve": SAID[place % len(SAID)]}


def leaves(number: int) -> Iterator[bytes]:
    for place in range(number):
        yield leaf_line(f"{place:016x}", "cast", 1, f"{place * 7919:016x}", {"approve": SAID[place % len(SAID)]})


def main(number: int) -> None:
    tree = Frontier()
    tree.extend(leaf_hash(leaf) for leaf in leaves(number))
    contents = contents_of(Declared("approval", seats=3), [Listed(name, name) for name in NAMES], [])
    contents = replace(
        contents,
        facts=replace(contents.facts, voted=number, electorate_size=None),
        ballots=ballots(number),
        leaves=leaves(number),
        heads=[signed_head(ORIGIN, number, tree.root, "2026-11-29T12:00:00Z", GENUINE.sign)],
    )
    before = time.process_time()
    with tempfile.TemporaryFile() as file:
        written = write_bundle(file, contents, public_of(GENUINE), GENUINE.sign)
    took = time.process_time() - before
    # Not getrusage: that remembers the process which started this one.
    peak = int(re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[0]) // 1024
    sys.stdout.write(json.dumps({"ballots": written.ballots, "seconds": round(took, 1), "megabytes": peak}) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
