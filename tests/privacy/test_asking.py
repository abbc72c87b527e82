"""Asking for one's account to be erased, keeping it after all, and what has to be done first."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account, BrowserSession
from crowd.core.status import OrganizationRole
from crowd.mailing.models import Mail
from crowd.privacy.models import Erasure
from crowd.store.db import transaction, utc_now
from crowd.store.models import Event
from tests.conftest import AsUser, Drain
from tests.make import make_account, make_call, make_member, make_organization
from tests.privacy.conftest import PASSWORD, ask, with_password

pytestmark = pytest.mark.one_database


def erasure_of(session: Session, account: Account) -> Erasure | None:
    session.expire_all()
    return session.scalar(select(Erasure).where(Erasure.account_id == account.id))


def let_pass(session: Session, days: int) -> None:
    with transaction() as writing:
        for erasure in writing.scalars(select(Erasure)):
            assert erasure.due_at is not None
            erasure.due_at -= timedelta(days=days)


def link_in(session: Session, kind: str) -> str:
    session.expire_all()
    text = session.scalars(select(Mail.text).where(Mail.kind == kind).order_by(Mail.id.desc())).first() or ""
    return next(word for word in text.split() if "/erasure/" in word).removeprefix("http://localhost")


def test_an_account_is_erased_fourteen_days_after_its_owner_proved_who_they_are(
    session: Session, as_user: AsUser, drain: Drain
) -> None:
    person = with_password(make_account("Zenobia Quill"))
    assert ask(as_user(person)) == 303
    let_pass(session, 13)
    drain()
    session.refresh(person)
    assert (person.name, person.erased_at) == ("Zenobia Quill", None)
    let_pass(session, 1)
    drain()
    session.expire_all()
    assert (person.email, person.bio, person.password_hash, person.is_admin) == ("", "", None, False)
    assert str(person.name) == "a contributor"
    assert session.scalars(select(BrowserSession).where(BrowserSession.account_id == person.id)).all() == []


@pytest.mark.parametrize("password", [None, "not the password"])
def test_without_the_password_nothing_is_asked(session: Session, as_user: AsUser, password: str | None) -> None:
    person = with_password(make_account())
    assert ask(as_user(person), password=password) == 422
    assert erasure_of(session, person) is None


@pytest.mark.both_databases
def test_who_signs_in_by_links_confirms_by_a_link(session: Session, app: Flask, as_user: AsUser) -> None:
    person = make_account()
    assert ask(as_user(person), password=None) == 303
    waiting = erasure_of(session, person)
    assert waiting is not None
    assert waiting.due_at is None
    stranger, link = app.test_client(), link_in(session, "erasure_confirm")
    assert stranger.get(link).status_code == 200
    assert waiting.due_at is None
    assert stranger.post(link).status_code == 303
    session.refresh(waiting)
    assert waiting.due_at is not None
    assert stranger.post(link).status_code == 404


def test_a_link_in_the_mail_keeps_the_account_without_signing_in(
    session: Session, app: Flask, as_user: AsUser, drain: Drain
) -> None:
    person = with_password(make_account("Zenobia Quill"))
    ask(as_user(person))
    link = link_in(session, "erasure_waits")
    assert "Keep my account" in app.test_client().get(link).text
    assert app.test_client().post(link).status_code == 303
    assert erasure_of(session, person) is None
    drain()
    session.refresh(person)
    assert person.name == "Zenobia Quill"
    assert app.test_client().get(link).status_code == 404


def test_signing_in_reminds_of_it_and_one_press_keeps_the_account(
    session: Session, app: Flask, as_user: AsUser
) -> None:
    person = with_password(make_account())
    ask(as_user(person))
    client = app.test_client()
    client.post("/sign-in", data={"email": person.email, "password": PASSWORD})
    page = client.get("/settings").text
    assert "Until then you can keep it." in page
    assert "Keep my account" in page
    assert "waits to be erased" in client.get("/settings/erase").text
    assert client.post("/settings/keep").status_code == 303
    assert erasure_of(session, person) is None


def test_the_only_owner_hands_over_first(session: Session, as_user: AsUser, drain: Drain) -> None:
    organization = make_organization("City Library")
    owner = with_password(make_member(organization, OrganizationRole.OWNER))
    make_call(organization)
    page = as_user(owner).get("/settings/erase").text
    assert "You are the only owner of City Library. Make somebody else an owner first." in page
    assert "1 call of it is running." in page
    assert ask(as_user(owner)) == 409
    make_member(organization, OrganizationRole.OWNER)
    assert ask(as_user(owner)) == 303


def test_whoever_became_the_only_owner_meanwhile_is_told_once_and_erased_when_somebody_took_over(
    session: Session, as_user: AsUser, drain: Drain
) -> None:
    organization = make_organization()
    owner = with_password(make_member(organization, OrganizationRole.OWNER))
    other = make_member(organization, OrganizationRole.OWNER)
    make_call(organization)
    ask(as_user(owner))
    with transaction(other):
        other.blocked_at = utc_now()
    let_pass(session, 14)
    drain()
    drain()
    session.expire_all()
    assert owner.erased_at is None
    assert len(session.scalars(select(Mail).where(Mail.kind == "erasure_blocked")).all()) == 1
    with transaction(other):
        other.blocked_at = None
    drain()
    session.expire_all()
    assert owner.erased_at is not None


def test_an_organization_without_people_and_calls_keeps_nobody(session: Session, as_user: AsUser) -> None:
    owner = with_password(make_member(make_organization(), OrganizationRole.OWNER))
    assert ask(as_user(owner)) == 303


def test_the_only_administrator_appoints_another_first(session: Session, as_user: AsUser) -> None:
    admin = with_password(make_account(admin=True))
    assert "You are the only administrator of this site." in as_user(admin).get("/settings/erase").text
    assert ask(as_user(admin)) == 409
    make_account(admin=True)
    assert ask(as_user(admin)) == 303


def test_the_old_sign_in_is_refused_and_the_address_signs_up_as_somebody_new(
    session: Session, app: Flask, as_user: AsUser, drain: Drain
) -> None:
    person = with_password(make_account("Zenobia Quill", email="zenobia@example.org"))
    client = as_user(person)
    ask(client)
    let_pass(session, 14)
    drain()
    assert client.get("/settings").status_code == 303
    stranger = app.test_client()
    assert stranger.post("/sign-in", data={"email": "zenobia@example.org", "password": PASSWORD}).status_code == 422
    form = {"name": "Zenobia", "email": "zenobia@example.org", "password": PASSWORD, "accept": "y"}
    assert stranger.post("/sign-up", data=form).status_code in {200, 303}
    session.expire_all()
    new = session.scalars(select(Account).where(Account.email_folded == "zenobia@example.org")).one()
    assert new.id != person.id
    assert new.erased_at is None


@pytest.mark.both_databases
def test_the_last_mail_goes_out_and_its_address_is_forgotten(session: Session, as_user: AsUser, drain: Drain) -> None:
    person = with_password(make_account(email="zenobia@example.org"))
    ask(as_user(person))
    let_pass(session, 14)
    drain()
    session.expire_all()
    left = session.scalars(select(Mail).where(Mail.to_email == "zenobia@example.org")).all()
    assert [mail.kind for mail in left] == ["account_erased"]
    with transaction(left[0]):
        left[0].created_at -= timedelta(days=4)
    drain()
    assert session.scalars(select(Mail)).all() == []


@pytest.mark.both_databases
def test_an_administrator_erases_on_request_with_a_reason_that_names_nobody(session: Session, as_user: AsUser) -> None:
    person, admin = make_account("Zenobia Quill", email="zenobia@example.org"), make_account(admin=True)
    client, page = as_user(admin), f"/admin/people/{person.public_id}/erase"
    assert client.get(page).status_code == 200
    assert client.post(page, data={"reason": ""}).status_code == 422
    assert client.post(page, data={"reason": "zenobia quill wrote to us"}).status_code == 422
    assert client.post(page, data={"reason": "Asked by letter on 3 May"}).status_code == 303
    session.expire_all()
    assert person.erased_at is not None
    event = session.scalars(select(Event).where(Event.kind == "account:erased")).one()
    assert (event.actor_id, event.subject_id, event.reason) == (admin.id, person.id, "Asked by letter on 3 May")
    register = client.get("/admin/erasures?show=done").text
    assert "Asked by letter on 3 May" in register
    assert "Zenobia" not in register
    assert client.get(page).status_code == 404
    assert "Zenobia" not in client.get("/admin/people").text


@pytest.mark.both_databases
def test_an_administrator_may_erase_although_nobody_took_over(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    owner, admin = make_member(organization, OrganizationRole.OWNER), make_account(admin=True)
    make_call(organization)
    client, page = as_user(admin), f"/admin/people/{owner.public_id}/erase"
    assert client.post(page, data={"reason": "Asked by letter"}).status_code == 409
    assert client.post(page, data={"reason": "Asked by letter", "all_the_same": "y"}).status_code == 303
    session.expire_all()
    assert owner.erased_at is not None


@pytest.mark.both_databases
def test_the_command_erases_with_a_reason(session: Session, app: Flask) -> None:
    person = make_account("Zenobia Quill", email="zenobia@example.org")
    runner = app.test_cli_runner()
    assert runner.invoke(args=["erase", "nobody@example.org", "--reason", "By letter", "--yes"]).exit_code == 1
    done = runner.invoke(args=["erase", "zenobia@example.org", "--reason", "By letter", "--yes"])
    assert (done.exit_code, done.output) == (0, "Erased.\n")
    session.expire_all()
    assert person.erased_at is not None


def test_a_strangers_door_opens_no_erasure(session: Session, app: Flask) -> None:
    client = app.test_client()
    assert client.get("/erasure/nothing").status_code == 404
    assert client.get("/settings/erase").status_code == 303
    assert client.get("/settings/data.zip").status_code == 303
