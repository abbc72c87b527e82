"""The table of notices: what it offers, what cannot be stopped, and when digests are written."""

from datetime import UTC, datetime

import pytest

from crowd.core.notices import BY_KEY, DIGEST, DIGESTS, KINDS, LETTERS, Channel, Why, is_optional, next_digest, why_of


def test_a_default_is_among_what_is_offered_and_reminders_are_never_late() -> None:
    assert [kind.key for kind in KINDS if kind.default not in kind.offers] == []
    late = {"correction_due", "voting_closes", "review_due", "deadline_near", "objection_ends", "correction_asked"}
    assert [key for key in late if DIGESTS & set(BY_KEY[key].offers)] == []


def test_what_must_reach_a_person_leaves_no_choice_and_says_why() -> None:
    decisions = {key for key in BY_KEY if why_of(key) is Why.OUTCOME}
    told = {"outcome", "outcome_corrected", "found_ineligible", "left_out", "proposal_hidden"}
    assert decisions == told | {"selection_declined", "moved_up", "merged", "merge_undone"}
    assert {BY_KEY[key].offers for key in decisions} == {(Channel.AT_ONCE,)}
    assert {key for key in LETTERS if is_optional(key)} == {DIGEST}
    assert not is_optional("no_such_kind")


@pytest.mark.parametrize(
    ("channel", "now", "zone", "expected"),
    [
        (Channel.DAILY, datetime(2026, 5, 12, 13, 59, tzinfo=UTC), "America/Mexico_City", (12, 14)),
        (Channel.DAILY, datetime(2026, 5, 12, 14, 0, tzinfo=UTC), "America/Mexico_City", (13, 14)),
        (Channel.WEEKLY, datetime(2026, 5, 12, 14, 0, tzinfo=UTC), "Europe/Berlin", (18, 6)),
        (Channel.WEEKLY, datetime(2026, 5, 18, 5, 59, tzinfo=UTC), "Europe/Berlin", (18, 6)),
        (Channel.WEEKLY, datetime(2026, 5, 18, 6, 0, tzinfo=UTC), "Europe/Berlin", (25, 6)),
        (Channel.DAILY, datetime(2026, 10, 24, 7, 0, tzinfo=UTC), "Europe/Berlin", (25, 7)),
    ],
)
def test_digests_are_written_at_eight_by_the_readers_clock(
    channel: Channel, now: datetime, zone: str, expected: tuple[int, int]
) -> None:
    due = next_digest(channel, now, zone)
    assert ((due.day, due.hour), due > now) == (expected, True)
