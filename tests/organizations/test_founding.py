"""From asking for an organization to a page that everybody sees."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.status import OrganizationRole, OrganizationStatus
from crowd.mailing.models import Mail
from crowd.organizations.models import Membership, Organization
from crowd.web.assets import _accent
from tests.make import make_account, make_member, make_organization
from tests.proposals.races import at_once, codes

AsUser = Callable[[Account], FlaskClient]
PROFILE = {
    "name": "Biblioteca Peñíscola",
    "summary": "A library by the sea.",
    "about": "We lend **books**.",
    "website": "https://library.example",
    "contact": "hello@library.example",
    "language": "es",
    "time_zone": "Europe/Madrid",
    "accent": "",
    "version": "1",
}


def ask(client: FlaskClient, **changes: str) -> str:
    answer = client.post("/organizations/new", data=PROFILE | changes)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def the_organization(session: Session) -> Organization:
    return session.scalars(select(Organization)).one()


def test_an_organization_is_asked_for_approved_and_then_public(
    client: FlaskClient, as_user: AsUser, session: Session
) -> None:
    asker, admin = make_account("Ana Prieto"), make_account("Site Admin", admin=True)
    page = ask(as_user(asker))
    assert page == "/organizations/biblioteca-peniscola"
    assert client.get(page).status_code == 404
    assert as_user(make_account("Stranger")).get(page).status_code == 404
    assert "Waiting for approval" in as_user(asker).get(page).text
    assert "A library by the sea." in as_user(admin).get("/admin/organizations").text
    as_user(admin).post("/admin/organizations/biblioteca-peniscola/approve")
    assert "A library by the sea." in client.get(page).text
    kinds = [tuple(row) for row in session.execute(select(Mail.kind, Mail.to_email).order_by(Mail.id))]
    assert kinds == [("organization_requested", admin.email), ("organization_approved", asker.email)]


def test_a_refusal_has_a_reason_which_the_asker_reads_and_may_ask_again(as_user: AsUser, session: Session) -> None:
    asker, admin = as_user(make_account("Ana Prieto")), as_user(make_account("Site Admin", admin=True))
    page = ask(asker)
    refuse = "/admin/organizations/biblioteca-peniscola/refuse"
    assert admin.post(refuse, data={"reason": ""}).status_code == 422
    admin.post(refuse, data={"reason": "Please say *who* you are."})
    assert "Please say *who* you are." in asker.get(page).text
    mail = session.scalars(select(Mail).where(Mail.kind == "organization_refused")).one()
    assert "> Please say who you are." in mail.text
    assert admin.post(refuse, data={"reason": "Twice"}).status_code == 409
    asker.post("/organizations/biblioteca-peniscola/ask-again")
    assert the_organization(session).status is OrganizationStatus.REQUESTED
    admin.post("/admin/organizations/biblioteca-peniscola/approve")
    assert the_organization(session).status is OrganizationStatus.APPROVED


def test_only_a_confirmed_person_may_ask(client: FlaskClient, as_user: AsUser, session: Session) -> None:
    assert client.get("/organizations/new").headers["Location"] == "/sign-in?next=/organizations/new"
    answer = as_user(make_account(verified=False)).post("/organizations/new", data=PROFILE)
    assert (answer.status_code, "Confirm your e-mail address first" in answer.text) == (403, True)
    assert session.scalars(select(Organization)).all() == []


def test_two_of_one_name_get_different_addresses_and_no_page_is_hidden(as_user: AsUser, session: Session) -> None:
    clients = [as_user(make_account()) for _ in range(3)]
    assert [ask(clients[0]), ask(clients[1]), ask(clients[2], name="New")] == [
        "/organizations/biblioteca-peniscola",
        "/organizations/biblioteca-peniscola-2",
        "/organizations/new-2",
    ]


def test_a_form_sent_twice_asks_once(as_user: AsUser, session: Session) -> None:
    make_account("Site Admin", admin=True)
    client = as_user(make_account())
    assert ask(client) == ask(client)
    assert len(session.scalars(select(Organization)).all()) == 1
    assert len(session.scalars(select(Mail)).all()) == 1


def test_a_wrong_profile_is_shown_again_as_typed(as_user: AsUser, session: Session) -> None:
    answer = as_user(make_account()).post(
        "/organizations/new", data=PROFILE | {"website": "javascript:alert(1)", "accent": "green"}
    )
    assert answer.status_code == 422
    assert "We lend **books**." in answer.text
    assert ('id="website-error"' in answer.text, 'id="accent-error"' in answer.text) == (True, True)


@pytest.fixture
def self_service(app: Flask) -> Iterator[None]:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, self_service=True)
    yield
    app.extensions["settings"] = settings


@pytest.mark.usefixtures("self_service")
def test_where_the_site_says_so_nobody_has_to_approve(client: FlaskClient, as_user: AsUser, session: Session) -> None:
    asker = make_account()
    page = ask(as_user(asker))
    assert "A library by the sea." in client.get(page).text
    assert session.scalars(select(Membership.role)).all() == [OrganizationRole.OWNER]
    assert session.scalars(select(Mail)).all() == []


EDITORS = {
    OrganizationRole.OWNER: 200,
    OrganizationRole.MANAGER: 200,
    OrganizationRole.MODERATOR: 403,
    OrganizationRole.MEMBER: 403,
}


@pytest.mark.parametrize(("role", "status"), EDITORS.items())
def test_owners_and_managers_edit_the_profile(
    as_user: AsUser, session: Session, role: OrganizationRole, status: int
) -> None:
    organization = make_organization()
    client = as_user(make_member(organization, role))
    path = f"/organizations/{organization.slug}/edit"
    assert client.get(path).status_code == status
    client.post(path, data=PROFILE)
    session.refresh(organization)
    assert (organization.name == PROFILE["name"]) is (status == 200)


def test_a_stranger_may_see_but_not_edit(as_user: AsUser, session: Session) -> None:
    organization = make_organization()
    assert as_user(make_account()).get(f"/organizations/{organization.slug}/edit").status_code == 403


def test_two_who_edit_at_once_see_both_texts(as_user: AsUser, session: Session) -> None:
    organization = make_organization()
    first = as_user(make_member(organization, OrganizationRole.OWNER))
    second = as_user(make_member(organization, OrganizationRole.MANAGER))
    path = f"/organizations/{organization.slug}/edit"
    assert first.post(path, data=PROFILE | {"summary": "The first text."}).status_code == 303
    answer = second.post(path, data=PROFILE | {"summary": "The second text."})
    assert answer.status_code == 409
    assert ("The first text." in answer.text, "The second text." in answer.text) == (True, True)
    assert second.post(path, data=PROFILE | {"summary": "The second text.", "version": "2"}).status_code == 303
    session.refresh(organization)
    assert (organization.summary, organization.version) == ("The second text.", 3)


def test_a_colour_is_tried_before_it_is_saved(as_user: AsUser, session: Session) -> None:
    organization = make_organization()
    client = as_user(make_member(organization, OrganizationRole.OWNER))
    path = f"/organizations/{organization.slug}/edit"
    answer = client.post(path, data=PROFILE | {"accent": "#aa3300", "preview": "1"})
    sheet = f"/accent/{_accent('aa3300')[0]}/aa3300.css"
    assert (answer.status_code, sheet in answer.text) == (200, True)
    session.refresh(organization)
    assert organization.accent == ""
    client.post(path, data=PROFILE | {"accent": "#AA3300"})
    assert sheet in client.get(f"/organizations/{organization.slug}").text


def test_an_accent_is_a_stylesheet_that_browsers_keep(client: FlaskClient) -> None:
    answer = client.get(f"/accent/{_accent('aa3300')[0]}/aa3300.css")
    assert answer.text.startswith(":root{--brand-h:")
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get("/accent/000000000000/aa3300.css").headers["Cache-Control"] == "max-age=60, public"
    assert client.get("/accent/000000000000/nothex.css").status_code == 404


def test_two_of_one_name_founded_at_once_get_an_address_each(as_user: AsUser, session: Session) -> None:
    found = [partial(as_user(make_account()).post, "/organizations/new", data=PROFILE) for _ in range(2)]
    answers = at_once(*found)
    assert codes(answers) == [303, 303]
    assert len({answer.location for answer in answers}) == 2
