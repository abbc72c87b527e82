"""One ballot per person, theirs to change until the vote closes."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.events import EventKind
from crowd.core.rules import Audience, Electorate, VotingMethod
from crowd.core.status import CallStatus, OrganizationRole, ProposalStatus, StageKind
from crowd.proposals.models import ProposalVersion
from crowd.store.db import transaction, utc_now
from crowd.store.models import Event
from crowd.voting.models import Ballot
from tests.conftest import AsUser, CountQueries
from tests.make import (
    VOTE,
    make_account,
    make_call,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    make_session,
    move_stages,
    open_all,
)
from tests.voting.conftest import MakeVote, marks_in, versions_seen


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_person_chooses_looks_over_casts_and_gets_a_receipt(
    make_vote: MakeVote, as_user: AsUser, session: Session
) -> None:
    vote = make_vote(3)
    client = as_user(make_account())
    first, second, _ = vote.keys
    page = client.get(vote.url)
    assert "Support up to 3 proposals." in page.text
    assert "You support none yet. Not cast yet." in text_of(page.text)
    looked_over = client.post(vote.at("review"), data={"support": [first, second]})
    assert "You support 2 of up to 3 proposals." in text_of(looked_over.text)
    assert session.scalars(select(Ballot)).all() == []
    cast = client.post(vote.at("cast"), data={"support": [first, second]})
    assert (cast.status_code, cast.location) == (303, vote.at("receipt"))
    receipt = text_of(client.get(vote.at("receipt")).text)
    assert session.scalars(select(Ballot.key)).one() in receipt
    assert "Proposal 1" in receipt
    assert "Proposal 3" not in receipt
    assert "You support 2 of up to 3 proposals. Your ballot is cast." in text_of(client.get(vote.url).text)


def test_a_ballot_is_changed_and_casting_the_same_again_leaves_no_trace(
    make_vote: MakeVote, as_user: AsUser, session: Session
) -> None:
    vote = make_vote(3)
    client = as_user(make_account())
    for choice in (vote.keys[0], vote.keys[1], vote.keys[1]):
        client.post(vote.at("cast"), data={"support": choice})
    assert marks_in(session) == [{vote.keys[1]: 1}]
    cast = Event.kind.in_([EventKind.BALLOT_CAST, EventKind.BALLOT_CHANGED])
    kinds = session.scalars(select(Event.kind).where(cast).order_by(Event.id))
    assert list(kinds) == [EventKind.BALLOT_CAST, EventKind.BALLOT_CHANGED]


def test_a_withdrawn_ballot_is_gone_and_can_be_cast_again(
    make_vote: MakeVote, as_user: AsUser, session: Session
) -> None:
    vote = make_vote(2)
    client = as_user(make_account())
    client.post(vote.at("cast"), data={"support": vote.keys[0]})
    for _ in range(2):
        assert client.post(vote.at("withdraw")).location == vote.url
    assert marks_in(session) == []
    assert session.scalars(select(Ballot.choices)).all() == [None]
    assert client.get(vote.at("receipt")).location == vote.url
    client.post(vote.at("cast"), data={"support": vote.keys[1]})
    assert marks_in(session) == [{vote.keys[1]: 1}]
    assert len(session.scalars(select(Ballot)).all()) == 1


def test_points_are_cast_and_blanks_count_nothing(make_vote: MakeVote, as_user: AsUser, session: Session) -> None:
    vote = make_vote(3, method=VotingMethod.SCORE, max_choices=None)
    client = as_user(make_account())
    assert "Give each proposal 0 to 5 points." in client.get(vote.url).text
    data = {f"score-{vote.keys[0]}": "5", f"score-{vote.keys[1]}": "0"}
    assert "You give points to 1 proposal." in client.post(vote.at("review"), data=data).text
    client.post(vote.at("cast"), data=data)
    assert marks_in(session) == [{vote.keys[0]: 5}]
    assert "5 points" in client.get(vote.at("receipt")).text


@pytest.mark.parametrize("step", ["review", "cast"])
def test_too_many_choices_come_back_ticked_with_the_reason(
    make_vote: MakeVote, as_user: AsUser, session: Session, step: str
) -> None:
    vote = make_vote(4)
    answer = as_user(make_account()).post(vote.at(step), data={"support": vote.keys})
    assert answer.status_code == 422
    assert "You chose 4, and at most 3 may be chosen. Take some away." in answer.text
    assert answer.text.count(" checked") == 4
    assert marks_in(session) == []


@pytest.mark.parametrize("points", ["6", "-1", "five", "9" * 30])
def test_points_out_of_range_are_refused(make_vote: MakeVote, as_user: AsUser, session: Session, points: str) -> None:
    vote = make_vote(2, method=VotingMethod.SCORE)
    answer = as_user(make_account()).post(vote.at("cast"), data={f"score-{vote.keys[0]}": points})
    assert answer.status_code == 422
    assert "Points go from 0 to 5." in answer.text
    assert marks_in(session) == []


def test_a_choice_outside_the_frozen_list_is_refused(make_vote: MakeVote, as_user: AsUser, session: Session) -> None:
    vote = make_vote(2)
    late = make_proposal(vote.call, title="Too late")
    answer = as_user(make_account()).post(vote.at("cast"), data={"support": late.public_id})
    assert answer.status_code == 422
    assert "The list of candidates has changed since you opened it." in answer.text
    assert marks_in(session) == []


def test_going_back_keeps_what_was_ticked(make_vote: MakeVote, as_user: AsUser) -> None:
    vote = make_vote(3)
    page = as_user(make_account()).post(vote.url, data={"support": vote.keys[:2]})
    assert page.text.count(" checked") == 2


def test_what_a_visitor_ticked_is_kept_through_signing_in(
    make_vote: MakeVote, client: FlaskClient, session: Session
) -> None:
    vote = make_vote(3)
    assert "Sign in to cast" in client.get(vote.url).text
    asked = client.post(vote.at("review"), data={"support": vote.keys[:2]})
    assert asked.status_code == 303
    assert asked.location.startswith("/sign-in?next=")
    assert session.scalars(select(Ballot)).all() == []
    account = make_account()
    sign_in(client, account)
    assert client.get(vote.url).text.count(" checked") == 2
    client.post(vote.at("cast"), data={"support": vote.keys[:2]})
    client.post(vote.at("withdraw"))
    assert client.get(vote.url).text.count(" checked") == 0


def sign_in(client: FlaskClient, account: Account) -> None:
    with client.session_transaction() as cookie:
        cookie.update(_user_id=make_session(account), _fresh=True)


def test_a_session_that_ends_while_casting_costs_nothing(make_vote: MakeVote, client: FlaskClient) -> None:
    vote = make_vote(2)
    answer = client.post(vote.at("cast"), data={"support": vote.keys[0]})
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=")


def test_only_confirmed_people_vote(make_vote: MakeVote, as_user: AsUser, session: Session) -> None:
    vote = make_vote(2)
    client = as_user(make_account(verified=False))
    assert "Confirm your e-mail address first" in client.get(vote.url).text
    assert client.post(vote.at("cast"), data={"support": vote.keys[0]}).status_code == 403
    assert marks_in(session) == []


def test_only_members_vote_where_the_electorate_is_members(
    make_vote: MakeVote, as_user: AsUser, session: Session
) -> None:
    vote = make_vote(2, electorate=Electorate.MEMBERS)
    stranger = as_user(make_account())
    assert stranger.post(vote.at("cast"), data={"support": vote.keys[0]}).status_code == 403
    member = as_user(make_member(vote.organization, OrganizationRole.MEMBER))
    assert member.post(vote.at("cast"), data={"support": vote.keys[0]}).status_code == 303
    assert marks_in(session) == [{vote.keys[0]: 1}]


def test_nobody_votes_on_a_roll(make_vote: MakeVote, as_user: AsUser) -> None:
    vote = make_vote(2, electorate=Electorate.ROLL)
    assert as_user(make_account()).post(vote.at("cast"), data={"support": vote.keys[0]}).status_code == 403


def test_after_the_close_every_act_is_refused_and_the_receipt_stays(
    make_vote: MakeVote, as_user: AsUser, session: Session
) -> None:
    vote = make_vote(2)
    client = as_user(make_account())
    client.post(vote.at("cast"), data={"support": vote.keys[0]})
    move_stages(vote.call, timedelta(days=6))
    for step in ("review", "cast", "withdraw"):
        assert client.post(vote.at(step), data={"support": vote.keys[1]}).status_code == 403
    assert marks_in(session) == [{vote.keys[0]: 1}]
    assert "this ballot is final" in client.get(vote.at("receipt")).text
    assert "The vote is closed" in client.get(vote.url).text


def test_a_paused_call_takes_no_ballots(make_vote: MakeVote, as_user: AsUser, session: Session, now: datetime) -> None:
    vote = make_vote(2)
    with transaction(vote.call):
        vote.call.status, vote.call.paused_at = CallStatus.PAUSED, now
    client = as_user(make_account())
    assert "This call is paused." in client.get(vote.url).text
    assert client.post(vote.at("cast"), data={"support": vote.keys[0]}).status_code == 403
    assert marks_in(session) == []


def test_before_it_opens_the_page_says_when(as_user: AsUser, session: Session) -> None:
    call = make_call(open_stage=StageKind.SCREENING)
    make_proposal(call, title="Not to be seen on a ballot yet")
    page = as_user(make_account()).get(f"/calls/{call.public_id}/vote")
    assert "The vote has not opened yet" in page.text
    assert "Not to be seen on a ballot yet" not in page.text


def test_the_first_look_opens_the_round(client: FlaskClient, session: Session) -> None:
    call = make_call(open_stage=StageKind.VOTING)
    make_proposal(call, title="Opened by looking")
    assert "Opened by looking" in client.get(f"/calls/{call.public_id}/vote").text


def test_a_call_without_that_vote_has_no_such_page(client: FlaskClient, make_vote: MakeVote) -> None:
    vote = make_vote(1)
    assert client.get(f"/calls/{vote.call.public_id}/vote?round=jury").status_code == 404
    assert client.get(f"/calls/{vote.call.public_id}/vote?round=nothing").status_code == 404
    without = make_call(rules=make_rules(StageKind.REVIEW, rounds=()))
    assert client.get(f"/calls/{without.public_id}/vote").status_code == 404


def test_a_members_call_hides_its_ballot_from_strangers(client: FlaskClient, as_user: AsUser, session: Session) -> None:
    organization = make_organization()
    call = make_call(organization, make_rules(StageKind.VOTING, audience=Audience.MEMBERS))
    make_proposal(call, title="Internal")
    open_all(call)
    assert client.get(f"/calls/{call.public_id}/vote").status_code == 404
    member = as_user(make_member(organization, OrganizationRole.MEMBER))
    assert "Internal" in member.get(f"/calls/{call.public_id}/vote").text


def test_a_candidate_that_left_stays_listed_without_a_control(
    make_vote: MakeVote, as_user: AsUser, session: Session
) -> None:
    vote = make_vote(2)
    leaves = vote.proposals[0]
    with transaction(leaves):
        leaves.status = ProposalStatus.WITHDRAWN
    page = as_user(make_account()).get(vote.url).text
    assert "Proposal 1" in page
    assert f'value="{leaves.public_id}"' not in page
    assert "No longer stands." in page


def test_each_reader_sees_an_own_order_that_stays(make_vote: MakeVote, as_user: AsUser) -> None:
    vote = make_vote(12)

    def order(client: FlaskClient) -> list[str]:
        return re.findall(r'name="support" value="(\w+)"', client.get(vote.url).text)

    people = [as_user(make_account()) for _ in range(4)]
    orders = [order(client) for client in people]
    assert [order(client) for client in people] == orders
    assert [sorted(found) for found in orders] == [sorted(vote.keys)] * 4
    assert len({tuple(found) for found in orders}) > 1


def test_a_visitors_order_stays_through_signing_in(make_vote: MakeVote, client: FlaskClient) -> None:
    vote = make_vote(12)

    def order() -> list[str]:
        return re.findall(r'name="support" value="(\w+)"', client.get(vote.url).text)

    before = order()
    sign_in(client, make_account())
    assert order() == before


def test_the_ballot_costs_the_same_queries_whatever_its_length(
    make_vote: MakeVote, as_user: AsUser, count_queries: CountQueries
) -> None:
    short, long = make_vote(1), make_vote(12)
    client = as_user(make_account())
    counts = []
    for vote in (short, long):
        with count_queries() as statements:
            assert client.get(vote.url).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_of_two_votes_the_open_one_is_meant(make_vote: MakeVote, as_user: AsUser, session: Session) -> None:
    final = replace(VOTE, key="final", stage="review", title="Final vote")
    rules = make_rules(StageKind.VOTING, rounds=(VOTE, final))
    call: Call = make_call(rules=rules)
    make_proposal(call)
    open_all(call)
    page = as_user(make_account()).get(f"/calls/{call.public_id}/vote")
    assert "<h2>Public vote</h2>" in page.text
    move_stages(call, timedelta(days=10))
    assert "<h2>Final vote</h2>" in as_user(make_account()).get(f"/calls/{call.public_id}/vote").text


def test_a_ballot_says_which_version_it_saw_and_the_voter_when_the_text_changed_since(
    as_user: AsUser, session: Session
) -> None:
    call = make_call(open_stage=StageKind.VOTING)
    proposal, voter = make_proposal(call), as_user(make_account())
    open_all(call)
    here = f"/calls/{call.public_id}/vote"
    assert voter.post(f"{here}/cast", data={"support": proposal.public_id}).status_code == 303
    assert versions_seen(session) == [1]
    assert "Changed since you read them" not in voter.get(here).text
    with transaction() as db_session:
        db_session.add(ProposalVersion(proposal_id=proposal.id, number=2, at=utc_now(), title="T", summary="", body=""))
    for page in (here, f"{here}/receipt"):
        assert "Changed since you read them" in voter.get(page).text
    assert voter.post(f"{here}/cast", data={"support": proposal.public_id}).status_code == 303
    assert versions_seen(session) == [2]
    assert "Changed since you read them" not in voter.get(here).text


@pytest.mark.parametrize("said", ["1", "0", "9", "two", "٣", "1" * 40, ""])
def test_a_ballot_notes_the_version_that_was_read_and_a_wrong_number_as_the_newest(
    make_vote: MakeVote, as_user: AsUser, session: Session, said: str
) -> None:
    vote = make_vote(1)
    with transaction() as write:
        id_ = vote.proposals[0].id
        write.add(ProposalVersion(proposal_id=id_, number=2, at=utc_now(), title="T", summary="", body=""))
    data = {"support": vote.keys[0], "seen": [f"{vote.keys[0]}:{said}", "nothing", "unknown:1"]}
    assert as_user(make_account()).post(vote.at("cast"), data=data).status_code == 303
    assert versions_seen(session) == [1 if said == "1" else 2]


def test_what_was_read_goes_with_the_ballot_to_its_receipt_though_the_text_changes_meanwhile(
    make_vote: MakeVote, as_user: AsUser, session: Session
) -> None:
    vote, voter = make_vote(2), as_user(make_account())
    shown = re.findall(r'name="seen" value="([^"]+)"', voter.get(vote.url).text)
    assert sorted(shown) == sorted(f"{key}:1" for key in vote.keys)
    with transaction() as write:
        id_ = vote.proposals[0].id
        write.add(ProposalVersion(proposal_id=id_, number=2, at=utc_now(), title="T", summary="", body="Other words"))
    fields = {"support": vote.keys, "seen": shown}
    for page in (voter.post(vote.at("review"), data=fields), voter.post(vote.url, data=fields)):
        carried = re.findall(r'name="seen" value="([^"]+)"', page.text)
        assert sorted(carried) == sorted(shown)
    voter.post(vote.at("cast"), data=fields)
    receipt = voter.get(vote.at("receipt")).text
    assert "have a newer version than the one you read" in receipt
    links = re.findall(r'href="([^"]+/history[^"]+)"', receipt)
    assert [link.replace("&amp;", "&") for link in links] == [f"/proposals/{vote.keys[0]}/history?from=1&to=2"]
    assert "Other words" in text_of(voter.get(links[0].replace("&amp;", "&")).text)
    assert f"{vote.keys[0]}:2" in voter.get(vote.url).text
