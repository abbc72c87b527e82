"""By the ending of its name, how a file is read."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from crowd.core.ballot_files.blt import read_blt
from crowd.core.ballot_files.fault import FileFault, Reading
from crowd.core.ballot_files.json_profile import read_json
from crowd.core.ballot_files.pb import read_pb
from crowd.core.ballot_files.preflib import CATEGORIES, ORDERS, read_preflib
from crowd.core.tally.profile import MOST_WEIGHT

Reader = Callable[[Iterable[bytes]], Reading]

ENDINGS: Mapping[str, Reader] = {
    ".pb": read_pb,
    ".blt": read_blt,
    **{ending: partial(read_preflib, categories=False) for ending in sorted(ORDERS)},
    CATEGORIES: partial(read_preflib, categories=True),
    ".json": read_json,
}


def read_profile(ending: str, lines: Iterable[bytes]) -> Reading:
    """Read the lines of a file opened in binary mode. FileFault where it cannot be read."""
    reader = ENDINGS.get(ending.lower())
    if reader is None:
        raise FileFault(f"{ending or 'a name without an ending'} is none of {' '.join(ENDINGS)}")
    reading = reader(lines)
    if reading.profile.read > MOST_WEIGHT:
        raise FileFault(f"there are more than {MOST_WEIGHT} ballots")
    return reading
