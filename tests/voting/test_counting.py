"""The count: by the clock or by the first who looks, of exactly the ballots that were cast, and again when a candidate leaves."""

import hashlib
import json
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.core.events import EventKind
from crowd.core.rules import ResultsPublicity, VotingMethod
from crowd.core.status import CallStatus, OrganizationRole, ProposalStatus
from crowd.core.tally.choices import Choices
from crowd.organizations.gates import actor_of
from crowd.proposals.models import Proposal
from crowd.store.db import transaction, utc_now
from crowd.store.models import Event
from crowd.voting.actions import cast_ballot, withdraw_ballot
from crowd.voting.jobs import count_due_rounds, snapshot_open_counts
from crowd.voting.models import Ballot
from crowd.voting.models import Tally as TallyRow
from crowd.voting.queries import latest_tally, own_choices
from tests.conftest import AsUser, CountQueries, Drain
from tests.make import VOTE, make_account, make_member, move_stages, round_row
from tests.voting.conftest import MakeVote, Vote, marks_in

pytestmark = pytest.mark.one_database

SOON = timedelta(days=6)


def cast(session: Session, vote: Vote, *choices: dict[str, int]) -> None:
    """One ballot each by people of their own."""
    for marks in choices:
        voter = actor_of(session, make_account().id)
        with transaction() as write:
            cast_ballot(write, round_row(vote.call), Choices(marks), actor=voter, clock=utc_now)


def test_the_count_is_stored_with_its_rule_and_can_be_hashed_again(
    make_vote: MakeVote, session: Session, drain: Drain
) -> None:
    vote = make_vote(3)
    a, b, c = vote.keys
    cast(session, vote, {a: 1, b: 1}, {a: 1}, {})
    move_stages(vote.call, SOON)
    drain()
    [stored] = session.scalars(select(TallyRow)).all()
    data = json.loads(stored.result)
    assert (data["rule"], data["ballots"], data["invalid"]) == ("approval", 3, 0)
    assert {line["candidate"]: line["total"] for line in data["totals"]} == {a: "2", b: "1", c: "0"}
    assert data["ranking"] == [[a], [b], [c]]
    assert hashlib.sha256(stored.result.encode()).hexdigest() == stored.sha256
    row = round_row(vote.call)
    assert (row.ballots_count, row.counted_at is not None) == (3, True)
    [event] = session.scalars(select(Event).where(Event.kind == EventKind.ROUND_COUNTED))
    assert event.data == {"ballots": 3, "tally_sha256": stored.sha256}


def test_points_are_added_up_and_equal_totals_share_a_rank(
    make_vote: MakeVote, session: Session, client: FlaskClient
) -> None:
    vote = make_vote(3, method=VotingMethod.SCORE)
    a, b, c = vote.keys
    cast(session, vote, {a: 5, b: 2}, {b: 3}, {c: 1})
    move_stages(vote.call, SOON)
    assert count_due_rounds() == 1
    stored = latest_tally(session, round_row(vote.call).id)
    assert stored is not None
    assert stored.tally.ranks == {a: 1, b: 1, c: 3}
    assert stored.tally.votes == {a: 1, b: 2, c: 1}


@pytest.mark.both_databases
def test_the_first_who_looks_counts(make_vote: MakeVote, session: Session, client: FlaskClient) -> None:
    vote = make_vote(2)
    cast(session, vote, {vote.keys[1]: 1})
    move_stages(vote.call, SOON)
    page = client.get(f"/calls/{vote.call_key}/rounds/crowd").text
    assert page.index("Proposal 2") < page.index("Proposal 1")
    assert session.scalar(select(func.count(TallyRow.id))) == 1
    client.get(f"/calls/{vote.call_key}/rounds/crowd")
    assert count_due_rounds() == 0
    assert session.scalar(select(func.count(TallyRow.id))) == 1


def test_an_open_vote_is_not_counted(make_vote: MakeVote, session: Session) -> None:
    vote = make_vote(2)
    cast(session, vote, {vote.keys[1]: 1})
    assert count_due_rounds() == 0
    assert latest_tally(session, round_row(vote.call).id) is None


def test_a_cancelled_call_is_not_counted(make_vote: MakeVote, session: Session) -> None:
    vote = make_vote(1)
    move_stages(vote.call, SOON)
    with transaction(vote.call):
        vote.call.status = CallStatus.CANCELLED
    assert count_due_rounds() == 0


def test_the_count_runs_without_a_candidate_that_left_during_the_vote(make_vote: MakeVote, session: Session) -> None:
    vote = make_vote(2)
    a, b = vote.keys
    cast(session, vote, {a: 1}, {a: 1, b: 1})
    leave(vote.proposals[0])
    move_stages(vote.call, SOON)
    count_due_rounds()
    stored = latest_tally(session, round_row(vote.call).id)
    assert stored is not None
    assert (stored.tally.without, stored.tally.votes, stored.tally.ballots) == ((a,), {b: 1}, 2)


def leave(proposal: Proposal) -> None:
    with transaction(proposal):
        proposal.status = ProposalStatus.WITHDRAWN


def test_a_candidate_that_leaves_after_the_count_makes_another_count(
    make_vote: MakeVote, session: Session, drain: Drain
) -> None:
    vote = make_vote(2)
    a, b = vote.keys
    cast(session, vote, {a: 1}, {b: 1})
    move_stages(vote.call, SOON)
    drain()
    leave(vote.proposals[0])
    drain()
    counts = [json.loads(row.result)["without"] for row in session.scalars(select(TallyRow).order_by(TallyRow.id))]
    assert counts == [[], [a]]
    drain()
    assert session.scalar(select(func.count(TallyRow.id))) == 2


def test_a_ballot_with_more_choices_than_the_rule_allows_counts_as_invalid(
    make_vote: MakeVote, session: Session
) -> None:
    """It cannot be cast; the count does not trust that."""
    vote = make_vote(4)
    cast(session, vote, {vote.keys[0]: 1})
    with transaction() as write:
        write.scalars(select(Ballot)).one().choices = json.dumps({"approve": sorted(vote.keys)})
    move_stages(vote.call, SOON)
    count_due_rounds()
    stored = latest_tally(session, round_row(vote.call).id)
    assert stored is not None
    assert (stored.tally.ballots, stored.tally.invalid) == (0, 1)


def test_open_counts_are_refreshed_by_the_clock_and_hidden_ones_are_not(make_vote: MakeVote, session: Session) -> None:
    shown, hidden = make_vote(2, hidden_counts=False), make_vote(2)
    for vote in (shown, hidden):
        cast(session, vote, {vote.keys[0]: 1}, {vote.keys[0]: 1, vote.keys[1]: 1})
    assert snapshot_open_counts() == 1
    session.expire_all()
    assert [p.supports for p in (*shown.proposals, *hidden.proposals)] == [2, 1, 0, 0]
    assert (round_row(shown.call).ballots_count, round_row(hidden.call).ballots_count) == (2, 0)


def test_open_participation_is_shown_while_the_vote_runs(
    make_vote: MakeVote, session: Session, client: FlaskClient
) -> None:
    vote = make_vote(2, hidden_counts=False)
    cast(session, vote, {vote.keys[0]: 1}, {})
    snapshot_open_counts()
    assert "people cast a ballot" in client.get(f"/calls/{vote.call_key}/rounds/crowd").text


@pytest.mark.parametrize("publicity", [ResultsPublicity.TITLE_AND_RANK, ResultsPublicity.NUMBERS])
def test_figures_of_candidates_stay_with_managers_where_results_keep_them_back(
    make_vote: MakeVote, session: Session, client: FlaskClient, as_user: AsUser, publicity: ResultsPublicity
) -> None:
    vote = make_vote(2, results_publicity=publicity)
    cast(session, vote, {vote.keys[1]: 1})
    move_stages(vote.call, SOON)
    count_due_rounds()
    url = f"/calls/{vote.call_key}/rounds/crowd"
    assert "Fingerprint of the count" not in client.get(url).text
    manager = as_user(make_member(vote.organization, OrganizationRole.MANAGER))
    assert "Fingerprint of the count" in manager.get(url).text
    session.expire_all()
    assert [proposal.supports for proposal in vote.proposals] == [0, 0]


def test_ones_own_marks_are_read_for_lists(make_vote: MakeVote, session: Session) -> None:
    vote, account = make_vote(2), make_account()
    voter = actor_of(session, account.id)
    with transaction() as write:
        cast_ballot(write, round_row(vote.call), Choices({vote.keys[1]: 1}), actor=voter, clock=utc_now)
    rounds = {round_row(vote.call).id: VOTE}
    assert own_choices(session, rounds, account.id) == {vote.keys[1]: 1}
    assert own_choices(session, rounds, None) == {}


def test_the_page_of_a_round_costs_the_same_queries_whatever_its_length(
    make_vote: MakeVote, session: Session, client: FlaskClient, count_queries: CountQueries
) -> None:
    counts = []
    for vote in (make_vote(1), make_vote(12)):
        with count_queries() as statements:
            assert client.get(f"/calls/{vote.call_key}/rounds/crowd").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]


Acts = st.lists(st.tuples(st.integers(0, 3), st.one_of(st.none(), st.sets(st.integers(0, 3), max_size=3))), max_size=12)


@examples(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(Acts)
def test_whatever_people_do_the_counters_equal_the_rows(
    make_vote: MakeVote, session: Session, acts: list[tuple[int, set[int] | None]]
) -> None:
    """None withdraws. The model: a person's last act holds."""
    vote = make_vote(4, hidden_counts=False)
    people = [actor_of(session, make_account().id) for _ in range(4)]
    model: dict[int, set[int]] = {}
    for person, choice in acts:
        with transaction() as write:
            row = round_row(vote.call)
            if choice is None:
                assert withdraw_ballot(write, row, actor=people[person], clock=utc_now) == (person in model)
                model.pop(person, None)
            else:
                marks = {vote.keys[n]: 1 for n in choice}
                cast_ballot(write, row, Choices(marks), actor=people[person], clock=utc_now)
                model[person] = choice
    snapshot_open_counts()
    session.expire_all()
    expected = [sum(n in chosen for chosen in model.values()) for n in range(4)]
    assert [proposal.supports for proposal in vote.proposals] == expected
    assert round_row(vote.call).ballots_count == len(model)
    move_stages(vote.call, SOON)
    count_due_rounds()
    stored = latest_tally(session, round_row(vote.call).id)
    assert stored is not None
    assert [stored.tally.votes[key] for key in vote.keys] == expected
    assert stored.tally.ballots == len(model) <= len(marks_in(session))
