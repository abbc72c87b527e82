"""Who may vote: a list of addresses, one-time codes, old enough accounts."""

import csv
import io
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.events import EventKind
from crowd.core.rules import Electorate
from crowd.core.status import OrganizationRole
from crowd.store.db import transaction
from crowd.store.models import Event
from crowd.voting.models import Ballot, Voter, VoterCode
from tests.conftest import AsUser
from tests.make import make_account, make_member, move_stages
from tests.voting.conftest import MakeVote, Vote, marks_in

CODE = re.compile(r"[2-9a-z]{4}(?:-[2-9a-z]{4}){3}")


def page_of(vote: Vote, more: str = "") -> str:
    return f"/calls/{vote.call_key}/rounds/crowd/electorate{more}"


def manager_of(vote: Vote, as_user: AsUser) -> FlaskClient:
    return as_user(make_member(vote.organization, OrganizationRole.MANAGER))


def codes_for(vote: Vote, as_user: AsUser, number: int) -> list[str]:
    page = manager_of(vote, as_user).post(page_of(vote, "/codes"), data={"number": str(number)})
    assert (page.status_code, page.headers["Cache-Control"]) == (201, "no-store")
    codes: list[str] = CODE.findall(page.text)
    return codes


def test_only_people_on_the_list_vote(make_vote: MakeVote, as_user: AsUser, session: Session) -> None:
    vote = make_vote(2, electorate=Electorate.INVITED)
    listed, other = make_account("Listed"), make_account("Other")
    manager = manager_of(vote, as_user)
    typed = f"{listed.email.upper()}\nnobody@example.org"
    assert manager.post(page_of(vote, "/addresses"), data={"addresses": typed}).status_code == 303
    assert "nobody@example.org" in manager.get(page_of(vote)).text
    data = {"support": vote.keys[0]}
    assert as_user(other).post(vote.at("cast"), data=data).status_code == 403
    assert as_user(listed).post(vote.at("cast"), data=data).status_code == 303
    assert manager.post(page_of(vote, "/remove"), data={"remove": listed.email}).status_code == 303
    assert as_user(listed).post(vote.at("withdraw")).status_code == 403
    assert marks_in(session) == [{vote.keys[0]: 1}]
    told = session.scalars(select(Event.data).where(Event.kind == EventKind.ELECTORS_ADDED)).all()
    assert told == [{"number": 2}]


@pytest.mark.parametrize("typed", ["", "no address", "one@two@three.example", "a@b"])
def test_a_bad_list_is_refused_beside_the_field_and_kept(make_vote: MakeVote, as_user: AsUser, typed: str) -> None:
    vote = make_vote(2, electorate=Electorate.INVITED)
    page = manager_of(vote, as_user).post(page_of(vote, "/addresses"), data={"addresses": typed})
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text
    assert typed in page.text


def test_a_code_opens_one_ballot_without_an_account(
    make_vote: MakeVote, as_user: AsUser, client: FlaskClient, session: Session
) -> None:
    vote = make_vote(3, electorate=Electorate.CODES, secret=True)
    first, second = codes_for(vote, as_user, 2)
    assert first not in str(session.scalars(select(VoterCode.code_hash)).all())
    data = {"support": vote.keys[0]}
    assert client.post(vote.at("cast"), data=data).status_code == 403
    assert "This vote is opened by a code" in client.get(vote.url).text
    wrong = client.post(vote.at("code"), data={"code": "abcd-abcd-abcd-abcd"})
    assert (wrong.status_code, "abcd-abcd" in wrong.text) == (422, True)
    entered = client.post(vote.at("code"), data={"code": f" {first.upper().replace('-', ' ')} "})
    assert (entered.status_code, entered.location) == (303, vote.url)
    assert client.post(vote.at("review"), data=data).status_code == 200
    assert client.post(vote.at("cast"), data=data).status_code == 303
    key = session.scalars(select(Ballot.key)).one()
    assert key in client.get(vote.at("receipt")).text
    assert client.post(vote.at("cast"), data={"support": vote.keys[1]}).status_code == 303
    assert marks_in(session) == [{vote.keys[1]: 1}]
    assert client.post(vote.at("leave")).status_code == 303
    assert client.post(vote.at("cast"), data=data).status_code == 403
    client.post(vote.at("code"), data={"code": second})
    assert client.post(vote.at("cast"), data=data).status_code == 303
    assert len(marks_in(session)) == 2


def test_whoever_is_signed_in_and_votes_by_a_code_leaves_no_trace_of_the_account(
    make_vote: MakeVote, as_user: AsUser, session: Session
) -> None:
    vote = make_vote(2, electorate=Electorate.CODES, secret=True)
    [code] = codes_for(vote, as_user, 1)
    person = as_user(make_account())
    person.post(vote.at("code"), data={"code": code})
    assert person.post(vote.at("cast"), data={"support": vote.keys[0]}).status_code == 303
    assert session.scalars(select(Voter.account_id)).all() == [None]
    assert session.scalars(select(Event.actor_id).where(Event.kind == EventKind.BALLOT_CAST)).all() == [None]


def test_a_revoked_code_opens_nothing_and_a_used_one_stays(
    make_vote: MakeVote, as_user: AsUser, client: FlaskClient, session: Session
) -> None:
    vote = make_vote(2, electorate=Electorate.CODES, secret=True)
    lost, used = codes_for(vote, as_user, 2)
    manager = manager_of(vote, as_user)
    client.post(vote.at("code"), data={"code": used})
    client.post(vote.at("cast"), data={"support": vote.keys[0]})
    assert manager.post(page_of(vote, "/revoke"), data={"revoke": lost}).status_code == 303
    assert client.post(vote.at("code"), data={"code": lost}).status_code == 422
    kept = manager.post(page_of(vote, "/revoke"), data={"revoke": used})
    assert (kept.status_code, "A ballot was cast with this code; it stays." in kept.text) == (409, True) or (
        kept.status_code == 422
    )
    assert len(marks_in(session)) == 1


def test_a_code_of_one_round_opens_no_other(make_vote: MakeVote, as_user: AsUser, client: FlaskClient) -> None:
    one, other = (make_vote(2, electorate=Electorate.CODES, secret=True) for _ in range(2))
    [code] = codes_for(one, as_user, 1)
    assert client.post(other.at("code"), data={"code": code}).status_code == 422


def test_codes_come_as_a_table_too(make_vote: MakeVote, as_user: AsUser) -> None:
    vote = make_vote(2, electorate=Electorate.CODES, secret=True)
    answer = manager_of(vote, as_user).post(page_of(vote, "/codes"), data={"number": "3", "as": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["number"] for row in rows] == ["1-1", "1-2", "1-3"]
    assert all(CODE.fullmatch(row["code"]) for row in rows)
    assert len({row["code"] for row in rows}) == 3


@pytest.mark.parametrize("number", ["", "0", "5001", "many", "-1"])
def test_a_bad_number_of_codes_is_refused(make_vote: MakeVote, as_user: AsUser, session: Session, number: str) -> None:
    vote = make_vote(2, electorate=Electorate.CODES, secret=True)
    answer = manager_of(vote, as_user).post(page_of(vote, "/codes"), data={"number": number})
    assert answer.status_code == 422
    assert session.scalars(select(VoterCode.id)).all() == []


def test_the_electorate_is_the_managers_alone_and_ends_with_the_vote(make_vote: MakeVote, as_user: AsUser) -> None:
    vote = make_vote(2, electorate=Electorate.CODES, secret=True)
    moderator = as_user(make_member(vote.organization, OrganizationRole.MODERATOR))
    assert moderator.get(page_of(vote)).status_code == 403
    assert moderator.post(page_of(vote, "/codes"), data={"number": "1"}).status_code == 403
    move_stages(vote.call, timedelta(days=6))
    late = manager_of(vote, as_user).post(page_of(vote, "/codes"), data={"number": "1"})
    assert late.status_code in {409, 422}


def test_a_young_account_waits(make_vote: MakeVote, as_user: AsUser, session: Session) -> None:
    vote, person = make_vote(2, min_account_days=7), make_account()
    data = {"support": vote.keys[0]}
    refused = as_user(person).post(vote.at("cast"), data=data)
    assert (refused.status_code, "too young" in refused.text) == (403, True)
    with transaction() as write:
        write.merge(person).created_at -= timedelta(days=8)
    assert as_user(person).post(vote.at("cast"), data=data).status_code == 303
    assert marks_in(session) == [{vote.keys[0]: 1}]


def test_guessing_codes_is_slowed_down(make_vote: MakeVote, client: FlaskClient) -> None:
    vote = make_vote(2, electorate=Electorate.CODES, secret=True)
    answers = [client.post(vote.at("code"), data={"code": f"guess-{n}"}).status_code for n in range(22)]
    assert answers == [422] * 20 + [429] * 2
