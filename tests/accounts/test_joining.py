"""From signing up to a confirmed account: nobody learns which addresses are known, and no squatter is let in."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from crowd.accounts.actions import publish_legal_text
from crowd.accounts.commands import PublishLegalText
from crowd.accounts.models import Acceptance, Account, LegalKind, LegalText, MailedLink
from crowd.conversation.models import Comment
from crowd.core.actor import Actor
from crowd.mailing.models import Mail
from crowd.store.db import transaction, utc_now
from crowd.store.secrets import hash_password
from tests.conftest import AsUser
from tests.make import make_account, make_call
from tests.web.hostile import forms_of

PASSWORD = "a quiet garden"


def fields(**changes: str) -> dict[str, str]:
    return {"name": "Ana Prieto", "email": "ana@demo.example", "password": PASSWORD, "accept": "y"} | changes


def newest_link(session: Session, email: str = "ana@demo.example") -> str:
    text = session.scalars(select(Mail.text).where(Mail.to_email == email).order_by(Mail.id.desc())).first()
    assert text is not None
    found = re.search(r"http://localhost(/link/\S+)", text)
    assert found is not None
    return found[1]


def is_signed_in(client: FlaskClient) -> bool:
    return "Sign out" in client.get("/terms").text


def words(answer: TestResponse) -> str:
    """A page without what differs each time."""
    return re.sub(r'name="csrf_token"\s+value="[^"]*"', "", answer.text)


def the_account(session: Session, email: str = "ana@demo.example") -> Account:
    return session.scalars(select(Account).where(Account.email == email)).one()


def test_a_person_signs_up_confirms_and_goes_on_where_they_were(client: FlaskClient, session: Session) -> None:
    answer = client.post("/sign-up", data=fields(next="/calls/abc/propose"))
    assert "ana@demo.example" in answer.text
    assert not is_signed_in(client)
    link = newest_link(session)
    assert "Confirm and sign in" in client.get(link).text
    assert the_account(session).verified_at is None
    assert client.post(link).headers["Location"] == "/calls/abc/propose"
    assert is_signed_in(client)
    assert the_account(session).verified_at is not None


def test_a_known_address_gets_the_same_answer_and_a_mail(app: Flask, session: Session) -> None:
    make_account("Somebody Else", email="ana@demo.example")
    known = words(app.test_client().post("/sign-up", data=fields()))
    unknown = words(app.test_client().post("/sign-up", data=fields(email="new@demo.example")))
    assert known.replace("ana@", "new@") == unknown
    kinds = [tuple(row) for row in session.execute(select(Mail.to_email, Mail.kind).order_by(Mail.id))]
    assert kinds == [("ana@demo.example", "account_exists"), ("new@demo.example", "verify")]


def test_a_known_address_in_other_letters_makes_no_second_account(client: FlaskClient, session: Session) -> None:
    make_account(email="ana@demo.example")
    client.post("/sign-up", data=fields(email="ANA@Demo.example"))
    assert session.scalar(select(func.count()).select_from(Account)) == 1


def test_a_reset_and_a_link_say_the_same_for_known_and_unknown(app: Flask, session: Session) -> None:
    make_account(email="ana@demo.example")
    for page in ("/reset", "/sign-in/link"):
        known = words(app.test_client().post(page, data={"email": "ana@demo.example"}))
        unknown = words(app.test_client().post(page, data={"email": "new@demo.example"}))
        assert known.replace("ana@", "new@") == unknown
    assert session.scalars(select(Mail.to_email)).all() == ["ana@demo.example"] * 2


def test_what_is_wrong_is_said_beside_the_field_and_the_rest_is_kept(client: FlaskClient, session: Session) -> None:
    answer = client.post("/sign-up", data=fields(password="short", email="no address"))
    assert answer.status_code == 422
    assert 'value="Ana Prieto"' in answer.text
    assert 'id="email-error"' in answer.text
    assert 'id="password-error"' in answer.text
    assert session.scalars(select(Account)).all() == []


def test_without_accepting_the_terms_there_is_no_account(client: FlaskClient, session: Session) -> None:
    data = fields()
    del data["accept"]
    assert client.post("/sign-up", data=data).status_code == 422
    assert session.scalars(select(Account)).all() == []


def test_signing_up_stores_which_texts_were_accepted(client: FlaskClient, session: Session) -> None:
    client.post("/sign-up", data=fields())
    accepted = session.execute(
        select(LegalText.kind, LegalText.version).join(Acceptance, Acceptance.legal_text_id == LegalText.id)
    )
    assert sorted(tuple(row) for row in accepted) == [("privacy", 1), ("terms", 1)]


def test_a_link_works_once(client: FlaskClient, session: Session) -> None:
    client.post("/sign-up", data=fields())
    link = newest_link(session)
    client.post(link)
    for answer in (client.get(link), client.post(link)):
        assert answer.status_code == 410
        assert "This link was used already." in answer.text


def test_a_link_grows_old(client: FlaskClient, session: Session) -> None:
    client.post("/sign-up", data=fields())
    with transaction() as writing:
        writing.execute(update(MailedLink).values(expires_at=utc_now()))
    answer = client.post(newest_link(session))
    assert (answer.status_code, "This link is too old." in answer.text) == (410, True)
    assert not is_signed_in(client)


def test_an_unknown_link_is_not_found(client: FlaskClient) -> None:
    answer = client.get("/link/nothing")
    assert (answer.status_code, "This link does not work" in answer.text) == (404, True)
    assert 'href="/sign-in/link"' in answer.text
    assert "This link does not work" not in client.get("/calls/nothing").text


def test_looking_at_a_link_uses_nothing_up(client: FlaskClient, session: Session) -> None:
    client.post("/sign-up", data=fields())
    link = newest_link(session)
    for _ in range(3):
        assert client.get(link).status_code == 200
    assert client.post(link).status_code == 303


def test_only_the_hash_of_a_link_is_kept(client: FlaskClient, session: Session) -> None:
    client.post("/sign-up", data=fields())
    token = newest_link(session).rsplit("/", 1)[1]
    kept = session.scalars(select(MailedLink)).one()
    assert token not in str(vars(kept))
    assert kept.token_hash != token


def test_a_squatter_is_not_let_in_when_the_owner_confirms_elsewhere(app: Flask, session: Session) -> None:
    """A stranger signs up with another's address; its owner opens the link without knowing the password."""
    squatter, owner = app.test_client(), app.test_client()
    squatter.post("/sign-up", data=fields(name="Not Ana"))
    link = newest_link(session)
    page = owner.post(link, data={"password": "a guess of the owner"})
    assert page.status_code == 422
    assert the_account(session).verified_at is None
    owner.post("/sign-in/link", data={"email": "ana@demo.example"})
    owner.post(newest_link(session))
    assert is_signed_in(owner)
    account = the_account(session)
    assert (account.verified_at is not None, account.password_hash) == (True, None)
    answer = squatter.post("/sign-in", data={"email": "ana@demo.example", "password": PASSWORD})
    assert answer.status_code == 422


def test_a_squatters_session_ends_when_the_owner_comes(app: Flask, session: Session) -> None:
    squatter, owner = app.test_client(), app.test_client()
    squatter.post("/sign-up", data=fields())
    squatter.post("/sign-in", data={"email": "ana@demo.example", "password": PASSWORD})
    assert is_signed_in(squatter)
    owner.post("/sign-up", data=fields(name="The real Ana", password="another garden"))
    owner.post("/reset", data={"email": "ana@demo.example"})
    owner.post(newest_link(session), data={"new_password": "my own garden"})
    assert is_signed_in(owner)
    assert not is_signed_in(squatter)


def test_another_browser_confirms_with_the_password(app: Flask, session: Session) -> None:
    app.test_client().post("/sign-up", data=fields())
    phone, link = app.test_client(), newest_link(session)
    assert 'name="password"' in phone.get(link).text
    assert phone.post(link, data={"password": PASSWORD}).status_code == 303
    assert is_signed_in(phone)
    assert the_account(session).password_hash is not None


def test_a_new_password_ends_other_sessions_and_is_told_by_mail(app: Flask, session: Session) -> None:
    account = make_account(email="ana@demo.example")
    with transaction(account):
        account.password_hash = hash_password(PASSWORD)
    lost, found = app.test_client(), app.test_client()
    lost.post("/sign-in", data={"email": "ana@demo.example", "password": PASSWORD})
    assert is_signed_in(lost)
    found.post("/reset", data={"email": "ana@demo.example"})
    link = newest_link(session)
    assert found.post(link, data={"new_password": "short"}).status_code == 422
    assert found.post(link, data={"new_password": "a loud garden"}).status_code == 303
    assert (is_signed_in(found), is_signed_in(lost)) == (True, False)
    kinds = session.scalars(select(Mail.kind).order_by(Mail.id)).all()
    assert kinds == ["reset", "password_changed", "new_device"]


def test_a_blocked_person_gets_no_link_and_no_link_works(client: FlaskClient, session: Session) -> None:
    account = make_account(email="ana@demo.example")
    client.post("/sign-in/link", data={"email": "ana@demo.example"})
    with transaction(account):
        account.blocked_at = utc_now()
    assert client.post(newest_link(session)).status_code == 404
    client.post("/sign-in/link", data={"email": "ana@demo.example"})
    assert len(session.scalars(select(Mail)).all()) == 1


def test_an_unconfirmed_person_asks_for_the_link_again(client: FlaskClient, session: Session) -> None:
    client.post("/sign-up", data=fields())
    client.post("/sign-in", data={"email": "ana@demo.example", "password": PASSWORD})
    assert "Send the link again" in client.get("/settings").text
    client.post("/verify")
    assert session.scalars(select(Mail.kind)).all() == ["verify", "verify"]
    assert client.post(newest_link(session)).status_code == 303
    assert the_account(session).verified_at is not None


def test_mails_are_in_the_language_of_the_page(client: FlaskClient, session: Session) -> None:
    client.post("/language", data={"locale": "es"})
    client.post("/sign-up", data=fields())
    assert the_account(session).language == "es"
    assert session.scalars(select(Mail.language)).one() == "es"


def test_a_new_version_of_the_terms_is_asked_for_at_the_next_signing_in(client: FlaskClient, session: Session) -> None:
    client.post("/sign-up", data=fields())
    client.post(newest_link(session))
    admin = make_account("Site Admin", admin=True)
    publish(Actor(admin.id, is_admin=True))
    client.post("/sign-out")
    data = {"email": "ana@demo.example", "password": PASSWORD, "next": "/calls"}
    assert client.post("/sign-in", data=data).headers["Location"] == "/accept?next=/calls"
    asked = next(
        form for form in forms_of(client.get("/accept?next=/calls").text, "/accept") if "accept" in form.names()
    )
    assert client.post("/accept", data=asked.filled()).status_code == 422
    assert client.post("/accept", data=asked.filled(accept="y")).headers["Location"] == "/calls"
    client.post("/sign-out")
    assert client.post("/sign-in", data=data).headers["Location"] == "/calls"


@pytest.mark.parametrize("asked", ["never accepted", "changed while signed in"])
def test_nobody_acts_before_accepting_the_terms_and_what_was_typed_is_offered_again(
    as_user: AsUser, session: Session, asked: str
) -> None:
    call, person = make_call(), make_account()
    if asked == "never accepted":
        with transaction(person):
            person.accepted_at = None
    else:
        publish(Actor(make_account("Site Admin", admin=True).id, is_admin=True))
    writer, comments = as_user(person), f"/calls/{call.public_id}/comments"
    assert writer.get(f"/calls/{call.public_id}").status_code == 200
    asks = writer.post(comments, data={"body": "Which **tree** is it?"})
    page = writer.get(asks.headers["Location"]).text
    assert session.scalars(select(Comment)).all() == []
    assert ("Before you act here" in page) is (asked == "never accepted")
    form = next(form for form in forms_of(page, "/accept") if "accept" in form.names())
    way = writer.post("/accept", data=form.filled(accept="y")).headers["Location"]
    again = next(form for form in forms_of(writer.get(way).text, way) if "body" in form.names())
    assert again.action == comments
    assert writer.post(again.action, data=again.filled()).status_code == 303
    assert session.scalars(select(Comment.body)).all() == ["Which **tree** is it?"]


def test_terms_published_while_one_reads_them_are_shown_before_they_count(as_user: AsUser, session: Session) -> None:
    admin = Actor(make_account("Site Admin", admin=True).id, is_admin=True)
    reader = as_user(make_account())
    publish(admin)
    form = next(form for form in forms_of(reader.get("/accept").text, "/accept") if "accept" in form.names())
    publish(admin)
    assert "version 2 of" in reader.post("/accept", data=form.filled(accept="y")).text
    assert reader.get("/accept").status_code == 200


def test_a_script_is_told_that_the_terms_wait(as_user: AsUser, session: Session) -> None:
    person = make_account()
    with transaction(person):
        person.accepted_at = None
    answer = as_user(person).post("/calls/222222222222/comments", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["detail"]) == (
        403,
        "Accept the terms first: they have changed, or you have not seen them yet.",
    )


def publish(actor: Actor) -> None:
    with transaction() as session:
        publish_legal_text(session, LegalKind.TERMS, PublishLegalText("# New", "# Nuevo"), actor=actor, now=utc_now())
