"""Endorsements can be reported; moderators keep them, hide them with a reason, show them again."""

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.status import OrganizationRole, ReportDecision
from crowd.moderation.models import Report
from crowd.notifications.models import Notification
from crowd.selection.models import Endorsement
from tests.conftest import AsUser, Drain
from tests.credentials.claiming import Won, won
from tests.make import make_account, make_member

pytestmark = pytest.mark.one_database

WHY = {"code": "abuse", "text": "It mocks somebody."}
TEXT = "She only got it by being loud."


@dataclass(frozen=True)
class Scene:
    won: Won
    endorsement: Endorsement
    moderator: Account

    @property
    def url(self) -> str:
        return f"/endorsements/{self.endorsement.public_id}"

    @property
    def queue(self) -> str:
        return f"/calls/{self.won.call.public_id}/reports"


@pytest.fixture
def scene(session: Session, as_user: AsUser) -> Scene:
    found = won(session, as_user)
    said = {"text": TEXT, "for_organization": "y"}
    assert as_user(found.manager).post(f"{found.certificate}/endorse", data=said).status_code == 303
    row = session.scalars(select(Endorsement)).one()
    return Scene(found, row, make_member(found.organization, OrganizationRole.MODERATOR))


def told(session: Session, kind: str) -> list[int]:
    return sorted(session.scalars(select(Notification.account_id).where(Notification.kind == kind)))


@pytest.mark.both_databases
def test_a_reader_reports_it_once_and_it_waits_in_the_queue(scene: Scene, app: Flask, as_user: AsUser) -> None:
    reader = as_user(make_account("Vera"))
    portfolio = f"/people/{scene.won.winner.public_id}"
    assert [f"{scene.url}/report" in reader.get(page).text for page in (scene.won.certificate, portfolio)] == [
        True,
        True,
    ]
    assert f"{scene.url}/report" not in app.test_client().get(portfolio).text
    assert TEXT in reader.get(f"{scene.url}/report").text
    assert reader.post(f"{scene.url}/report", data=WHY).status_code == 303
    assert reader.post(f"{scene.url}/report", data=WHY).status_code == 409
    queue = as_user(scene.moderator).get(scene.queue).text
    assert ("An endorsement:" in queue, f"{scene.url}/moderate" in queue, "1 report" in queue) == (True, True, True)


def test_neither_whoever_wrote_it_nor_whom_it_is_about_reports_or_decides(scene: Scene, as_user: AsUser) -> None:
    for person in (scene.won.manager, scene.won.winner):
        client = as_user(person)
        assert client.post(f"{scene.url}/report", data=WHY).status_code == 403
        assert client.post(f"{scene.url}/hide", data=WHY).status_code == 403
    as_user(make_account()).post(f"{scene.url}/report", data=WHY)
    queue = as_user(scene.won.manager).get(scene.queue).text
    assert (f"{scene.url}/moderate" in queue, "1 is left to others" in queue) == (False, True)


def test_hiding_takes_it_from_every_page_and_tells_author_and_reporter(
    scene: Scene, app: Flask, session: Session, as_user: AsUser, drain: Drain
) -> None:
    reader, desk = make_account(), as_user(scene.moderator)
    as_user(reader).post(f"{scene.url}/report", data=WHY)
    assert desk.post(f"{scene.url}/hide", data=WHY | {"text": ""}).status_code == 422
    assert desk.post(f"{scene.url}/hide", data=WHY | {"next": "queue"}).headers["Location"] == scene.queue
    visitor, pages = app.test_client(), (scene.won.certificate, f"/people/{scene.won.winner.public_id}")
    assert [TEXT in visitor.get(page).text for page in pages] == [False, False]
    assert visitor.get(f"{scene.url}.jwt").status_code == 404
    assert visitor.get(f"{scene.url}/report").status_code == 404
    assert TEXT in desk.get(f"{scene.queue}?show=hidden").text
    again = as_user(scene.won.manager).post(f"{scene.won.certificate}/endorse", data={"text": TEXT})
    assert again.status_code == 422
    drain()
    assert told(session, "endorsement_hidden") == [scene.won.manager.id]
    assert told(session, "report_decided") == [reader.id]
    assert desk.post(f"{scene.url}/unhide").status_code == 303
    assert [TEXT in visitor.get(page).text for page in pages] == [True, True]
    drain()
    assert told(session, "shown_again") == [scene.won.manager.id]


def test_keeping_it_answers_whoever_reported_it(scene: Scene, session: Session, as_user: AsUser, drain: Drain) -> None:
    reader = make_account()
    as_user(reader).post(f"{scene.url}/report", data=WHY)
    assert as_user(scene.moderator).post(f"{scene.url}/keep").status_code == 303
    session.expire_all()
    assert session.scalars(select(Report.decision)).all() == [ReportDecision.KEEP]
    drain()
    assert (told(session, "report_decided"), told(session, "endorsement_hidden")) == ([reader.id], [])


def test_a_moderator_of_elsewhere_decides_nothing(scene: Scene, as_user: AsUser) -> None:
    assert as_user(make_account()).post(f"{scene.url}/hide", data=WHY).status_code == 403
