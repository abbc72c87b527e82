"""Writing a call on its pages: from the first title to the frozen rules."""

import hashlib
import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.gates import rules_of
from crowd.calls.models import Call, CallStage, CallTag
from crowd.core.checklist import missing
from crowd.core.events import EventKind
from crowd.core.rules import (
    Audience,
    CallRules,
    Component,
    CountRule,
    Electorate,
    Entrants,
    Field,
    FieldKind,
    Gate,
    GateKind,
    LeftOut,
    Publicity,
    ResultsPublicity,
    Round,
    RoundKind,
    SelectionRules,
    Stage,
    TieBreak,
    Unscreened,
    VotingMethod,
    to_data,
)
from crowd.core.status import CallStatus, OrganizationRole, OrganizationStatus, StageKind
from crowd.organizations.models import Organization
from crowd.rounds.models import CallRound
from crowd.store.db import transaction, utc_now
from crowd.store.models import Event, KeptForm
from tests.conftest import AsUser
from tests.filling import fields_of
from tests.make import JURY, VOTE, make_account, make_call, make_member, make_organization, make_rules, schedule

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("session")]

ERRORS = re.compile(r"Error: </span>([^<]*)|<li>([^<]*)</li>")


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def manager(organization: Organization) -> Account:
    return make_member(organization)


@pytest.fixture
def writer(manager: Account, as_user: AsUser) -> FlaskClient:
    return as_user(manager)


def begin(writer: FlaskClient, organization: Organization, **changes: str) -> str:
    """The address of a new draft's pages."""
    values = {
        "organization": organization.slug,
        "title": "Ideas for the reading garden",
        "shape": "both",
        "language": "en",
        "time_zone": "Europe/Berlin",
    }
    answer = writer.post("/calls/new", data=values | changes)
    assert answer.status_code == 303
    return answer.location.removesuffix("/edit").removesuffix("/edit/basics")


def save(writer: FlaskClient, url: str, act: str = "save", status: int = 303, **changes: Any) -> Any:
    """Open a page of authoring, change some fields, press a button."""
    page = writer.get(url)
    assert page.status_code == 200
    answer = writer.post(url, data=fields_of(page.text) | changes | {"act": act})
    assert answer.status_code == status, ERRORS.findall(answer.text)
    return answer


def only_call(session: Session) -> Call:
    return session.scalars(select(Call).execution_options(populate_existing=True)).one()


@pytest.mark.both_databases
def test_a_call_is_written_published_and_read_without_script(
    writer: FlaskClient, organization: Organization, session: Session, client: FlaskClient
) -> None:
    url = begin(writer, organization)
    save(writer, f"{url}/edit/basics", "next", lead="What should grow?", body="Tell us **why**.", tags="Garden, #books")
    save(
        writer,
        f"{url}/edit/taking-part",
        eligibility="Anyone.",
        handed_in="Two pages.",
        licence="CC BY 4.0",
        declarations="This is my own work.\nI live here.",
    )
    save(writer, f"{url}/edit/deciding", decides="The public and a jury decide together.", places="2")
    jury = f"{url}/edit/rounds/jury"
    grown = save(writer, jury, "add-criterion", status=200)
    assert "Not saved yet" in grown.text
    values = fields_of(grown.text) | {
        "criteria-0-title": "Benefit",
        "criteria-0-weight": "60",
        "criteria-0-levels": "Nobody\nSome\nEverybody",
        "act": "save",
    }
    assert writer.post(jury, data=values).status_code == 303
    last = save(
        writer, f"{url}/edit/outcome", "next", prize="2,000 EUR", contact="garden@library.example", answer_days="10"
    )
    assert last.location == f"{url}/publish"
    page = writer.get(last.location)
    assert "Fingerprint" in page.text
    version = re.search(r'name="version" value="(\d+)"', page.text)
    assert version
    assert client.get(url).status_code == 404
    assert writer.post(f"{url}/publish", data={"version": version[1]}).status_code == 303

    call = only_call(session)
    assert call.status is CallStatus.PUBLISHED
    rules = rules_of(call)
    assert rules.tags == ("garden", "books")
    assert rules.declarations == ("This is my own work.", "I live here.")
    assert [c.title for c in rules.round("jury").criteria] == ["Benefit"]
    stages = session.execute(select(CallStage.kind, CallStage.opens_at).order_by(CallStage.position)).all()
    assert [tuple(row) for row in stages] == [(stage.kind, stage.opens_at) for stage in rules.stages]
    assert session.scalars(select(CallRound.kind).order_by(CallRound.position)).all() == [
        RoundKind.VOTE,
        RoundKind.REVIEW,
    ]
    secret = session.scalars(select(CallRound.tie_secret).where(CallRound.kind == RoundKind.VOTE)).one()
    committed = {one.kind: one.tie_commitment for one in rules.rounds}
    assert committed == {
        RoundKind.VOTE: hashlib.sha256(bytes.fromhex(secret or "")).hexdigest(),
        RoundKind.REVIEW: None,
    }
    assert sorted(session.scalars(select(CallTag.tag))) == ["books", "garden"]
    published = session.scalars(select(Event).where(Event.kind == EventKind.CALL_PUBLISHED)).one()
    assert published.data["rules_sha256"] == call.rules_sha256  # type: ignore[call-overload]
    assert "Ideas for the reading garden" in client.get("/calls?q=reading").text
    data = client.get(f"{url}/rules.json").data
    assert hashlib.sha256(data).hexdigest() == call.rules_sha256
    assert json.loads(data)["prize"] == "2,000 EUR"
    assert call.rules_sha256 in client.get(url).text


def test_the_checklist_leads_to_each_missing_field(writer: FlaskClient, organization: Organization) -> None:
    url = begin(writer, organization)
    page = writer.get(f"{url}/edit/basics").text
    side = page[page.index("data-checklist") : page.index("</aside>")]
    links = re.findall(r'<li( data-done)?>.*?href="([^"]*)"', side, re.DOTALL)
    open_links = [href for done, href in links if not done]
    assert f"{url}/edit/basics#lead" in [href.replace("/edit#", "/edit/basics#") for href in open_links]
    assert f"{url}/edit/taking-part#licence" in open_links
    assert f"{url}/edit/rounds/jury#add_criterion" in open_links
    for href in open_links:
        path, _sep, anchor = href.partition("#")
        assert f'id="{anchor}"' in writer.get(path).text, href


@pytest.mark.both_databases
@pytest.mark.parametrize("role", [OrganizationRole.MODERATOR, OrganizationRole.MEMBER, None])
def test_only_managers_write(organization: Organization, as_user: AsUser, role: OrganizationRole | None) -> None:
    draft = make_call(organization, status=CallStatus.DRAFT)
    visitor = as_user(make_member(organization, role) if role else make_account())
    for path in ("edit", "edit/stages", "edit/rounds/jury", "publish", "delete"):
        assert visitor.get(f"/calls/{draft.public_id}/{path}").status_code == 404
        assert visitor.post(f"/calls/{draft.public_id}/{path}").status_code == 404
    refused = visitor.post(
        "/calls/new",
        data={
            "organization": organization.slug,
            "title": "Mine",
            "shape": "jury",
            "language": "en",
            "time_zone": "UTC",
        },
    )
    assert "You do not manage an organization yet" in refused.text


def test_a_requested_organization_begins_no_call(as_user: AsUser, session: Session) -> None:
    organization = make_organization(status=OrganizationStatus.REQUESTED)
    page = as_user(make_member(organization)).get("/calls/new")
    assert "You do not manage an organization yet" in page.text
    assert session.scalar(select(func.count(Call.id))) == 0


def test_a_visitor_is_asked_to_sign_in_before_writing(client: FlaskClient) -> None:
    answer = client.get("/calls/new")
    assert answer.status_code == 303
    assert "sign" in answer.location


def test_a_published_call_is_not_edited(writer: FlaskClient, organization: Organization) -> None:
    call = make_call(organization)
    page = writer.get(f"/calls/{call.public_id}/edit")
    assert page.status_code == 403
    assert "its rules are frozen" in page.text


def test_two_people_saving_the_same_page_see_both_texts(
    writer: FlaskClient, organization: Organization, as_user: AsUser, session: Session
) -> None:
    url = f"{begin(writer, organization)}/edit/basics"
    other = as_user(make_member(organization))
    mine = fields_of(writer.get(url).text)
    save(other, url, lead="Their lead.")
    answer = writer.post(url, data=mine | {"lead": "My lead.", "act": "save"})
    assert answer.status_code == 409
    assert "<del>Their" in answer.text
    assert "<ins>My" in answer.text
    assert rules_of(only_call(session)).lead == "Their lead."
    again = writer.post(url, data=fields_of(answer.text) | {"act": "save"})
    assert again.status_code == 303
    session.expire_all()
    assert rules_of(only_call(session)).lead == "My lead."


def test_a_round_removed_by_somebody_else_keeps_what_was_typed(
    writer: FlaskClient, organization: Organization, as_user: AsUser
) -> None:
    url = begin(writer, organization)
    mine = fields_of(writer.get(f"{url}/edit/rounds/vote").text)
    save(as_user(make_member(organization)), f"{url}/edit/basics", lead="Theirs.")
    answer = writer.post(f"{url}/edit/rounds/vote", data=mine | {"title": "The people choose", "act": "save"})
    assert answer.status_code == 409
    assert 'value="The people choose"' in answer.text


def test_what_cannot_be_read_is_refused_beside_its_field_and_kept(
    writer: FlaskClient, organization: Organization, session: Session
) -> None:
    url = begin(writer, organization)
    tags = ",".join(f"tag{n}" for n in range(9))
    answer = save(writer, f"{url}/edit/basics", status=422, lead="x" * 301, tags=tags)
    assert "At most 300 characters." in answer.text
    assert "At most 8 tags." in answer.text
    assert f'value="{tags}"' in answer.text
    assert rules_of(only_call(session)).tags == ()
    answer = save(writer, f"{url}/edit/taking-part", status=422, currency="ABC", max_attachments="many")
    assert "Write the three letters of a currency" in answer.text
    assert "Write a whole number." in answer.text
    answer = save(writer, f"{url}/edit/outcome", status=422, answer_days="0")
    assert "Write a whole number from 1 to 365." in answer.text


def test_stages_of_any_kind_are_added_and_removed_without_script(
    writer: FlaskClient, organization: Organization, session: Session
) -> None:
    url = f"{begin(writer, organization)}/edit/stages"
    grown = save(writer, url, "add:stage", status=200, add_kind="voting")
    values = fields_of(grown.text)
    added = next(name for name, value in values.items() if value == "voting-2").removesuffix("-key")
    results = next(name for name, value in values.items() if value == "results").removesuffix("-key")
    values |= {f"{added}-opens_at": "2031-05-01T10:00", f"{added}-closes_at": "2031-05-01T10:01"}
    values |= {f"{results}-opens_at": "2031-06-01T10:00"}
    selection = next(name for name, value in values.items() if value == "selection").removesuffix("-key")
    shrunk = writer.post(url, data=values | {"act": f"remove:{selection.removeprefix('stages-')}"})
    assert shrunk.status_code == 200
    assert writer.post(url, data=fields_of(shrunk.text) | {"act": "save"}).status_code == 303
    stages = rules_of(only_call(session)).stages
    assert [stage.key for stage in stages] == ["submission", "screening", "voting", "review", "voting-2", "results"]
    assert stages[4].closes_at is not None
    assert stages[4].closes_at - stages[4].opens_at == timedelta(minutes=1)
    assert stages[4].opens_at.isoformat() == "2031-05-01T08:00:00+00:00"  # Berlin, in summer


def test_faults_of_the_schedule_are_told_in_words(writer: FlaskClient, organization: Organization) -> None:
    url = f"{begin(writer, organization)}/edit/stages"
    values = fields_of(writer.get(url).text)
    voting = next(name for name, value in values.items() if value == "voting").removesuffix("-key")
    save(writer, url, "save", 303, **{f"{voting}-closes_at": ""})
    assert "“Vote” needs an end: only the last stage may stay open" in writer.get(url).text


def test_a_time_skipped_by_the_clocks_and_a_backward_stage_are_refused(
    writer: FlaskClient, organization: Organization
) -> None:
    url = f"{begin(writer, organization)}/edit/stages"
    answer = save(writer, url, status=422, **{"stages-0-opens_at": "2031-03-30T02:30"})
    assert "This time does not exist" in answer.text
    assert 'value="2031-03-30T02:30"' in answer.text
    answer = save(
        writer, url, status=422, **{"stages-0-opens_at": "2031-05-01T10:00", "stages-0-closes_at": "2031-05-01T09:00"}
    )
    assert "A stage closes after it opens." in answer.text
    answer = save(writer, url, status=422, **{"stages-0-opens_at": "next Monday"})
    assert "Write date and time as 2026-05-12 18:00." in answer.text


def test_changing_the_zone_keeps_the_clock_times(
    writer: FlaskClient, organization: Organization, session: Session
) -> None:
    url = f"{begin(writer, organization)}/edit/stages"
    before = rules_of(only_call(session)).stages[0].opens_at
    shown = fields_of(writer.get(url).text)["stages-0-opens_at"]
    save(writer, url, time_zone="America/Mexico_City")
    assert fields_of(writer.get(url).text)["stages-0-opens_at"] == shown
    assert rules_of(only_call(session)).stages[0].opens_at != before


def test_rounds_are_added_and_removed_while_the_page_is_saved(
    writer: FlaskClient, organization: Organization, session: Session
) -> None:
    url = begin(writer, organization, shape="crowd")
    answer = save(writer, f"{url}/edit/deciding", "add-jury", decides="Kept while adding.")
    assert answer.location == f"{url}/edit/rounds/jury"
    assert rules_of(only_call(session)).decides == "Kept while adding."
    save(writer, f"{url}/edit/deciding", "remove-round:vote")
    rules = rules_of(only_call(session))
    assert [each.key for each in rules.rounds] == ["jury"]
    assert rules.selection.components == ()
    assert "Give the rounds their weights, or choose without numbers" in writer.get(f"{url}/edit/deciding").text
    assert writer.get(f"{url}/edit/rounds/vote").status_code == 303


def test_weights_gates_and_fields_are_stored_as_written(
    writer: FlaskClient, organization: Organization, session: Session
) -> None:
    url = begin(writer, organization)
    grown = save(writer, f"{url}/edit/deciding", "add-gate", status=200)
    values = fields_of(grown.text) | {
        "weight-vote-percent": "40",
        "weight-jury-percent": "60",
        "gates-0-kind": "least_median",
        "gates-0-round": "jury",
        "gates-0-least": "3,5",
        "places": "",
        "budget": "5000",
        "count": "greedy",
        "act": "save",
    }
    assert writer.post(f"{url}/edit/deciding", data=values).status_code == 303
    save(writer, f"{url}/edit/rounds/jury", field="best", source="vote", best="20", show_jurors="y")
    rules = rules_of(only_call(session))
    selection = to_data(rules.selection)
    assert selection["components"] == [
        {"round": "vote", "weight": 40, "adjusted": False},
        {"round": "jury", "weight": 60, "adjusted": False},
    ]
    assert selection["gates"] == [{"kind": "least_median", "round": "jury", "least": "3.5"}]
    assert (selection["places"], selection["budget"], selection["count"]) == (None, 5000, "greedy")
    jury = rules.round("jury")
    assert (jury.field.kind, jury.field.source, jury.field.best, jury.show_jurors) == ("best", "vote", 20, True)
    assert "weights" not in {gap.code for gap in missing(rules, utc_now())}
    bad = save(writer, f"{url}/edit/deciding", status=422, **{"gates-0-least": "many", "weight-vote-percent": "101"})
    assert "Write a number such as 50, 3.5 or 7/2." in bad.text
    assert "Write a whole number from 0 to 100." in bad.text


def test_an_incomplete_call_is_not_published(writer: FlaskClient, organization: Organization, session: Session) -> None:
    url = begin(writer, organization)
    assert "things are still missing" in writer.get(f"{url}/publish").text
    answer = writer.post(f"{url}/publish", data={"version": only_call(session).version})
    assert answer.status_code == 422
    assert "Nothing was published." in answer.text
    session.expire_all()
    assert only_call(session).status is CallStatus.DRAFT


@pytest.mark.both_databases
def test_what_changed_since_it_was_shown_is_not_published(
    writer: FlaskClient, organization: Organization, session: Session
) -> None:
    call = make_call(organization, make_rules(None), status=CallStatus.DRAFT)
    stale = call.version
    save(writer, f"/calls/{call.public_id}/edit/basics", lead="A new lead.")
    answer = writer.post(f"/calls/{call.public_id}/publish", data={"version": stale})
    assert answer.status_code == 409
    assert only_call(session).status is CallStatus.DRAFT
    once = writer.post(f"/calls/{call.public_id}/publish", data={"version": only_call(session).version})
    assert once.status_code == 303
    twice = writer.post(f"/calls/{call.public_id}/publish", data={"version": only_call(session).version})
    assert twice.status_code == 403
    assert session.scalar(select(func.count(CallRound.id))) == 2


def test_a_draft_is_deleted_and_a_published_call_is_not(
    writer: FlaskClient, organization: Organization, session: Session
) -> None:
    published = make_call(organization)
    url = begin(writer, organization, title="Gone soon")
    assert "goes for good" in writer.get(f"{url}/delete").text
    assert writer.post(f"{url}/delete").status_code == 303
    assert session.scalars(select(Call.title)).all() == [published.title]
    assert writer.post(f"/calls/{published.public_id}/delete").status_code == 403


def test_published_rules_as_data_are_for_those_who_see_the_call(
    client: FlaskClient, writer: FlaskClient, organization: Organization
) -> None:
    draft = make_call(organization, status=CallStatus.DRAFT)
    assert client.get(f"/calls/{draft.public_id}/rules.json").status_code == 404
    assert writer.get(f"/calls/{draft.public_id}/rules.json").status_code == 404


@pytest.mark.parametrize("shape", ["both", "crowd", "jury", "organization"])
def test_every_shape_begins_with_its_stages(
    writer: FlaskClient, organization: Organization, session: Session, shape: str
) -> None:
    begin(writer, organization, shape=shape)
    kinds = {stage.kind for stage in rules_of(only_call(session)).stages}
    expected = {
        "both": {StageKind.VOTING, StageKind.REVIEW},
        "crowd": {StageKind.VOTING},
        "jury": {StageKind.REVIEW},
        "organization": set(),
    }
    assert kinds & {StageKind.VOTING, StageKind.REVIEW} == expected[shape]


def test_titles_of_people_stay_text(writer: FlaskClient, organization: Organization, manager: Account) -> None:
    url = begin(writer, organization, title="<script>alert(1)</script>")
    with transaction(manager):
        manager.language = "es"
    page = writer.get(f"{url}/edit/basics").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def rich_rules() -> CallRules:
    """Rules with everything that the pages can write."""
    stages = schedule(
        None,
        kinds=(
            StageKind.SUBMISSION,
            StageKind.SCREENING,
            StageKind.DISCUSSION,
            StageKind.VOTING,
            StageKind.REVIEW,
            StageKind.SELECTION,
            StageKind.OBJECTION,
            StageKind.RESULTS,
            StageKind.FOLLOW_UP,
        ),
    )
    final = Stage(
        "voting-2", StageKind.VOTING, stages[4].closes_at or utc_now(), stages[5].opens_at + timedelta(days=1)
    )
    stages = (*stages[:5], final, replace(stages[5], opens_at=final.closes_at or utc_now()), *stages[6:])
    stages = tuple(
        replace(s, opens_at=s.opens_at.replace(second=0), closes_at=s.closes_at and s.closes_at.replace(second=0))
        for s in stages
    )
    gates = (Gate(GateKind.LEAST_MEDIAN, "jury", "7/2"), Gate(GateKind.LEAST_SUPPORTS, "crowd", "50"))
    last = Round(
        "final",
        RoundKind.VOTE,
        "voting-2",
        "Final vote",
        field=Field(FieldKind.GATES, gates=gates),
        method=VotingMethod.SCORE,
        electorate=Electorate.MEMBERS,
        hidden_counts=False,
        secret=False,
    )
    jury = replace(
        JURY,
        field=Field(FieldKind.BEST, "crowd", 12),
        criteria=(replace(JURY.criteria[0], comment_required=True), JURY.criteria[1]),
        min_reviews=3,
        show_jurors=True,
    )
    return make_rules(
        stages=stages,
        rounds=(VOTE, jury, last),
        language="es",
        time_zone="America/Mexico_City",
        audience=Audience.UNLISTED,
        entrants=Entrants.MEMBERS,
        own_people_may_enter=True,
        asks_cost=True,
        currency="MXN",
        max_attachments=0,
        unscreened=Unscreened.ENTER,
        left_out=LeftOut.NOW,
        publicity=Publicity.SHORTLISTED,
        results_publicity=ResultsPublicity.NUMBERS,
        body='One.\n\n* two\n* <b>three</b> & "four"',
        selection=SelectionRules(
            components=(Component("jury", 30), Component("final", 70)),
            gates=gates,
            count=CountRule.GREEDY,
            places=5,
            budget=120_000,
            tie_break=TieBreak.EARLIER_SUBMISSION,
        ),
    )


def test_saving_every_page_unchanged_changes_nothing(
    writer: FlaskClient, organization: Organization, session: Session
) -> None:
    rules = rich_rules()
    assert missing(rules, utc_now()) == []
    call = make_call(organization, rules, status=CallStatus.DRAFT)
    pages = ["basics", "taking-part", "stages", "deciding", "outcome", *(f"rounds/{each.key}" for each in rules.rounds)]
    for page in pages:
        save(writer, f"/calls/{call.public_id}/edit/{page}")
        session.expire_all()
        assert to_data(rules_of(only_call(session))) == to_data(rules), page


def test_whoever_was_signed_out_while_writing_loses_nothing(
    writer: FlaskClient, organization: Organization, client: FlaskClient, session: Session
) -> None:
    call = make_call(organization, status=CallStatus.DRAFT)
    url = f"/calls/{call.public_id}/edit/basics"
    values = fields_of(writer.get(url).text) | {"body": "A long text that took an hour.", "act": "save"}
    answer = client.post(url, data=values)
    assert answer.status_code == 303
    assert "sign" in answer.location
    kept = session.scalars(select(KeptForm)).one()
    assert ["body", "A long text that took an hour."] in list(kept.fields)
