"""What stands on every page of a call: the one button for every person, tabs with counts, stages, facts."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.rules import Entrants
from crowd.core.status import CallStatus, OrganizationRole, ProposalStatus, StageKind
from crowd.organizations.models import Organization
from crowd.store.db import transaction, utc_now
from crowd.voting.models import Voter
from tests.conftest import AsUser, CountQueries
from tests.make import (
    make_account,
    make_assignment,
    make_call,
    make_juror,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    open_all,
)

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("session")]


def act_of(client: FlaskClient, call: Call) -> tuple[str, str]:
    """Words of the button and where it leads, or why it does not."""
    html = client.get(f"/calls/{call.public_id}").text
    part = html[html.index('class="one-act"') : html.index("</aside>")]
    link = re.search(r'<a class="act" href="([^"]*)"[^>]*>([^<]*)<', part)
    if link:
        return unescape(link[2]).strip(), unescape(link[1])
    words, reason = re.search(r"<button[^>]*>([^<]*)<", part), re.search(r'class="reason">([^<]*)<', part)
    assert words
    assert reason
    return unescape(words[1]).strip(), unescape(reason[1])


def tabs_of(client: FlaskClient, call: Call) -> list[str]:
    html = client.get(f"/calls/{call.public_id}").text
    part = html[html.index('class="tabs"') :]
    part = part[: part.index("</nav>")]
    return [
        " ".join(re.sub(r"<[^>]*>", " ", tab).split()) for tab in re.findall(r"<a [^>]*>(.*?)</a>", part, re.DOTALL)
    ]


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def person() -> Account:
    return make_account()


def test_a_visitor_starts_at_once_where_anybody_may_enter(client: FlaskClient) -> None:
    call = make_call()
    assert act_of(client, call) == ("Start a proposal", f"/calls/{call.public_id}/propose")
    closed = make_call(rules=make_rules(entrants=Entrants.MEMBERS))
    words, url = act_of(client, closed)
    assert words == "Sign in to take part"
    assert url == f"/sign-in?next=/calls/{closed.public_id}/propose"


def test_before_it_opens_the_button_says_when_in_the_zone_of_the_call(client: FlaskClient) -> None:
    call = make_call(rules=make_rules(None, time_zone="America/Mexico_City"))
    words, reason = act_of(client, call)
    assert words == "Start a proposal"
    assert reason.startswith("This call does not take proposals now. It opens on ")
    assert reason.endswith("Mexico City.")


def test_the_author_goes_on_with_the_draft_and_then_sees_the_proposal(as_user: AsUser, person: Account) -> None:
    call = make_call()
    handed_in = make_proposal(call, person)
    assert act_of(as_user(person), call) == ("See your proposal", f"/proposals/{handed_in.public_id}")
    draft = make_proposal(call, person, status=ProposalStatus.DRAFT)
    assert act_of(as_user(person), call) == ("Continue your draft", f"/proposals/{draft.public_id}/edit")
    assert act_of(as_user(make_account()), call)[0] == "Start a proposal"


def test_voters_vote_then_change_their_ballot(client: FlaskClient, as_user: AsUser, person: Account) -> None:
    call = make_call(open_stage=StageKind.VOTING)
    make_proposal(call)
    row = open_all(call)
    vote = f"/calls/{call.public_id}/vote"
    assert act_of(client, call) == ("Sign in to vote", f"/sign-in?next={vote}")
    assert act_of(as_user(person), call) == ("Go to the vote", vote)
    with transaction() as session:
        session.add(Voter(round_id=row.id, account_id=person.id, cast_at=utc_now()))
    assert act_of(as_user(person), call) == ("Change your ballot", vote)
    unverified = act_of(as_user(make_account(verified=False)), call)
    assert unverified == ("Go to the vote", "Confirm your e-mail address first: the link is in the mail we sent you.")


def test_jurors_moderators_and_managers_see_what_waits_for_them(as_user: AsUser, organization: Organization) -> None:
    call = make_call(organization, open_stage=StageKind.REVIEW)
    first, second = make_proposal(call), make_proposal(call)
    make_proposal(call, status=ProposalStatus.SUBMITTED)
    account = make_account("The juror")
    juror = make_juror(open_all(call, "jury"), account)
    make_assignment(juror, first)
    make_assignment(juror, second)
    assert act_of(as_user(account), call) == ("Review 2 proposals", f"/calls/{call.public_id}/reviews")
    moderator = as_user(make_member(organization, OrganizationRole.MODERATOR))
    assert act_of(moderator, call) == ("Screen 1 proposal", f"/calls/{call.public_id}/screening")
    manager = as_user(make_member(organization))
    assert act_of(manager, call)[0] == "Screen 1 proposal"


def test_whoever_has_a_stake_is_not_asked_to_screen_it(as_user: AsUser, organization: Organization) -> None:
    call = make_call(organization)
    moderator = make_member(organization, OrganizationRole.MODERATOR)
    make_proposal(call, moderator, status=ProposalStatus.SUBMITTED)
    assert act_of(as_user(moderator), call)[0] == "See your proposal"


def test_the_decision_then_the_results(client: FlaskClient, as_user: AsUser, organization: Organization) -> None:
    call = make_call(organization, open_stage=StageKind.SELECTION)
    manager = as_user(make_member(organization))
    assert act_of(manager, call) == ("Decide", f"/calls/{call.public_id}/decisions")
    assert act_of(client, call) == ("See the results", "The results are not published yet.")
    with transaction() as session:
        session.get_one(Call, call.id).results_published_at = utc_now()
    for visitor in (client, manager):
        assert act_of(visitor, call) == ("See the results", f"/calls/{call.public_id}/results")


def test_tabs_show_each_person_their_own(client: FlaskClient, as_user: AsUser, organization: Organization) -> None:
    call = make_call(organization)
    make_proposal(call)
    make_proposal(call, status=ProposalStatus.SUBMITTED)
    public = ["Call", "Proposals 2", "Discussion 0", "History"]
    assert tabs_of(client, call) == public
    assert tabs_of(as_user(make_account()), call) == public
    moderator = as_user(make_member(organization, OrganizationRole.MODERATOR))
    assert tabs_of(moderator, call) == [*public[:-1], "Desk", "Screening 1", "History"]
    manager = as_user(make_member(organization))
    assert tabs_of(manager, call) == [
        *public[:-1],
        "Rounds",
        "Reviews",
        "Desk",
        "Screening 1",
        "Decision",
        "Schedule",
        "History",
    ]
    draft = make_call(organization, status=CallStatus.DRAFT)
    assert tabs_of(manager, draft) == ["Call", "Edit"]


def test_the_stage_line_marks_what_is_past_open_and_to_come(client: FlaskClient) -> None:
    call = make_call(open_stage=StageKind.VOTING)
    html = client.get(f"/calls/{call.public_id}").text
    assert re.findall(r'<li data-state="(\w+)"', html) == ["past", "past", "current", "next", "next", "next"]


def test_a_paused_call_stands_where_it_was_paused(client: FlaskClient) -> None:
    call = make_call(open_stage=StageKind.SUBMISSION, status=CallStatus.PAUSED)
    with transaction() as session:
        session.get_one(Call, call.id).paused_at = utc_now() - timedelta(days=5) + timedelta(minutes=1)
    html = client.get(f"/calls/{call.public_id}").text
    assert re.findall(r'<li data-state="(\w+)"', html)[0] == "current"
    assert act_of(client, call) == ("Start a proposal", "This call is paused.")


def test_the_head_asks_the_same_for_few_and_for_many(
    as_user: AsUser, count_queries: CountQueries, organization: Organization
) -> None:
    call, member = make_call(organization), make_member(organization)
    make_proposal(call)
    visitor, url = as_user(member), f"/calls/{call.public_id}"
    with count_queries() as few:
        visitor.get(url)
    for _ in range(4):
        make_proposal(call, member)
    with count_queries() as many:
        visitor.get(url)
    assert len(many) == len(few)
    assert len(few) <= 11
