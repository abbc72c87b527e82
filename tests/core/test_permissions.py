"""The judge: complete, explained, and telling the nearest way in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crowd import wiring
from crowd.core.actor import VISITOR, Actor
from crowd.core.permissions import POLICY, Permission, Refused, judge
from crowd.core.rules import CallRules, Stage
from crowd.core.status import (
    CallStatus,
    ModerationState,
    OrganizationRole,
    OrganizationStatus,
    ProposalStatus,
    StageKind,
)
from crowd.core.subjects import CallFacts, OrganizationFacts, ProposalFacts
from crowd.web.errors import SENTENCES

NOW = datetime(2026, 5, 12, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SUBMISSION = Stage("submission", StageKind.SUBMISSION, NOW - DAY, NOW + DAY)
CALL = CallFacts(1, OrganizationFacts(7, OrganizationStatus.APPROVED), CallStatus.PUBLISHED, CallRules(), (SUBMISSION,))
PROPOSAL = ProposalFacts(
    3, CALL, ProposalStatus.SUBMITTED, ModerationState.VISIBLE, lead_id=10, team_ids=frozenset({10, 11})
)
LEAD = Actor(account_id=10, verified=True)
MODERATOR = Actor(account_id=20, verified=True, roles={7: OrganizationRole.MODERATOR})


def test_every_permission_has_a_way_in() -> None:
    assert set(POLICY) == set(Permission)
    assert all(ways and all(ways) for ways in POLICY.values())


def test_every_predicate_that_can_refuse_has_its_sentence() -> None:
    named = {predicate.__name__ for ways in POLICY.values() for way in ways for predicate in way}
    known = {key for sentences in (SENTENCES, *wiring.SENTENCES) for key in sentences}
    assert named - known == set()


def test_a_visitor_is_asked_to_sign_in_before_anything_else() -> None:
    needs = [p for p, ways in POLICY.items() if all(way[0].__name__ == "signed_in" for way in ways)]
    subject = {Permission.PROPOSAL_CREATE: CALL, Permission.PROPOSAL_SUBMIT: PROPOSAL, Permission.SITE_ADMIN: None}
    asked = {p: judge(VISITOR, p, subject[p], NOW) for p in needs if p in subject}
    assert set(asked.values()) == {Refused("signed_in")}


def test_a_refusal_by_the_clock_says_when_it_ends() -> None:
    later = replace(CALL, schedule=(replace(SUBMISSION, opens_at=NOW + DAY, closes_at=NOW + 2 * DAY),))
    assert judge(LEAD, Permission.PROPOSAL_CREATE, later, NOW) == Refused("submission_open", NOW + DAY)


@pytest.mark.parametrize("kind", ["team", "pending", "conflict"])
def test_whoever_has_a_stake_may_not_screen(kind: str) -> None:
    assert judge(MODERATOR, Permission.PROPOSAL_SCREEN, PROPOSAL, NOW)
    mine = frozenset({20})
    staked = {
        "team": replace(PROPOSAL, team_ids=mine),
        "pending": replace(PROPOSAL, pending_ids=mine),
        "conflict": replace(PROPOSAL, conflicted_ids=mine),
    }[kind]
    assert judge(MODERATOR, Permission.PROPOSAL_SCREEN, staked, NOW) == Refused("no_stake")


def test_staff_never_see_a_draft() -> None:
    draft = replace(PROPOSAL, status=ProposalStatus.DRAFT)
    manager = Actor(account_id=30, verified=True, roles={7: OrganizationRole.OWNER})
    assert judge(LEAD, Permission.PROPOSAL_VIEW, draft, NOW)
    assert not judge(manager, Permission.PROPOSAL_VIEW, draft, NOW)
    assert not judge(VISITOR, Permission.PROPOSAL_VIEW, draft, NOW)
