"""The administration: for site administrators alone."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account, LegalText
from crowd.core.events import EventKind
from crowd.core.status import OrganizationRole, OrganizationStatus
from crowd.store.db import transaction, utc_now
from crowd.store.events import record
from crowd.store.models import Delivery, Event, JobRun
from tests.make import make_account, make_member, make_organization

AsUser = Callable[[Account], FlaskClient]
PAGES = [
    "/admin",
    "/admin/organizations",
    "/admin/people",
    "/admin/legal/terms",
    "/admin/legal/privacy",
    "/admin/jobs",
    "/outbox",
]


@pytest.fixture
def admin(as_user: AsUser, session: Session) -> FlaskClient:
    return as_user(make_account("Site Admin", email="admin@demo.example", admin=True))


@pytest.mark.parametrize("path", PAGES)
def test_only_site_administrators_come_in(
    client: FlaskClient, as_user: AsUser, admin: FlaskClient, session: Session, path: str
) -> None:
    owner = as_user(make_member(make_organization(), OrganizationRole.OWNER))
    assert client.get(path).headers["Location"] == f"/sign-in?next={path}"
    assert owner.get(path).status_code == 403
    assert admin.get(path).status_code == 200


def test_the_first_page_says_what_waits(admin: FlaskClient, session: Session) -> None:
    assert "Nothing waits for you." in admin.get("/admin").text
    make_organization("Waiting House", status=OrganizationStatus.REQUESTED)
    assert "1 organization waits for an answer." in admin.get("/admin").text


def test_people_are_found_by_any_part_of_name_or_address(admin: FlaskClient, session: Session) -> None:
    make_account("Iris Okafor", email="iris@demo.example")
    make_account("Ben 100%", email="ben@demo.example")
    assert "iris@demo.example" in admin.get("/admin/people?q=OKA").text
    assert "iris@demo.example" not in admin.get("/admin/people?q=%25").text
    assert "ben@demo.example" in admin.get("/admin/people?q=%25").text


def test_an_address_is_confirmed_by_hand(admin: FlaskClient, session: Session) -> None:
    account = make_account(verified=False)
    admin.post(f"/admin/people/{account.public_id}/verify")
    session.refresh(account)
    assert account.verified_at is not None
    event = session.scalars(select(Event).where(Event.kind == EventKind.ACCOUNT_VERIFIED)).one()
    assert event.actor_id != account.id


def test_a_blocked_person_is_signed_out_and_the_block_can_be_lifted(
    admin: FlaskClient, as_user: AsUser, session: Session
) -> None:
    account = make_account("Trouble")
    client, path = as_user(account), f"/admin/people/{account.public_id}"
    assert admin.post(f"{path}/block", data={"reason": ""}).status_code == 422
    admin.post(f"{path}/block", data={"reason": "Spam"})
    assert client.get("/settings").status_code == 303
    assert "Trouble" in admin.get("/admin/people?blocked=1").text
    admin.post(f"{path}/unblock")
    session.refresh(account)
    assert account.blocked_at is None


def test_an_administrator_cannot_block_themselves(admin: FlaskClient, session: Session) -> None:
    account = session.scalars(select(Account)).one()
    answer = admin.post(f"/admin/people/{account.public_id}/block", data={"reason": "Oops"})
    assert answer.status_code == 409
    session.refresh(account)
    assert account.blocked_at is None


def test_a_legal_text_gets_versions_in_both_languages(
    client: FlaskClient, admin: FlaskClient, session: Session
) -> None:
    assert "One person, one account." in client.get("/terms").text
    for number in (1, 2):
        data = {"body_en": f"English text {number}", "body_es": f"Texto español {number}"}
        assert admin.post("/admin/legal/terms", data=data).status_code == 303
    assert "English text 2" in client.get("/terms").text
    assert "English text 1" in client.get("/terms?version=1").text
    client.post("/language", data={"locale": "es"})
    assert "Texto español 2" in client.get("/terms").text
    assert session.scalars(select(LegalText.version).where(LegalText.kind == "terms").order_by(LegalText.id)).all() == [
        1,
        2,
    ]


def test_a_legal_text_needs_both_languages(admin: FlaskClient, session: Session) -> None:
    answer = admin.post("/admin/legal/terms", data={"body_en": "Only English", "body_es": ""})
    assert (answer.status_code, "Only English" in answer.text) == (422, True)


def test_an_event_that_a_reader_could_not_take_is_tried_again(admin: FlaskClient, session: Session) -> None:
    with transaction() as writing:
        event = record(writing, EventKind.ORGANIZATION_EDITED, now=utc_now())
        event.delivered_at = utc_now()
        writing.flush()
        delivery = Delivery(event_id=event.id, subscriber="a.reader", attempts=6, error="ValueError: no")
        writing.add_all([delivery, JobRun(name="deliver_events", failures=2, error="KeyError: 'x'")])
    page = admin.get("/admin/jobs").text
    assert "ValueError: no" in page
    assert "KeyError" in page
    admin.post(f"/admin/jobs/deliveries/{delivery.id}/retry")
    session.refresh(delivery)
    session.refresh(event)
    waiting = session.scalars(select(Event.id).where(Event.delivered_at.is_(None))).all()
    assert (delivery.attempts, delivery.error, event.id in waiting) == (0, None, True)
