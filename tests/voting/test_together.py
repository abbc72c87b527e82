"""First ballots share a commit: each kind of electorate goes that way, and nothing has to be tried a second time.

Whoever may not vote by that time is told so as everybody else is, and nothing of the ballot is lost.
"""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crowd.accounts.actions import end_sessions
from crowd.accounts.models import Account
from crowd.core.rules import Electorate, VotingMethod
from crowd.core.status import OrganizationRole
from crowd.store.db import transaction, utc_now
from crowd.store.models import Event
from crowd.voting.models import Ballot, Leaf, Voter, VoterCode
from tests.conftest import AsUser, CountQueries
from tests.make import make_account, make_member
from tests.voting.conftest import MakeVote, Vote, marks_in
from tests.voting.test_electorate import codes_for, manager_of, page_of

CAST = "crowd.voting.views.casting.cast_paper"
BUDGET = {"method": VotingMethod.PB_GREEDY, "budget": 100, "max_choices": None}
Enter = Callable[[Vote, AsUser, FlaskClient], FlaskClient]


def by_account(_vote: Vote, as_user: AsUser, _client: FlaskClient) -> FlaskClient:
    return as_user(make_account())


def as_member(vote: Vote, as_user: AsUser, _client: FlaskClient) -> FlaskClient:
    return as_user(make_member(vote.organization, OrganizationRole.MANAGER))


def as_elector(vote: Vote, as_user: AsUser, _client: FlaskClient) -> FlaskClient:
    person = make_account()
    typed = {"addresses": f"{person.email}\nnobody@example.org"}
    assert manager_of(vote, as_user).post(page_of(vote, "/addresses"), data=typed).status_code == 303
    return as_user(person)


def by_code(vote: Vote, as_user: AsUser, client: FlaskClient) -> FlaskClient:
    (code,) = codes_for(vote, as_user, 1)
    assert client.post(vote.at("code"), data={"code": code}).status_code == 303
    return client


def unexpected(*_args: object, **_named: object) -> None:
    raise AssertionError


@pytest.mark.parametrize(
    ("rules", "enter", "members"),
    [
        ({}, by_account, None),
        ({"secret": True}, by_account, None),
        ({"min_account_days": 0, **BUDGET}, by_account, None),
        ({"member_percent": 50}, by_account, False),
        ({"member_percent": 50}, as_member, True),
        ({"electorate": Electorate.MEMBERS}, as_member, None),
        ({"electorate": Electorate.INVITED}, as_elector, None),
        ({"electorate": Electorate.CODES, "secret": True}, by_code, None),
    ],
)
def test_a_first_ballot_goes_with_others_and_is_written_once(
    rules: dict[str, object],
    enter: Enter,
    *,
    members: bool | None,
    make_vote: MakeVote,
    as_user: AsUser,
    client: FlaskClient,
    session: Session,
    count_queries: CountQueries,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vote = make_vote(3, **rules)
    for proposal in vote.proposals:
        with transaction(proposal):
            proposal.cost = 50
    voter = enter(vote, as_user, client)
    monkeypatch.setattr(CAST, unexpected)
    with count_queries() as statements:
        assert voter.post(vote.at("cast"), data={"support": vote.keys[:2]}).status_code == 303
    assert len([one for one in statements if "INSERT INTO ballots" in one]) == 1
    assert "written together" not in capsys.readouterr().err
    ballot, leaf = session.scalars(select(Ballot)).one(), session.scalars(select(Leaf)).one()
    assert (ballot.member, ballot.acts, ballot.leaf) == (members, 1, leaf.hash)
    assert session.scalars(select(Voter.ballot)).one() == ballot.key
    assert session.scalars(select(Event.data).where(Event.kind == "ballot:cast")).all() == [{}]


def shut_out(person: Account) -> None:
    person.blocked_at = utc_now()


def owe_the_terms(person: Account) -> None:
    person.accepted_at = None


def lose_the_address(person: Account) -> None:
    person.verified_at = None


@pytest.mark.parametrize(
    ("befalls", "status", "way"),
    [(shut_out, 303, "/sign-in"), (owe_the_terms, 303, "/accept"), (lose_the_address, 403, "")],
)
def test_whoever_may_not_act_any_more_is_told_so(
    befalls: Callable[[Account], None],
    status: int,
    way: str,
    make_vote: MakeVote,
    as_user: AsUser,
    session: Session,
) -> None:
    vote, person = make_vote(3), make_account()
    client = as_user(person)
    with transaction(person):
        befalls(person)
    answer = client.post(vote.at("cast"), data={"support": vote.keys[0]})
    assert (answer.status_code, way in (answer.location or "")) == (status, True)
    assert marks_in(session) == []


def test_a_session_that_was_ended_elsewhere_casts_nothing(
    make_vote: MakeVote, as_user: AsUser, session: Session
) -> None:
    vote, person = make_vote(3), make_account()
    client = as_user(person)
    with transaction() as write:
        end_sessions(write, person.id, now=utc_now())
    answer = client.post(vote.at("cast"), data={"support": vote.keys[0]})
    assert (answer.status_code, "/sign-in" in (answer.location or "")) == (303, True)
    assert marks_in(session) == []


def test_a_code_that_was_revoked_casts_nothing(
    make_vote: MakeVote, as_user: AsUser, client: FlaskClient, session: Session
) -> None:
    vote = make_vote(3, electorate=Electorate.CODES, secret=True)
    by_code(vote, as_user, client)
    with transaction() as write:
        write.execute(update(VoterCode).values(revoked_at=utc_now()))
    assert client.post(vote.at("cast"), data={"support": vote.keys[0]}).status_code == 403
    assert marks_in(session) == []


def test_a_ballot_without_the_token_of_its_form_is_refused(
    app: Flask, make_vote: MakeVote, as_user: AsUser, session: Session
) -> None:
    vote = make_vote(3)
    client = as_user(make_account())
    app.config["WTF_CSRF_ENABLED"] = True
    assert client.post(vote.at("cast"), data={"support": vote.keys[0]}).status_code == 400
    assert marks_in(session) == []


def test_what_cannot_be_written_together_is_cast_alone(
    make_vote: MakeVote,
    as_user: AsUser,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    vote = make_vote(3)
    client = as_user(make_account())
    monkeypatch.setattr("crowd.voting.actions.together.enter_all", unexpected)
    assert client.post(vote.at("cast"), data={"support": vote.keys[0]}).status_code == 303
    assert marks_in(session) == [{vote.keys[0]: 1}]
    assert "written together" in capsys.readouterr().err
