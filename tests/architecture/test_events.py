"""No event goes unheard by oversight, and none is listed that cannot happen."""

import re
from pathlib import Path

from crowd import wiring
from crowd.core.events import TRAIL_ONLY, EventKind
from crowd.store.events import subscriber_name

CROWD = Path(__file__).parent.parent.parent / "crowd"


def test_every_event_has_a_reader_or_is_listed_as_silent() -> None:
    heard = {kind for kind, readers in wiring.SUBSCRIBERS.items() if readers}
    assert heard & TRAIL_ONLY == set(), "an event is heard and listed in TRAIL_ONLY"
    assert set(EventKind) - heard - TRAIL_ONLY == set(), "give it a reader, or list it in TRAIL_ONLY"


def test_every_event_is_recorded_somewhere() -> None:
    listing = {CROWD / "core" / "events.py", CROWD / "wiring.py", *CROWD.rglob("handlers*")}
    sources = [path.read_text() for path in CROWD.rglob("*.py") if path not in listing]
    recorded = {name for source in sources for name in re.findall(r"EventKind\.([A-Z_]+)", source)}
    assert {kind.name for kind in EventKind} - recorded == set()


def test_readers_can_be_told_apart_by_name() -> None:
    """A delivery is remembered by its reader's name: two of one name would hide each other."""
    readers = {reader for several in wiring.SUBSCRIBERS.values() for reader in several}
    assert len({subscriber_name(reader) for reader in readers}) == len(readers)
