"""When a round opens its candidate list is frozen, recorded and fingerprinted."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.errors import IllegalMove, InvalidInput, NotAllowed
from crowd.core.events import EventKind
from crowd.core.rules import Field, FieldKind, Unscreened
from crowd.core.status import CallStatus, ModerationState, ProposalStatus, StageKind
from crowd.organizations.gates import actor_of
from crowd.proposals.models import Proposal
from crowd.rounds.actions import add_candidate, open_round
from crowd.rounds.jobs import open_due_rounds, strike_left_candidates
from crowd.rounds.models import Candidate
from crowd.rounds.queries import candidates_of, entries_of, waiting_for
from crowd.store.db import transaction, utc_now
from crowd.store.models import Event
from tests.make import (
    JURY,
    VOTE,
    make_account,
    make_call,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    move_stages,
    open_all,
    round_row,
)


def listed(session: Session, call: Call, key: str = "crowd") -> list[str]:
    return [candidate.proposal.title for candidate in candidates_of(session, round_row(call, key).id)]


def events(session: Session, kind: EventKind) -> list[Event]:
    return list(session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id)))


def test_the_clock_freezes_the_whole_field_with_versions_and_a_fingerprint_anybody_can_compute(
    session: Session,
) -> None:
    call = make_call(open_stage=StageKind.VOTING)
    first, second = make_proposal(call, title="Bench"), make_proposal(call, title="Pond")
    make_proposal(call, title="Not eligible", status=ProposalStatus.INELIGIBLE)
    make_proposal(call, title="Draft", status=ProposalStatus.DRAFT)
    assert open_due_rounds() == 1
    row = round_row(call)
    expected = hashlib.sha256(json.dumps(sorted([first.public_id, second.public_id]), separators=(",", ":")).encode())
    assert row.candidates_sha256 == expected.hexdigest()
    assert [(e.title, e.candidate.version_number) for e in entries_of(session, row.id)] == [("Bench", 1), ("Pond", 1)]
    assert [proposal.in_round for proposal in session.scalars(select(Proposal).order_by(Proposal.id))] == [
        True,
        True,
        False,
        False,
    ]
    [event] = events(session, EventKind.ROUND_OPENED)
    assert event.data == {"candidates": 2, "candidates_sha256": row.candidates_sha256}


def test_opening_twice_changes_nothing(session: Session) -> None:
    call = make_call(open_stage=StageKind.VOTING)
    make_proposal(call)
    assert [open_due_rounds(), open_due_rounds()] == [1, 0]
    make_proposal(call, title="Handed in by a miracle")
    open_all(call)
    assert listed(session, call) == ["A bench around the old tree"]
    assert len(events(session, EventKind.ROUND_OPENED)) == 1


@pytest.mark.parametrize("stage", [StageKind.SUBMISSION, StageKind.SCREENING])
def test_a_round_does_not_open_before_its_stage(session: Session, stage: StageKind) -> None:
    call = make_call(open_stage=stage)
    make_proposal(call)
    assert open_due_rounds() == 0
    assert listed(session, call) == []


def test_a_round_nobody_opened_in_its_time_opens_late(session: Session) -> None:
    call = make_call(open_stage=StageKind.SELECTION)
    make_proposal(call)
    assert open_due_rounds() == 2
    assert listed(session, call) == ["A bench around the old tree"]


def test_a_paused_call_opens_no_round_until_it_goes_on(session: Session) -> None:
    call = make_call(open_stage=StageKind.VOTING, status=CallStatus.PAUSED)
    make_proposal(call)
    assert open_due_rounds() == 0


def test_unscreened_proposals_enter_where_the_call_says_so(session: Session) -> None:
    call = make_call(rules=make_rules(StageKind.VOTING, unscreened=Unscreened.ENTER))
    make_proposal(call, title="Waiting", status=ProposalStatus.SUBMITTED)
    make_proposal(call, title="To be corrected", status=ProposalStatus.CORRECTION)
    open_due_rounds()
    assert listed(session, call) == ["Waiting", "To be corrected"]
    assert {p.status for p in session.scalars(select(Proposal))} == {ProposalStatus.ELIGIBLE}
    assert [e.reason for e in events(session, EventKind.PROPOSAL_FOUND_ELIGIBLE)] == ["entered_unscreened"] * 2


def test_unscreened_proposals_wait_outside_and_are_overdue(session: Session) -> None:
    call = make_call(rules=make_rules(StageKind.VOTING, unscreened=Unscreened.WAIT))
    make_proposal(call, title="Screened")
    make_proposal(call, title="Waiting", status=ProposalStatus.SUBMITTED)
    row = open_all(call)
    assert listed(session, call) == ["Screened"]
    assert [proposal.title for proposal in waiting_for(session, row)] == ["Waiting"]


def test_a_proposal_hidden_by_moderation_is_no_candidate(session: Session) -> None:
    call = make_call(open_stage=StageKind.VOTING)
    hidden = make_proposal(call)
    with transaction(hidden):
        hidden.moderation, hidden.hidden_reason = ModerationState.HIDDEN, "Spam."
    open_all(call)
    assert listed(session, call) == []


def two_rounds() -> Call:
    later = replace(JURY, field=Field(FieldKind.BEST, source="crowd", best=1))
    return make_call(rules=make_rules(StageKind.VOTING, rounds=(VOTE, later)))


def test_a_round_over_the_best_waits_for_a_manager_and_opens_by_the_clock_once_confirmed(session: Session) -> None:
    call = two_rounds()
    best = make_proposal(call, title="Best")
    make_proposal(call, title="Other")
    manager = actor_of(session, make_member_of(call))
    open_due_rounds()
    row = round_row(call, "jury")
    with transaction(row) as write:
        assert not open_round(write, row, [best.id], actor=manager, now=utc_now())
    assert listed(session, call, "jury") == ["Best"]
    assert (row.opened_at, row.confirmed_by_id) == (None, manager.account_id)
    move_stages(call, timedelta(days=10))
    assert open_due_rounds() == 1
    assert round_row(call, "jury").opened_at is not None
    assert [dict(event.data)["candidates"] for event in events(session, EventKind.ROUND_OPENED)] == [2, 1]


def make_member_of(call: Call) -> int:
    organization = make_organization()
    with transaction(call):
        call.organization_id = organization.id
    return make_member(organization).id


def test_a_confirmed_list_is_not_confirmed_again(session: Session) -> None:
    call = two_rounds()
    best = make_proposal(call)
    manager, row = actor_of(session, make_member_of(call)), round_row(call, "jury")
    with transaction(row) as write:
        open_round(write, row, [best.id], actor=manager, now=utc_now())
    with pytest.raises(IllegalMove), transaction(row) as write:
        open_round(write, row, [best.id], actor=manager, now=utc_now())


def test_only_managers_confirm_and_only_proposals_in_the_running(session: Session) -> None:
    call = two_rounds()
    gone = make_proposal(call, status=ProposalStatus.WITHDRAWN)
    manager, row = actor_of(session, make_member_of(call)), round_row(call, "jury")
    stranger = actor_of(session, make_account().id)
    with pytest.raises(NotAllowed), transaction(row) as write:
        open_round(write, row, [], actor=stranger, now=utc_now())
    with pytest.raises(InvalidInput, match="not_in_the_running"), transaction(row) as write:
        open_round(write, row, [gone.id], actor=manager, now=utc_now())
    assert listed(session, call, "jury") == []


def test_a_late_candidate_is_added_on_the_record(session: Session) -> None:
    call = make_call(open_stage=StageKind.VOTING)
    make_proposal(call, title="First")
    manager, row = actor_of(session, make_member_of(call)), open_all(call)
    before = row.candidates_sha256
    late = make_proposal(call, title="Late")
    with transaction(row) as write:
        add_candidate(write, row, late, reason="Screened a day late by our fault.", actor=manager, now=utc_now())
    assert listed(session, call) == ["First", "Late"]
    [event] = events(session, EventKind.ROUND_CANDIDATE_ADDED)
    assert (event.proposal_id, event.reason) == (late.id, "Screened a day late by our fault.")
    assert event.data == {"before_sha256": before, "candidates_sha256": round_row(call).candidates_sha256}
    with pytest.raises(InvalidInput, match="already_listed"), transaction(row) as write:
        add_candidate(write, row, late, reason="Again.", actor=manager, now=utc_now())


def test_an_unscreened_proposal_is_screened_before_it_is_added_and_none_after_the_close(session: Session) -> None:
    call = make_call(open_stage=StageKind.VOTING)
    manager, row = actor_of(session, make_member_of(call)), open_all(call)
    unscreened = make_proposal(call, status=ProposalStatus.SUBMITTED)
    with pytest.raises(InvalidInput, match="not_in_the_running"), transaction(row) as write:
        add_candidate(write, row, unscreened, reason="Now.", actor=manager, now=utc_now())
    eligible = make_proposal(call)
    move_stages(call, timedelta(days=10))
    with pytest.raises(InvalidInput, match="round_not_open"), transaction(row) as write:
        add_candidate(write, row, eligible, reason="Now.", actor=manager, now=utc_now())


def test_who_has_a_stake_adds_no_candidate(session: Session) -> None:
    call = make_call(open_stage=StageKind.VOTING)
    account = make_member_of(call)
    row = open_all(call)
    own = make_proposal(call, session.get_one(type(make_account()), account))
    with pytest.raises(NotAllowed, match="no_stake"), transaction(row) as write:
        add_candidate(write, row, own, reason="Mine.", actor=actor_of(session, account), now=utc_now())


def test_candidates_that_leave_are_struck_and_stay_listed(session: Session) -> None:
    call = make_call(open_stage=StageKind.VOTING)
    make_proposal(call, title="Stays")
    leaves = make_proposal(call, title="Leaves")
    row = open_all(call)
    with transaction(leaves):
        leaves.status = ProposalStatus.WITHDRAWN
    assert [(entry.title, entry.struck) for entry in entries_of(session, row.id)] == [
        ("Stays", False),
        ("Leaves", True),
    ]
    assert strike_left_candidates() == 1
    assert strike_left_candidates() == 0
    struck = session.scalars(select(Candidate).where(Candidate.struck_at.is_not(None))).all()
    assert [candidate.proposal_id for candidate in struck] == [leaves.id]
    with transaction(leaves):
        leaves.status = ProposalStatus.ELIGIBLE
    assert strike_left_candidates() == 1
    assert session.scalars(select(Candidate).where(Candidate.struck_at.is_not(None))).all() == []
