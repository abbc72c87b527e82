"""What was known of a vote a moment ago only saves questions: whatever changed since is judged as it is now."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.rules import VotingMethod
from crowd.core.status import CallStatus, OrganizationStatus
from crowd.proposals.models import ProposalVersion
from crowd.store.db import transaction, utc_now
from crowd.store.lately import Lately
from tests.conftest import AsUser, CountQueries
from tests.make import make_account, move_stages
from tests.voting.conftest import MakeVote, Vote, marks_in, versions_seen

pytestmark = pytest.mark.usefixtures("_slow_clock")


@pytest.fixture
def _slow_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The moment lasts as long as the test."""
    monkeypatch.setattr("crowd.store.lately.monotonic", lambda: 0.0)


@pytest.fixture
def vote(make_vote: MakeVote, as_user: AsUser) -> Vote:
    """One that is known because somebody has just voted."""
    made = make_vote(3, secret=True)
    assert cast(made, as_user, made.keys[0]) == 303
    return made


def cast(vote: Vote, as_user: AsUser, *keys: str, **fields: str) -> int:
    return as_user(make_account()).post(vote.at("cast"), data={"support": list(keys), **fields}).status_code


def test_the_vote_is_read_for_all_who_come_within_a_moment(
    vote: Vote, as_user: AsUser, count_queries: CountQueries
) -> None:
    client = as_user(make_account())
    with count_queries() as asked:
        assert client.post(vote.at("cast"), data={"support": vote.keys[:2]}).status_code == 303
    assert len([one for one in asked if "FROM calls" in one]) == 1  # under the lock
    assert not [one for one in asked if "proposal_versions" in one or "memberships" in one]


def test_a_vote_that_was_paused_meanwhile_takes_no_ballot(vote: Vote, as_user: AsUser, session: Session) -> None:
    with transaction(vote.call):
        vote.call.status, vote.call.paused_at = CallStatus.PAUSED, utc_now()
    assert cast(vote, as_user, vote.keys[1]) == 403
    with transaction(vote.call):
        vote.call.status, vote.call.paused_at = CallStatus.PUBLISHED, None
    assert cast(vote, as_user, vote.keys[1]) == 303
    assert len(marks_in(session)) == 2


def test_a_vote_that_was_closed_early_takes_no_ballot(vote: Vote, as_user: AsUser, session: Session) -> None:
    move_stages(vote.call, timedelta(days=-60))
    assert cast(vote, as_user, vote.keys[1]) == 403
    assert len(marks_in(session)) == 1


def test_a_call_that_may_not_be_seen_any_more_is_not_there(vote: Vote, as_user: AsUser, session: Session) -> None:
    with transaction(vote.organization):
        vote.organization.status = OrganizationStatus.REFUSED
    assert cast(vote, as_user, vote.keys[1]) == 404
    assert len(marks_in(session)) == 1


def test_rules_that_were_amended_meanwhile_hold(vote: Vote, as_user: AsUser, session: Session) -> None:
    before = vote.call
    with transaction(before):
        before.rules = before.rules.replace('"max_choices":3', '"max_choices":1') if before.rules else None
    assert before.rules is not None
    assert '"max_choices":1' in before.rules
    assert cast(vote, as_user, *vote.keys[:2]) == 422
    assert cast(vote, as_user, vote.keys[1]) == 303
    assert len(marks_in(session)) == 2


def test_the_version_that_was_read_is_noted_though_it_is_newer_than_what_was_known(
    vote: Vote, as_user: AsUser, session: Session
) -> None:
    proposal = vote.proposals[1]
    newest = session.scalars(select(ProposalVersion).where(ProposalVersion.proposal_id == proposal.id)).one()
    with transaction() as write:
        columns = {column.key: getattr(newest, column.key) for column in ProposalVersion.__table__.columns}
        write.add(ProposalVersion(**{**columns, "id": None, "number": newest.number + 1}))
    assert cast(vote, as_user, vote.keys[1], seen=f"{vote.keys[1]}:{newest.number + 1}") == 303
    assert sorted(versions_seen(session)) == [newest.number, newest.number + 1]


def test_a_budget_is_kept_by_the_costs_that_hold(make_vote: MakeVote, as_user: AsUser, session: Session) -> None:
    vote = make_vote(2, method=VotingMethod.PB_GREEDY, budget=100, max_choices=None)
    for proposal in vote.proposals:
        with transaction(proposal):
            proposal.cost = 50
    assert cast(vote, as_user, *vote.keys) == 303
    with transaction(vote.proposals[0]):
        vote.proposals[0].cost = 60
    assert cast(vote, as_user, *vote.keys) == 422
    assert len(marks_in(session)) == 1


def test_what_was_not_found_is_looked_for_again(session: Session) -> None:
    known, answers = Lately[str, int](1), iter([None, 1, 2])
    assert [known.of("a", lambda: next(answers)) for _ in range(3)] == [None, 1, 1]
    assert known.of("b", lambda: next(answers)) == 2


def test_after_the_moment_it_is_read_anew(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    known = Lately[str, int](1)
    assert known.of("a", lambda: 1) == 1
    monkeypatch.setattr("crowd.store.lately.monotonic", lambda: 1.5)
    assert known.of("a", lambda: 2) == 2
