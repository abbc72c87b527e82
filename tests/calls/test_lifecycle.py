"""A call's dates as a calendar file; a past call as the draft of the next; calls put away."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.gates import rules_of
from crowd.calls.models import Call
from crowd.core.rules import Electorate
from crowd.core.status import CallStatus, StageKind
from crowd.core.wall_clock import wall_clock
from crowd.proposals.models import Proposal
from crowd.store.db import utc_now
from tests.conftest import AsUser
from tests.filling import fields_of
from tests.make import JURY, VOTE, make_account, make_call, make_member, make_organization, make_proposal, make_rules

pytestmark = pytest.mark.usefixtures("session")


def entries(file: bytes) -> dict[str, Any]:
    return {str(entry["uid"]): entry for entry in Calendar.from_ical(file).walk("VEVENT")}


def test_the_calendar_file_keeps_its_identifiers_names_the_zone_and_counts_shifts(
    client: FlaskClient, as_user: AsUser
) -> None:
    organization = make_organization()
    boss = as_user(make_member(organization))
    call = make_call(organization, make_rules(time_zone="Europe/Berlin"))
    url = f"/calls/{call.public_id}"
    assert f"{url}/dates.ics" in client.get(url).text
    first = client.get(f"{url}/dates.ics")
    assert first.mimetype == "text/calendar"
    before = entries(first.data)
    submission = rules_of(call).stages[0]
    entry = before[f"{call.public_id}-submission@apertura"]
    assert entry["dtend"].dt == submission.closes_at
    assert entry["dtend"].params["TZID"] == "Europe/Berlin"
    assert b"BEGIN:VTIMEZONE" in first.data
    assert {int(e["sequence"]) for e in before.values()} == {0}
    assert submission.closes_at is not None
    until = wall_clock(submission.closes_at + timedelta(days=3), "Europe/Berlin").replace(second=0)
    form = fields_of(boss.get(f"{url}/schedule").text, f"{url}/schedule/extend")
    form |= {"extend-reason": "More time.", "extend-until": until.strftime("%Y-%m-%dT%H:%M")}
    assert boss.post(f"{url}/schedule/extend", data=form).status_code == 303
    after = entries(client.get(f"{url}/dates.ics").data)
    assert after.keys() == before.keys()
    assert {int(e["sequence"]) for e in after.values()} == {1}
    assert after[f"{call.public_id}-submission@apertura"]["dtend"].dt == until.replace(tzinfo=ZoneInfo("Europe/Berlin"))


def test_a_past_call_becomes_a_draft_with_its_dates_shifted_and_no_proposals(as_user: AsUser, session: Session) -> None:
    organization = make_organization()
    boss = as_user(make_member(organization))
    call = make_call(organization, make_rules(StageKind.RESULTS))
    make_proposal(call)
    assert as_user(make_account()).post(f"/calls/{call.public_id}/clone").status_code == 403
    assert boss.post(f"/calls/{call.public_id}/clone").status_code == 303
    clone = session.scalars(select(Call).where(Call.id != call.id)).one()
    old, new = rules_of(call).stages, rules_of(clone).stages
    assert (clone.status, clone.title) == (CallStatus.DRAFT, call.title)
    assert new[0].opens_at.date() == (utc_now() + timedelta(days=1)).date()
    assert [b.opens_at - a.opens_at for a, b in zip(old, new, strict=True)] == [
        new[0].opens_at - old[0].opens_at
    ] * len(old)
    assert session.scalars(select(Proposal.id).where(Proposal.call_id == clone.id)).all() == []


def test_the_clone_of_an_imported_call_is_open_to_voters_and_keeps_no_secret_of_the_past_vote(
    as_user: AsUser, session: Session
) -> None:
    organization = make_organization()
    rules = make_rules(StageKind.RESULTS, rounds=(replace(VOTE, electorate=Electorate.ROLL), JURY))
    call = make_call(organization, rules)
    assert rules_of(call).round("crowd").tie_commitment is not None
    assert as_user(make_member(organization)).post(f"/calls/{call.public_id}/clone").status_code == 303
    clone = session.scalars(select(Call).where(Call.id != call.id)).one()
    vote = rules_of(clone).round("crowd")
    assert (vote.electorate, vote.tie_commitment) == (Electorate.VERIFIED, None)


def test_an_archived_call_leaves_the_directory_and_stays_reachable(client: FlaskClient, as_user: AsUser) -> None:
    organization = make_organization()
    boss = as_user(make_member(organization))
    over = make_call(organization, make_rules(title="Old garden"), status=CallStatus.ENDED)
    running = make_call(organization, make_rules(title="New garden"))
    for call in (over, running):
        assert boss.post(f"/calls/{call.public_id}/archive").status_code == 303
    page = client.get("/calls").text
    assert ("Old garden" in page, "New garden" in page) == (False, True)
    put_away = client.get("/calls?archived=1").text
    assert ("Old garden" in put_away, "New garden" in put_away) == (True, False)
    assert client.get(f"/calls/{over.public_id}").status_code == 200
    assert boss.post(f"/calls/{over.public_id}/archive", data={"back": "1"}).status_code == 303
    assert "Old garden" in client.get("/calls").text
