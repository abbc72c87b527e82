"""Moving the dates of a running call: every act with a reason, logged, the frozen rules untouched."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.gates import facts_of_call
from crowd.calls.models import Call, CallStage, ScheduleShift
from crowd.core.events import EventKind
from crowd.core.rules import Publicity, Stage
from crowd.core.status import CallStatus, OrganizationRole, ProposalStatus, StageKind
from crowd.core.wall_clock import instant, wall_clock
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal
from crowd.store.db import transaction, utc_now
from crowd.store.models import Event
from tests.conftest import AsUser
from tests.filling import fields_of
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, make_rules

pytestmark = pytest.mark.usefixtures("session")

REASON = "The server was down for a day."


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def manager(organization: Organization) -> Account:
    return make_member(organization)


@pytest.fixture
def writer(manager: Account, as_user: AsUser) -> FlaskClient:
    return as_user(manager)


def make(writer: FlaskClient, call: Call, act: str, status: int = 303, **changes: str) -> Any:
    """Open the schedule's page, fill one act's form, send it."""
    url = f"/calls/{call.public_id}/schedule"
    page = writer.get(url)
    assert page.status_code == 200
    values = fields_of(page.text, f"{url}/{act}") | {f"{act}-reason": REASON}
    answer = writer.post(f"{url}/{act}", data=values | {f"{act}-{name}": value for name, value in changes.items()})
    assert answer.status_code == status
    return answer


def schedule_of(session: Session, call: Call) -> dict[str, Stage]:
    session.expire_all()
    return {stage.key: stage for stage in facts_of_call(session, call.id).schedule}


def only_shift(session: Session) -> ScheduleShift:
    return session.scalars(select(ScheduleShift)).one()


def test_extending_moves_what_follows_and_leaves_the_rules(
    writer: FlaskClient, organization: Organization, manager: Account, session: Session, client: FlaskClient
) -> None:
    call = make_call(organization, make_rules(time_zone="Europe/Berlin"))
    before, sha = schedule_of(session, call), call.rules_sha256
    closes = before["submission"].closes_at
    assert closes is not None
    until = wall_clock(closes + timedelta(days=3), "Europe/Berlin").replace(second=0)
    make(writer, call, "extend", stage="submission", until=until.strftime("%Y-%m-%dT%H:%M"))
    after = schedule_of(session, call)
    moment = instant(until, "Europe/Berlin")
    assert after["submission"].closes_at == moment
    assert after["voting"].opens_at - before["voting"].opens_at == moment - closes
    row = session.scalars(select(Call)).one()
    assert row.rules_sha256 == sha
    assert row.submission_closes_at == moment
    shift = only_shift(session)
    assert (shift.act, shift.by_id, shift.reason) == ("extend", manager.id, REASON)
    assert shift.before != shift.after
    event = session.scalars(select(Event).where(Event.kind == EventKind.CALL_EXTENDED)).one()
    assert (event.reason, event.subject_id) == (REASON, shift.id)
    page = client.get(f"/calls/{call.public_id}").text
    assert sha is not None
    assert sha in page
    assert page.count("<s class") > 1
    history = client.get(f"/calls/{call.public_id}/history").text
    assert REASON in history
    assert "Extended" in history
    assert manager.name not in history
    assert manager.name in writer.get(f"/calls/{call.public_id}/history").text


def test_what_was_announced_stays_announced(writer: FlaskClient, organization: Organization, session: Session) -> None:
    call = make_call(organization)
    announced = select(CallStage).where(CallStage.call_id == call.id, CallStage.key == "submission")
    with transaction() as inside:
        before = inside.scalars(announced).one()
        before.announced_at = utc_now()
    stage_id = before.id
    make(writer, call, "extend", until=(utc_now() + timedelta(days=40)).strftime("%Y-%m-%dT%H:%M"))
    after = session.scalars(announced.execution_options(populate_existing=True)).one()
    assert (after.id, after.announced_at is not None) == (stage_id, True)


def test_an_earlier_end_or_none_is_refused_and_what_was_typed_stays(
    writer: FlaskClient, organization: Organization, session: Session
) -> None:
    call = make_call(organization)
    answer = make(writer, call, "extend", 422, stage="submission", until="2020-01-01T10:00")
    assert "Choose a moment after the present end." in answer.text
    assert REASON in answer.text
    assert 'value="2020-01-01T10:00"' in answer.text
    assert "This is needed." in make(writer, call, "extend", 422, until="", reason="").text
    assert session.scalars(select(ScheduleShift)).all() == []


def test_every_act_needs_a_reason(writer: FlaskClient, organization: Organization, session: Session) -> None:
    call = make_call(organization)
    for act in ("extend", "announce_close", "close_early", "pause", "cancel", "end"):
        assert "This is needed." in make(writer, call, act, 422, reason="  ").text
    assert session.scalars(select(ScheduleShift)).all() == []


def test_a_pause_stops_the_clock_and_going_on_moves_every_date(
    writer: FlaskClient, organization: Organization, session: Session, as_user: AsUser, client: FlaskClient
) -> None:
    call = make_call(organization)
    before = schedule_of(session, call)
    make(writer, call, "pause")
    assert REASON in client.get(f"/calls/{call.public_id}").text
    with transaction() as inside:
        paused = inside.get_one(Call, call.id)
        paused.paused_at = utc_now() - timedelta(days=2)
    make(writer, call, "resume")
    after = schedule_of(session, call)
    gained = {key: after[key].opens_at - before[key].opens_at for key in before}
    assert gained.pop("submission") == timedelta(0)
    assert set(gained.values()) == {timedelta(days=2, minutes=1)}
    row = session.scalars(select(Call)).one()
    assert (row.status, row.paused_at) == (CallStatus.PUBLISHED, None)
    acts = session.scalars(select(ScheduleShift.act).order_by(ScheduleShift.id)).all()
    assert acts == ["pause", "resume"]


def test_nothing_becomes_public_while_a_call_is_paused(
    organization: Organization, session: Session, client: FlaskClient
) -> None:
    rules = make_rules(publicity=Publicity.AFTER_SUBMISSION)
    call = make_call(organization, rules, status=CallStatus.PAUSED)
    proposal = make_proposal(call, title="Kept for the end")
    closes = rules.stages[0].closes_at
    assert closes is not None
    with transaction() as inside:
        row = inside.get_one(Call, call.id)
        row.paused_at = closes - timedelta(minutes=1)
    later = replace(facts_of_call(session, call.id), status=CallStatus.PAUSED)
    assert not later.is_past(StageKind.SUBMISSION, closes + timedelta(days=30))
    assert client.get(f"/proposals/{proposal.public_id}").status_code == 404


def test_closing_submission_early_waits_for_those_who_write(
    writer: FlaskClient, organization: Organization, session: Session
) -> None:
    call = make_call(organization)
    draft = make_proposal(call, status=ProposalStatus.DRAFT)
    refused = make(writer, call, "close_early", 422, following="now")
    assert "Announce the early close first" in refused.text
    assert "Proposals will be closed early" not in writer.get(f"/calls/{call.public_id}").text
    make(writer, call, "announce_close")
    assert "Proposals will be closed early" in writer.get(f"/calls/{call.public_id}").text
    make(writer, call, "close_early", 422, following="now")
    with transaction() as inside:
        row = inside.get_one(Call, call.id)
        row.closing_announced_at = utc_now() - timedelta(hours=24)
    make(writer, call, "close_early", following="now")
    stages = schedule_of(session, call)
    assert stages["submission"].closes_at == stages["screening"].opens_at
    assert stages["screening"].opens_at <= utc_now()
    assert session.get_one(Proposal, draft.id).status is ProposalStatus.DRAFT


def test_without_drafts_or_in_a_rehearsal_no_notice_is_needed(
    writer: FlaskClient, organization: Organization, session: Session
) -> None:
    quiet, rehearsal = make_call(organization), make_call(organization)
    make_proposal(quiet, status=ProposalStatus.SUBMITTED)
    make_proposal(rehearsal, status=ProposalStatus.DRAFT)
    with transaction() as inside:
        inside.get_one(Call, rehearsal.id).is_demo = True
    for call in (quiet, rehearsal):
        make(writer, call, "close_early", following="date")
        stages = schedule_of(session, call)
        closes = stages["submission"].closes_at
        assert closes is not None
        assert closes <= utc_now() < stages["screening"].opens_at


def test_a_vote_that_is_over_cannot_be_reopened(
    writer: FlaskClient, organization: Organization, session: Session
) -> None:
    call = make_call(organization, open_stage=StageKind.REVIEW)
    before = schedule_of(session, call)
    page = writer.get(f"/calls/{call.public_id}/schedule").text
    assert 'value="voting"' not in page
    far = (utc_now() + timedelta(days=300)).strftime("%Y-%m-%dT%H:%M")
    values = {
        "extend-stage": "voting",
        "extend-until": far,
        "extend-reason": REASON,
        "extend-version": str(call.version),
    }
    assert writer.post(f"/calls/{call.public_id}/schedule/extend", data=values).status_code == 422
    assert schedule_of(session, call) == before


def test_after_the_results_nothing_is_moved(writer: FlaskClient, organization: Organization, session: Session) -> None:
    call = make_call(organization, open_stage=StageKind.RESULTS)
    with transaction() as inside:
        inside.get_one(Call, call.id).results_published_at = utc_now()
    page = writer.get(f"/calls/{call.public_id}/schedule").text
    assert "The results are published" in page
    for act in ("extend", "pause", "cancel", "end"):
        values = {f"{act}-reason": REASON, f"{act}-version": str(call.version)}
        assert writer.post(f"/calls/{call.public_id}/schedule/{act}", data=values).status_code == 403
    assert session.scalars(select(ScheduleShift)).all() == []


@pytest.mark.parametrize(("act", "status"), [("cancel", CallStatus.CANCELLED), ("end", CallStatus.ENDED)])
def test_a_call_ends_with_its_reason_for_everybody(
    writer: FlaskClient, organization: Organization, session: Session, client: FlaskClient, act: str, status: CallStatus
) -> None:
    call = make_call(organization, open_stage=StageKind.VOTING)
    make(writer, call, act)
    row = session.scalars(select(Call).execution_options(populate_existing=True)).one()
    assert (row.status, row.ended_reason) == (status, REASON)
    page = client.get(f"/calls/{call.public_id}").text
    assert REASON in page
    assert ">Sign in to vote<" not in page
    again = writer.post(
        f"/calls/{call.public_id}/schedule/{act}", data={f"{act}-reason": REASON, f"{act}-version": "9"}
    )
    assert again.status_code == 403


def test_two_managers_do_not_move_the_schedule_twice(
    writer: FlaskClient, organization: Organization, session: Session
) -> None:
    call = make_call(organization)
    url = f"/calls/{call.public_id}/schedule"
    stale = fields_of(writer.get(url).text, f"{url}/pause") | {"pause-reason": REASON}
    make(writer, call, "extend", until=(utc_now() + timedelta(days=40)).strftime("%Y-%m-%dT%H:%M"))
    answer = writer.post(f"{url}/pause", data=stale)
    assert answer.status_code == 409
    assert REASON in answer.text
    again = fields_of(answer.text, f"{url}/pause")
    assert writer.post(f"{url}/pause", data=again).status_code == 303
    assert writer.post(f"{url}/pause", data=again).status_code == 409
    assert session.scalars(select(ScheduleShift.act).order_by(ScheduleShift.id)).all() == ["extend", "pause"]


@pytest.mark.parametrize("role", [OrganizationRole.MODERATOR, OrganizationRole.MEMBER, None])
def test_only_managers_move_dates(
    organization: Organization, as_user: AsUser, session: Session, role: OrganizationRole | None
) -> None:
    call = make_call(organization)
    person = as_user(make_member(organization, role) if role else make_account())
    assert person.get(f"/calls/{call.public_id}/schedule").status_code == 403
    values = {"pause-reason": REASON, "pause-version": str(call.version)}
    assert person.post(f"/calls/{call.public_id}/schedule/pause", data=values).status_code == 403
    assert session.scalars(select(ScheduleShift)).all() == []


def test_the_gate_shuts_at_the_instant_the_page_names(
    organization: Organization, as_user: AsUser, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/Chicago")
    closes = instant(datetime.fromisoformat("2031-03-29T23:59"), "Europe/Berlin")
    stages = (
        Stage("submission", StageKind.SUBMISSION, utc_now() - timedelta(days=1), closes),
        Stage("results", StageKind.RESULTS, closes + timedelta(days=9)),
    )
    call = make_call(organization, make_rules(stages=stages, rounds=(), time_zone="Europe/Berlin"))
    assert "29 Mar 2031, 23:59 Berlin" in as_user(make_account()).get(f"/calls/{call.public_id}").text
    facts = facts_of_call(session, call.id)
    assert facts.is_open(StageKind.SUBMISSION, closes - timedelta(seconds=1))
    assert not facts.is_open(StageKind.SUBMISSION, closes)
    assert closes == datetime(2031, 3, 29, 22, 59, tzinfo=UTC)


def test_the_history_of_a_draft_is_its_managers_alone(
    client: FlaskClient, writer: FlaskClient, organization: Organization
) -> None:
    draft = make_call(organization, status=CallStatus.DRAFT)
    assert client.get(f"/calls/{draft.public_id}/history").status_code == 404
    assert "Nothing has happened yet" in writer.get(f"/calls/{draft.public_id}/history").text
