"""First ballots share a commit: each kind of electorate goes that way, and nothing has to be tried a second time."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.rules import Electorate
from crowd.core.status import OrganizationRole
from crowd.store.models import Event
from crowd.voting.models import Ballot, Leaf, Voter
from tests.conftest import AsUser, CountQueries
from tests.make import make_account, make_member
from tests.voting.conftest import MakeVote, Vote
from tests.voting.test_electorate import codes_for

Enter = Callable[[Vote, AsUser, FlaskClient], FlaskClient]


def by_account(_vote: Vote, as_user: AsUser, _client: FlaskClient) -> FlaskClient:
    return as_user(make_account())


def as_member(vote: Vote, as_user: AsUser, _client: FlaskClient) -> FlaskClient:
    return as_user(make_member(vote.organization, OrganizationRole.MANAGER))


def by_code(vote: Vote, as_user: AsUser, client: FlaskClient) -> FlaskClient:
    (code,) = codes_for(vote, as_user, 1)
    assert client.post(vote.at("code"), data={"code": code}).status_code == 303
    return client


@pytest.mark.parametrize(
    ("rules", "enter", "members"),
    [
        ({}, by_account, None),
        ({"secret": True}, by_account, None),
        ({"member_percent": 50}, by_account, False),
        ({"member_percent": 50}, as_member, True),
        ({"electorate": Electorate.MEMBERS}, as_member, None),
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
) -> None:
    vote = make_vote(3, **rules)
    voter = enter(vote, as_user, client)
    with count_queries() as statements:
        assert voter.post(vote.at("cast"), data={"support": vote.keys[:2]}).status_code == 303
    assert len([one for one in statements if "INSERT INTO ballots" in one]) == 1
    assert "written together" not in capsys.readouterr().err
    ballot, leaf = session.scalars(select(Ballot)).one(), session.scalars(select(Leaf)).one()
    assert (ballot.member, ballot.acts, ballot.leaf) == (members, 1, leaf.hash)
    assert session.scalars(select(Voter.ballot)).one() == ballot.key
    assert session.scalars(select(Event.data).where(Event.kind == "ballot:cast")).all() == [{}]
