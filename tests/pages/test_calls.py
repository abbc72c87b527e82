"""The directory of calls and the page of one."""

import base64
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from crowd.calls.actions import freeze
from crowd.calls.models import Call, CallStage
from crowd.core.rules import Audience, CallRules, Publicity, Stage, to_data
from crowd.core.status import CallStatus, OrganizationRole, ProposalStatus, StageKind
from crowd.organizations.models import Organization
from crowd.rounds.actions import make_rounds
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser, CountQueries
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, make_rules, schedule

pytestmark = pytest.mark.usefixtures("session")


def publish(rules: CallRules, organization: Organization | None = None) -> Call:
    """A call with tags and search index, as publishing makes it."""
    organization = organization or make_organization()
    now = utc_now()
    with transaction() as session:
        call = Call(organization_id=organization.id, draft=to_data(rules), created_at=now, edited_at=now)
        session.add(call)
        session.flush()
        freeze(session, call, rules, published_by=None, now=now)
        make_rounds(session, call.id, rules)
    return call


def titles(html: str) -> list[str]:
    return re.findall(r'class="row-title"><a href="[^"]*"><bdi>([^<]*)</bdi>', html)


def test_the_call_says_what_is_asked_what_one_gets_who_decides_and_how_long_is_left(client: FlaskClient) -> None:
    call = publish(make_rules())
    page = client.get(f"/calls/{call.public_id}")
    assert page.status_code == 200
    for words in (
        "Ideas for the reading garden",
        "<strong>plant or build</strong>",
        "2,000 EUR for each of the two best proposals",
        "The public vote and a jury of five decide together.",
        "40 %",
        "60 %",
        "Each may support up to 3 proposals.",
        "10 working days",
        "Start a proposal",
        str(call.rules_sha256),
    ):
        assert words in page.text


def test_a_draft_does_not_exist_for_anybody_but_its_managers(client: FlaskClient, as_user: AsUser) -> None:
    organization = make_organization()
    manager = make_member(organization)
    moderator = make_member(organization, OrganizationRole.MODERATOR)
    draft = make_call(organization, status=CallStatus.DRAFT)
    assert client.get(f"/calls/{draft.public_id}").status_code == 404
    assert as_user(moderator).get(f"/calls/{draft.public_id}").status_code == 404
    seen = as_user(manager).get(f"/calls/{draft.public_id}")
    assert seen.status_code == 200
    assert "This is how the call will look." in seen.text
    assert "Continue writing the call" in seen.text
    assert titles(as_user(manager).get("/calls").text) == []


def test_unlisted_calls_open_by_link_and_stand_in_no_list(client: FlaskClient) -> None:
    call = publish(make_rules(audience=Audience.UNLISTED))
    assert client.get(f"/calls/{call.public_id}").status_code == 200
    assert titles(client.get("/calls").text) == []
    assert titles(client.get("/calls?q=garden").text) == []


def test_calls_for_members_are_unknown_to_others(client: FlaskClient, as_user: AsUser) -> None:
    organization = make_organization()
    call = publish(make_rules(audience=Audience.MEMBERS), organization)
    member = make_member(organization, OrganizationRole.MEMBER)
    assert client.get(f"/calls/{call.public_id}").status_code == 404
    assert titles(client.get("/calls").text) == []
    assert titles(as_user(member).get("/calls").text) == [call.title]


def test_the_directory_filters_by_stage_tag_organization_and_words(client: FlaskClient) -> None:
    library = make_organization("City Library")
    publish(make_rules(StageKind.SUBMISSION, title="Señalización rápida en Peñíscola", tags=("streets",)), library)
    publish(make_rules(StageKind.VOTING, title="Songs for the square", tags=("music",)))
    closing = schedule(StageKind.SUBMISSION, length=timedelta(days=4))
    publish(make_rules(title="Closing call", stages=closing, tags=("streets",)))
    everything = ["Closing call", "Señalización rápida en Peñíscola", "Songs for the square"]
    assert titles(client.get("/calls").text) == everything
    assert titles(client.get("/calls?stage=voting").text) == ["Songs for the square"]
    assert titles(client.get("/calls?stage=open").text) == everything[:2]
    assert titles(client.get("/calls?closing=soon").text) == everything[:2]
    assert titles(client.get("/calls?tag=streets").text) == everything[:2]
    assert titles(client.get(f"/calls?organization={library.slug}").text) == everything[1:2]
    for words in ("senalizacion", "PEÑÍSCOLA", "rapida pen"):
        assert titles(client.get("/calls", query_string={"q": words}).text) == everything[1:2]
    assert titles(client.get("/calls?sort=newest").text) == [everything[0], everything[2], everything[1]]
    assert titles(client.get("/calls?stage=nonsense").text) == everything


def test_wildcards_are_plain_characters(client: FlaskClient) -> None:
    publish(make_rules(title="Songs for the square"))
    for words in ("%", "_", '"', "So%x"):
        assert titles(client.get("/calls", query_string={"q": words}).text) == []


def test_an_empty_result_proposes_the_nearest_searches(client: FlaskClient) -> None:
    publish(make_rules(StageKind.VOTING, title="Songs for the square", tags=("music",)))
    page = client.get("/calls?q=songs&stage=review").text
    assert "at any stage" in page
    assert "without “songs”" not in page


def test_the_directory_pages_by_keyset_and_names_every_call_once(client: FlaskClient) -> None:
    for number in range(45):
        publish(make_rules(StageKind.SUBMISSION if number % 2 else StageKind.VOTING, title=f"Call {number}"))
    seen: list[str] = []
    url: str | None = "/calls"
    while url:
        html = client.get(url).text
        seen += titles(html)
        following = re.search(r'href="([^"]*after=[^"]*)"', html)
        url = following[1].replace("&amp;", "&") if following else None
    assert sorted(seen) == sorted(f"Call {number}" for number in range(45))


@pytest.mark.parametrize("order", ["closing", "newest"])
@pytest.mark.parametrize("values", [["x", 1], [1, 1], [["t", "2026-01-01T00:00:00+00:00"], 2**70]])
def test_a_forged_page_link_is_refused_in_words(client: FlaskClient, order: str, values: list[object]) -> None:
    publish(make_rules())
    cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
    page = client.get("/calls", query_string={"after": cursor, "sort": order})
    assert page.status_code == 422
    assert "This page link is not valid." in page.text


def test_the_directory_asks_the_same_for_one_call_and_for_many(
    client: FlaskClient, count_queries: CountQueries
) -> None:
    publish(make_rules())
    with count_queries() as one:
        client.get("/calls")
    for _ in range(5):
        publish(make_rules())
    with count_queries() as many:
        client.get("/calls")
    assert len(many) == len(one)


def test_numbers_of_proposals_follow_the_publicity(client: FlaskClient) -> None:
    shown, hidden = publish(make_rules(title="Shown")), publish(make_rules(title="Hidden", publicity=Publicity.NEVER))
    for call in (shown, hidden):
        make_proposal(call)
    page = client.get("/calls").text
    assert page.count("1 proposal") == 1
    assert "1 proposal" not in client.get(f"/calls/{hidden.public_id}").text


def test_the_deadline_is_one_instant_whatever_the_servers_and_the_readers_zone(
    client: FlaskClient, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/Chicago")
    berlin = ZoneInfo("Europe/Berlin")
    day = (utc_now() + timedelta(days=20)).astimezone(berlin)
    closes = datetime(day.year, day.month, day.day, 23, 59, tzinfo=berlin)
    stages = make_rules().stages
    stages = (
        Stage("submission", StageKind.SUBMISSION, utc_now() - timedelta(days=1), closes.astimezone(UTC)),
        Stage("results", StageKind.RESULTS, closes.astimezone(UTC) + timedelta(days=5)),
    )
    call = publish(make_rules(stages=stages, time_zone="Europe/Berlin", rounds=()))
    reader = make_account()
    with transaction(reader):
        reader.time_zone = "Asia/Tokyo"
    for visitor in (client, as_user(reader)):
        for url in (f"/calls/{call.public_id}", "/calls"):
            html = visitor.get(url).text
            assert "23:59 Berlin" in html
            assert closes.astimezone(UTC).strftime('datetime="%Y-%m-%dT%H:%M:%SZ"') in html


def test_a_paused_call_says_why_and_takes_nothing(client: FlaskClient) -> None:
    call = make_call(status=CallStatus.PAUSED)
    page = client.get(f"/calls/{call.public_id}").text
    assert "This call is paused" in page
    assert "Its clock stands still" in page


def test_shifted_dates_stand_beside_the_frozen_ones(client: FlaskClient) -> None:
    rules = make_rules()
    call = publish(rules)
    with transaction() as session:
        row = session.get_one(Call, call.id)
        from_row = {stage.key: stage for stage in rules.stages}["submission"]
        assert from_row.closes_at is not None
        later = replace(from_row, closes_at=from_row.closes_at + timedelta(hours=3))
        session.execute(
            update(CallStage)
            .where(CallStage.call_id == row.id, CallStage.key == "submission")
            .values(closes_at=later.closes_at)
        )
    page = client.get(f"/calls/{call.public_id}").text
    assert page.count('<s class="quiet small">') == 1


def test_the_head_counts_only_what_its_reader_may_see(client: FlaskClient, as_user: AsUser) -> None:
    organization = make_organization()
    call = publish(make_rules(publicity=Publicity.NEVER), organization)
    author = make_account()
    make_proposal(call, author, status=ProposalStatus.SUBMITTED)
    make_proposal(call, status=ProposalStatus.DRAFT)
    tab = re.compile(r"Proposals <span class=\"n\">(\d+)</span>")
    counts = [
        tab.findall(visitor.get(f"/calls/{call.public_id}").text)
        for visitor in (client, as_user(author), as_user(make_member(organization)))
    ]
    assert counts == [["0"], ["1"], ["1"]]


def test_the_page_of_a_call_asks_the_same_whatever_comes_in(
    client: FlaskClient, count_queries: CountQueries, session: Session
) -> None:
    call = publish(make_rules())
    make_proposal(call)
    with count_queries() as one:
        client.get(f"/calls/{call.public_id}")
    for _ in range(4):
        make_proposal(call)
    with count_queries() as many:
        client.get(f"/calls/{call.public_id}")
    assert len(many) == len(one)
