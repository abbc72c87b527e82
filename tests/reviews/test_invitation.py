"""The juror's one link: who it lets in, what it can never do."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.events import EventKind
from crowd.core.rules import Audience
from crowd.core.status import JurorStatus, OrganizationRole
from crowd.mailing.models import Mail
from crowd.reviews.actions import copied_token, digest
from crowd.reviews.models import Juror
from crowd.store.db import transaction
from crowd.store.models import Event
from tests.conftest import AsUser
from tests.make import make_account, make_assignment, make_juror, make_member, move_stages
from tests.reviews.conftest import Scene, account_of, make_scene

pytestmark = pytest.mark.one_database

NOOR = {"name": "Noor Haddad", "email": "Noor@Jury.example"}


def invite(scene: Scene, as_user: AsUser, session: Session, **fields: str) -> tuple[Juror, str]:
    """Invite through the page; returns the juror and the path of the mailed link."""
    answer = as_user(scene.manager).post(f"{scene.url}/invite", data=NOOR | fields)
    assert answer.status_code == 303
    juror = session.scalars(select(Juror).order_by(Juror.id.desc())).first()
    assert juror is not None
    return juror, link_of(session, juror.email)


def link_of(session: Session, email: str) -> str:
    mail = session.scalars(select(Mail).where(Mail.to_email == email).order_by(Mail.id.desc())).first()
    assert mail is not None
    found = re.search(r"http://localhost(/jury/\w+)", mail.text)
    assert found
    return found[1]


def copied_link(app: Flask, juror: Juror) -> str:
    return f"/jury/{copied_token(juror, app.extensions['settings'].secret_key)}"


def signed_in(client: FlaskClient) -> bool:
    return "_user_id" in client.get_cookie_session() if hasattr(client, "get_cookie_session") else _has_user(client)


def _has_user(client: FlaskClient) -> bool:
    with client.session_transaction() as cookie:
        return "_user_id" in cookie


ACCEPT = {"name": "Noor Haddad", "terms": "y"}


def test_an_invited_juror_accepts_declares_and_reviews_with_one_link_and_no_password(
    scene: Scene, as_user: AsUser, client: FlaskClient, session: Session
) -> None:
    juror, link = invite(scene, as_user, session)
    page = client.get(link)
    assert page.status_code == 200
    for words in ("City Library invites you to its jury", "Ideas for the reading garden", "A manager", "Benefit"):
        assert words in page.text
    assert client.post(link, data=ACCEPT).location == f"{scene.url}?round=jury&view=mine"
    assert client.get(f"{scene.url}?round=jury&view=mine").location == f"{scene.url}/conflicts?round=jury"
    conflicts = client.get(f"{scene.url}/conflicts?round=jury")
    assert "A pond for frogs" in conflicts.text
    assert "Luis Paz" in conflicts.text
    pond = scene.proposals[1]
    client.post(
        f"{scene.url}/conflicts?round=jury",
        data={"conflict": pond.public_id, f"reason_{pond.public_id}": "My sister wrote it."},
    )
    as_user(scene.manager).post(
        f"{scene.url}/jurors/{juror.public_id}/assign", data={"picked": scene.proposals[0].public_id}
    )
    queue = client.get(f"{scene.url}?view=mine")
    assert "A bench around the old tree" in queue.text
    assert "A pond for frogs" not in queue.text


@pytest.mark.both_databases
def test_the_account_of_a_mailed_link_is_verified_and_has_no_password(
    scene: Scene, as_user: AsUser, client: FlaskClient, session: Session
) -> None:
    juror, link = invite(scene, as_user, session)
    client.post(link, data=ACCEPT)
    account = session.scalars(select(Account).where(Account.email_folded == "noor@jury.example")).one()
    assert (account.verified_at is not None, account.password_hash, account.name) == (True, None, "Noor Haddad")
    assert (juror.status, juror.account_id) == (JurorStatus.ACCEPTED, account.id)
    kinds = session.scalars(select(Event.kind).where(Event.subject_id == juror.id, Event.data["round_id"].is_not(None)))
    assert {EventKind.JUROR_INVITED, EventKind.JUROR_ACCEPTED} <= set(kinds)


def test_looking_at_the_link_neither_accepts_nor_signs_in(
    scene: Scene, as_user: AsUser, client: FlaskClient, session: Session
) -> None:
    juror, link = invite(scene, as_user, session)
    client.get(link)
    assert juror.status is JurorStatus.INVITED
    assert not _has_user(client)


def test_the_terms_must_be_accepted(scene: Scene, as_user: AsUser, client: FlaskClient, session: Session) -> None:
    juror, link = invite(scene, as_user, session)
    answer = client.post(link, data={"name": "Noor of Haddad"})
    assert answer.status_code == 422
    assert "Noor of Haddad" in answer.text
    assert juror.status is JurorStatus.INVITED


def test_the_link_works_again_later_on_another_device(
    scene: Scene, as_user: AsUser, app: Flask, session: Session
) -> None:
    juror, link = invite(scene, as_user, session)
    app.test_client().post(link, data=ACCEPT)
    elsewhere = app.test_client()
    assert "Welcome back, Noor Haddad" in elsewhere.get(link).text
    elsewhere.post(link)
    assert elsewhere.get(f"{scene.url}/conflicts").status_code == 200
    assert session.scalars(select(Account).where(Account.email_folded == juror.email_folded)).all() != []


def test_only_hashes_of_the_links_are_kept(scene: Scene, as_user: AsUser, session: Session) -> None:
    juror, link = invite(scene, as_user, session)
    token = link.rsplit("/", 1)[1]
    assert juror.token_hash == digest(token)
    assert token not in {juror.token_hash, juror.copied_hash}


def test_a_juror_may_decline_with_a_reason_and_change_their_mind(
    scene: Scene, as_user: AsUser, client: FlaskClient, session: Session
) -> None:
    juror, link = invite(scene, as_user, session)
    client.post(f"{link}/decline", data={"reason": "I am away all month."})
    assert (juror.status, juror.decline_reason) == (JurorStatus.DECLINED, "I am away all month.")
    assert not _has_user(client)
    page = as_user(scene.manager).get(f"{scene.url}/jurors/{juror.public_id}")
    assert "I am away all month." in page.text
    client.post(link, data=ACCEPT)
    assert juror.status is JurorStatus.ACCEPTED


def test_who_accepted_cannot_be_declined_by_whoever_has_the_link(
    scene: Scene, as_user: AsUser, app: Flask, session: Session
) -> None:
    juror, link = invite(scene, as_user, session)
    app.test_client().post(link, data=ACCEPT)
    answer = app.test_client().post(f"{link}/decline", data={"reason": "Not me."})
    assert answer.status_code == 409
    assert juror.status is JurorStatus.ACCEPTED


def test_the_link_is_over_with_the_round(scene: Scene, as_user: AsUser, client: FlaskClient, session: Session) -> None:
    juror, link = invite(scene, as_user, session)
    move_stages(scene.call, timedelta(days=6))
    assert client.get(link).status_code == 410
    assert client.post(link, data=ACCEPT).status_code == 410
    assert client.post(f"{link}/decline").status_code == 410
    assert juror.status is JurorStatus.INVITED
    assert not _has_user(client)


def test_a_removed_jurors_link_is_unknown(scene: Scene, as_user: AsUser, client: FlaskClient, session: Session) -> None:
    juror, link = invite(scene, as_user, session)
    as_user(scene.manager).post(f"{scene.url}/jurors/{juror.public_id}/remove")
    assert client.get(link).status_code == 404
    assert client.post(link, data=ACCEPT).status_code == 404
    assert client.get("/jury/nonsense").status_code == 404


@pytest.mark.parametrize("kind", ["admin", "role", "blocked", "unverified with a password"])
def test_the_link_never_opens_an_account_that_can_do_more(
    scene: Scene, as_user: AsUser, client: FlaskClient, session: Session, kind: str
) -> None:
    account = make_account("Noor Haddad", email="noor@jury.example", admin=kind == "admin")
    if kind == "role":
        make_member(scene.organization, OrganizationRole.MEMBER, account)
    with transaction(account):
        if kind == "blocked":
            account.blocked_at = account.created_at
        if kind == "unverified with a password":
            account.verified_at, account.password_hash = None, "$argon2id$of-somebody-else"
    juror, link = invite(scene, as_user, session)
    page = client.get(link)
    assert "Sign in to go on" in page.text
    assert "Accept and begin" not in page.text
    client.post(link, data=ACCEPT)
    assert not _has_user(client)
    assert (juror.status, juror.account_id) == (JurorStatus.INVITED, None)


def test_a_person_with_a_role_accepts_after_the_normal_sign_in(scene: Scene, as_user: AsUser, session: Session) -> None:
    account = make_member(scene.organization, OrganizationRole.MODERATOR, make_account(email="noor@jury.example"))
    juror, link = invite(scene, as_user, session)
    client = as_user(account)
    assert "You accept as Ana Prieto" in client.get(link).text
    client.post(link, data=ACCEPT)
    assert (juror.status, juror.account_id) == (JurorStatus.ACCEPTED, account.id)


def test_the_link_of_one_account_is_not_taken_by_another(scene: Scene, as_user: AsUser, session: Session) -> None:
    make_account("Noor Haddad", email="noor@jury.example")
    juror, link = invite(scene, as_user, session)
    other = as_user(make_account("Somebody Else"))
    assert "You are signed in as somebody else" in other.get(link).text
    other.post(link, data=ACCEPT)
    assert juror.status is JurorStatus.INVITED


def test_an_account_with_a_password_is_entered_once_and_signs_in_from_then_on(
    scene: Scene, as_user: AsUser, app: Flask, session: Session
) -> None:
    account = make_account("Noor Haddad", email="noor@jury.example")
    with transaction(account):
        account.password_hash = "$argon2id$own"
    juror, link = invite(scene, as_user, session)
    first, second = app.test_client(), app.test_client()
    first.post(link, data=ACCEPT)
    assert _has_user(first)
    assert juror.account_id == account.id
    assert "Sign in to go on" in second.get(link).text
    second.post(link)
    assert not _has_user(second)


def test_a_copied_link_opens_no_existing_account(
    scene: Scene, as_user: AsUser, app: Flask, client: FlaskClient, session: Session
) -> None:
    make_account("Noor Haddad", email="noor@jury.example")
    juror, _ = invite(scene, as_user, session)
    client.post(copied_link(app, juror), data=ACCEPT)
    assert not _has_user(client)
    assert juror.status is JurorStatus.INVITED


def test_a_copied_link_makes_an_account_that_is_not_verified_until_the_mailed_one_proves_it(
    scene: Scene, as_user: AsUser, app: Flask, session: Session
) -> None:
    juror, mailed = invite(scene, as_user, session)
    by_copy, by_mail = app.test_client(), app.test_client()
    by_copy.post(copied_link(app, juror), data=ACCEPT)
    account = account_of(juror)
    assert account.verified_at is None
    assert by_copy.get(f"{scene.url}/conflicts").status_code == 200
    by_mail.post(mailed)
    assert account.verified_at is not None
    assert by_mail.get(f"{scene.url}/conflicts").status_code == 200
    assert (
        by_copy.get(f"{scene.url}/conflicts").status_code == 303
    )  # signed out: whoever it was never proved the address


def test_copying_the_link_leaves_a_trace_and_keeps_the_mailed_one_working(
    scene: Scene, as_user: AsUser, app: Flask, client: FlaskClient, session: Session
) -> None:
    juror, mailed = invite(scene, as_user, session)
    page = as_user(scene.manager).post(f"{scene.url}/jurors/{juror.public_id}/link")
    assert f"http://localhost{copied_link(app, juror)}" in page.text
    assert mailed not in page.text
    shown = session.scalars(select(Event).where(Event.kind == EventKind.JUROR_LINK_SHOWN)).one()
    assert (shown.actor_id, shown.subject_id) == (scene.manager.id, juror.id)
    assert client.get(mailed).status_code == 200


def test_replacing_a_leaked_link_ends_the_old_ones(
    scene: Scene, as_user: AsUser, client: FlaskClient, app: Flask, session: Session
) -> None:
    juror, mailed = invite(scene, as_user, session)
    copied = copied_link(app, juror)
    as_user(scene.manager).post(f"{scene.url}/jurors/{juror.public_id}/replace-link")
    assert client.get(mailed).status_code == 404
    assert client.get(copied).status_code == 404
    assert client.get(link_of(session, juror.email)).status_code == 200


def test_one_person_has_one_place_on_a_jury(scene: Scene, as_user: AsUser, session: Session) -> None:
    account = make_account("Noor Haddad", email="noor@home.example")
    make_juror(scene.round, account)
    juror, link = invite(scene, as_user, session)
    answer = as_user(account).post(link, data=ACCEPT)
    assert answer.status_code == 409
    assert "You are on this jury already" in answer.text
    assert juror.status is JurorStatus.INVITED


def test_the_same_address_is_invited_once_however_it_is_written(
    scene: Scene, as_user: AsUser, session: Session
) -> None:
    invite(scene, as_user, session)
    answer = as_user(scene.manager).post(f"{scene.url}/invite", data=NOOR | {"email": "noor@JURY.example"})
    assert answer.status_code == 422
    assert "already on this jury" in answer.text
    assert len(session.scalars(select(Juror)).all()) == 1


def test_only_a_manager_invites_and_removes(scene: Scene, as_user: AsUser, session: Session) -> None:
    juror = make_juror(scene.round)
    chair = make_juror(scene.round, chair=True)
    moderator = make_member(scene.organization, OrganizationRole.MODERATOR)
    for account in (account_of(juror), account_of(chair), moderator, make_account()):
        assert as_user(account).post(f"{scene.url}/invite", data=NOOR).status_code == 403
        assert as_user(account).post(f"{scene.url}/jurors/{juror.public_id}/remove").status_code == 403
    assert len(session.scalars(select(Juror)).all()) == 2


def test_removing_a_juror_ends_access_frees_open_work_and_stops_the_count(
    scene: Scene, as_user: AsUser, session: Session
) -> None:
    juror = make_juror(scene.round)
    make_assignment(juror, scene.proposals[0], scores={"benefit": 3, "feasible": 3})
    open_work = make_assignment(juror, scene.proposals[1])
    as_user(scene.manager).post(f"{scene.url}/jurors/{juror.public_id}/remove")
    client = as_user(account_of(juror))
    assert client.get(scene.url).status_code == 403
    assert client.get(f"/reviews/{open_work.public_id}").status_code == 404
    assert "0 of 1" in as_user(scene.manager).get(scene.url).text


def test_an_outside_juror_reviews_for_a_call_that_only_members_see(
    session: Session, as_user: AsUser, client: FlaskClient
) -> None:
    scene = make_scene(audience=Audience.MEMBERS)
    juror, link = invite(scene, as_user, session)
    assert client.get(scene.url).status_code == 404
    client.post(link, data=ACCEPT)
    client.post(f"{scene.url}/conflicts", data={})
    assignment = make_assignment(juror, scene.proposals[0])
    assert "A bench around the old tree" in client.get(scene.url).text
    assert client.get(f"/reviews/{assignment.public_id}").status_code == 200
    assert client.get(f"/proposals/{scene.proposals[1].public_id}").status_code == 404
