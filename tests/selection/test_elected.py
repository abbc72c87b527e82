"""Where the vote itself elects: the decision room proposes its elected, and the results page says why them and not others."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.gates import call_gate
from crowd.core.rules import ResultsPublicity, VotingMethod
from crowd.core.selection import Fate
from crowd.core.status import Outcome
from crowd.selection.queries.room import room_of
from tests.conftest import AsUser
from tests.make import make_account, make_member, move_stages
from tests.rounds.closed import Closed, closed_vote
from tests.selection.rows import make_verdict
from tests.selection.test_publish import publish

pytestmark = pytest.mark.one_database

BALLOTS = [{0: 1, 1: 2}, {0: 1, 1: 2}, {0: 1, 1: 2}, {0: 1, 1: 2}, {2: 1}]


def at_decision(as_user: AsUser, **more: Any) -> tuple[Closed, Account]:
    """Two of three elected by STV, with the second seat decided by a surplus."""
    vote = closed_vote(VotingMethod.STV, BALLOTS, elects=True, seats=2, **more)
    as_user(make_account()).get(vote.url)
    move_stages(vote.call, timedelta(days=12))
    return vote, make_member(vote.organization)


def test_the_numbers_propose_the_elected_and_nobody_else(session: Session, as_user: AsUser) -> None:
    vote, manager = at_decision(as_user)
    room = room_of(session, call_gate.load(vote.call.public_id).facts)
    ash, birch, cedar = vote.keys
    assert room.numbers.cut.proposed == (ash, birch)
    assert {row.proposal.public_id: row.fate for row in room.rows} == {
        ash: Fate.IN,
        birch: Fate.IN,
        cedar: Fate.NOT_ELECTED,
    }
    page = as_user(manager).get(f"/calls/{vote.call.public_id}/decisions").text
    assert page.count("not elected by the vote") == 1


def test_whoever_decides_reads_what_the_count_says_of_each(session: Session, as_user: AsUser) -> None:
    vote, manager = at_decision(as_user)
    pages = {key: as_user(manager).get(f"/proposals/{key}/verdict").text for key in vote.keys}
    told = "“Birch” won and “Cedar” did not. "
    assert told in pages[vote.keys[2]]
    assert told in pages[vote.keys[1]]
    assert (
        "“Ash” won and “Cedar” did not. “Ash” reached the quota of 2 in round 1, with 4 votes." in pages[vote.keys[0]]
    )


def published(as_user: AsUser, publicity: ResultsPublicity) -> tuple[Closed, Account]:
    vote, manager = at_decision(as_user, call={"results_publicity": publicity})
    outcomes = (Outcome.SELECTED, Outcome.SELECTED, Outcome.NOT_SELECTED)
    for proposal, outcome in zip(vote.proposals, outcomes, strict=True):
        make_verdict(proposal, outcome, manager)
    assert publish(as_user(manager), vote.call).status_code == 303
    return vote, manager


def test_results_say_in_short_why_the_last_elected_won_and_the_next_did_not(session: Session, as_user: AsUser) -> None:
    vote, _ = published(as_user, ResultsPublicity.EVERYTHING)
    page = as_user(make_account()).get(f"/calls/{vote.call.public_id}/results").text
    assert "2 proposals win." in page
    assert '<p class="answer">“Birch” won and “Cedar” did not.' in page
    assert 'aria-labelledby="vote-title vote-desc"' in page
    assert f'href="{vote.url}"' in page


def test_results_that_keep_figures_back_keep_them_here_too(session: Session, as_user: AsUser) -> None:
    for publicity in (ResultsPublicity.TITLE_AND_RANK, ResultsPublicity.NUMBERS):
        vote, manager = published(as_user, publicity)
        url = f"/calls/{vote.call.public_id}/results"
        page = as_user(make_account()).get(url).text
        assert ('class="answer"' in page, "vote-title" in page) == (False, False)
        assert '<p class="answer">“Birch” won and “Cedar” did not.' in as_user(manager).get(url).text


def test_the_steps_of_the_call_say_that_the_vote_elects(session: Session, as_user: AsUser) -> None:
    vote, _ = at_decision(as_user)
    assert "The vote itself elects the winners" in as_user(make_account()).get(f"/calls/{vote.call.public_id}").text
