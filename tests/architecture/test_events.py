"""No event goes unheard by oversight, and none is listed that cannot happen."""

import re
from pathlib import Path

from crowd import wiring
from crowd.core.events import EventKind
from crowd.store.events import subscriber_name

CROWD = Path(__file__).parent.parent.parent / "crowd"
COMING = frozenset(
    """
    ACCOUNT_BLOCKED ACCOUNT_PASSWORD_CHANGED ACCOUNT_SIGNED_UP ACCOUNT_UNBLOCKED ACCOUNT_VERIFIED
    BALLOT_CAST BALLOT_CHANGED BALLOT_WITHDRAWN CREDIT_CORRECTED JUROR_ACCEPTED
    JUROR_CHAIR_SET JUROR_DECLINED JUROR_INVITED JUROR_LINK_SHOWN JUROR_REMINDED
    JUROR_REMOVED LEGAL_TEXT_PUBLISHED MEMBER_INVITED MEMBER_JOINED MEMBER_REMOVED
    MEMBER_ROLE_CHANGED ORGANIZATION_APPROVED ORGANIZATION_EDITED ORGANIZATION_REFUSED ORGANIZATION_REQUESTED
    OUTCOME_CORRECTED REVIEW_ASSIGNED REVIEW_RECUSED REVIEW_SUBMITTED REVIEW_UNASSIGNED
    ROUND_CLOSED ROUND_COUNTED TEAM_ACCEPTED TEAM_DECLINED TEAM_INVITED
    TEAM_REMOVED
    """.split()
)
"""Events whose acts are still to be written; empty when the main path is whole."""


def test_every_event_has_a_reader_or_is_listed_as_silent() -> None:
    heard = {kind for kind, readers in wiring.SUBSCRIBERS.items() if readers}
    assert heard & wiring.SILENT == set(), "an event is heard and listed in wiring.SILENT"
    assert set(EventKind) - heard - wiring.SILENT == set(), "give it a reader, or list it in wiring.SILENT"


def test_every_event_is_recorded_somewhere() -> None:
    listing = {CROWD / "core" / "events.py", CROWD / "wiring.py", *CROWD.rglob("handlers*")}
    sources = [path.read_text() for path in CROWD.rglob("*.py") if path not in listing]
    recorded = {name for source in sources for name in re.findall(r"EventKind\.([A-Z_]+)", source)}
    assert {kind.name for kind in EventKind} - recorded - COMING == set()


def test_readers_can_be_told_apart_by_name() -> None:
    """A delivery is remembered by its reader's name: two of one name would hide each other."""
    readers = {reader for several in wiring.SUBSCRIBERS.values() for reader in several}
    assert len({subscriber_name(reader) for reader in readers}) == len(readers)
