"""Drafts begun before signing in: the browser's alone, claimed on every way in, forgotten after 14 days."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.rules import Entrants
from crowd.core.status import ProposalStatus
from crowd.mailing.models import Mail
from crowd.proposals.models import Proposal, VisitorDraft
from crowd.store.db import transaction, utc_now
from crowd.store.secrets import hash_password
from tests.conftest import AsUser, Drain
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, make_rules
from tests.proposals.test_writing import WORDS, close_submission, hidden

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("session")]
PHRASE = "a long enough phrase"


@pytest.fixture
def author(session: Session) -> Account:
    account = make_account("Wanda Writer", email="wanda@example.org")
    with transaction(account):
        account.password_hash = hash_password(PHRASE)
    return account


def write(client: FlaskClient, call: Call, **changes: str) -> str:
    """Type into the form of a visitor; returns the id that the draft will have."""
    key = hidden(client.get(f"/calls/{call.public_id}/propose").text, "draft")
    answer = client.post(
        f"/calls/{call.public_id}/propose/autosave", data=WORDS | {"draft": key, "version": "0"} | changes
    )
    assert answer.status_code == 200, answer.text
    return key


def mailed(session: Session) -> str:
    text = session.scalars(select(Mail.text).order_by(Mail.id.desc())).first()
    found = re.search(r"/link/[\w-]+", text or "")
    assert found
    return found[0]


def by_password(client: FlaskClient, session: Session) -> None:
    client.post("/sign-in", data={"email": "wanda@example.org", "password": PHRASE})


def by_mailed_link(client: FlaskClient, session: Session) -> None:
    client.post("/sign-in/link", data={"email": "wanda@example.org"})
    client.post(mailed(session))


def by_a_new_password(client: FlaskClient, session: Session) -> None:
    client.post("/reset", data={"email": "wanda@example.org"})
    client.post(mailed(session), data={"new_password": PHRASE + " again", "password_again": PHRASE + " again"})


def by_a_new_account(client: FlaskClient, session: Session) -> None:
    form = client.get("/sign-up").text
    boxes = dict.fromkeys(re.findall(r'type="checkbox"[^>]*name="(\w+)"', form), "y")
    boxes |= dict.fromkeys(re.findall(r'name="(\w+)"[^>]*type="checkbox"', form), "y")
    joined = {"email": "new@example.org", "name": "Nu Comer", "password": PHRASE}
    client.post("/sign-up", data=joined | boxes)
    client.post(mailed(session))


@pytest.mark.both_databases
@pytest.mark.parametrize("enter", [by_password, by_mailed_link, by_a_new_password, by_a_new_account])
@pytest.mark.usefixtures("author")
def test_what_was_written_is_the_draft_of_whoever_signs_in_there(
    client: FlaskClient, session: Session, enter: Callable[[FlaskClient, Session], None]
) -> None:
    call = make_call()
    key = write(client, call)
    enter(client, session)
    draft = session.scalars(select(Proposal)).one()
    assert (draft.public_id, draft.status, draft.title, draft.summary, draft.body, draft.language) == (
        key,
        ProposalStatus.DRAFT,
        WORDS["title"],
        WORDS["summary"],
        WORDS["body"],
        "es",
    )
    assert session.scalars(select(VisitorDraft)).all() == []
    assert "What you wrote is your draft now." in client.get(f"/proposals/{key}/edit").text
    assert client.get(f"/calls/{call.public_id}/propose?draft={key}").headers["Location"] == f"/proposals/{key}/edit"


def test_a_stranger_can_neither_read_nor_claim_it(client: FlaskClient, as_user: AsUser, session: Session) -> None:
    call = make_call()
    key = write(client, call)
    kept = session.scalars(select(VisitorDraft)).one()
    with client.session_transaction() as cookie:
        assert kept.key_hash not in str(dict(cookie))
        secret = next(value for value in cookie.values() if isinstance(value, str) and len(value) > 40)
    assert secret not in repr([kept.key_hash, kept.fields, kept.draft_key])
    stranger = as_user(make_account())
    for address in (f"?draft={key}", f"?draft={key}&way={kept.key_hash}", f"?kept={kept.key_hash}"):
        assert WORDS["title"] not in stranger.get(f"/calls/{call.public_id}/propose{address}").text
    taken = stranger.post(f"/calls/{call.public_id}/propose", data=WORDS | {"draft": key, "title": "Mine"})
    assert taken.status_code == 303
    assert stranger.post(f"/calls/{call.public_id}/propose/discard", data={"draft": key}).status_code == 303
    assert WORDS["title"] in client.get(f"/calls/{call.public_id}/propose").text


@pytest.mark.both_databases
def test_the_mailed_way_back_finds_the_text_in_another_browser_but_only_signed_in(
    client: FlaskClient, app: Flask, as_user: AsUser, session: Session
) -> None:
    call = make_call()
    answer = client.post(f"/calls/{call.public_id}/propose", data=WORDS | {"then": "sign-up"})
    way = re.search(r"next=([^&]+)", answer.headers["Location"])
    assert way
    back = way[1].replace("%3F", "?").replace("%3D", "=").replace("%26", "&").replace("%2F", "/")
    assert WORDS["title"] not in app.test_client().get(back).text
    elsewhere = as_user(make_account())
    page = elsewhere.get(back).text
    assert f'value="{WORDS["title"]}"' in page
    posted = WORDS | {name: hidden(page, name) for name in ("draft", "version", "way")}
    assert elsewhere.post(f"/calls/{call.public_id}/propose", data=posted).status_code == 303
    assert session.scalars(select(Proposal.title)).all() == [WORDS["title"]]
    assert session.scalars(select(VisitorDraft)).all() == []


def test_without_script_it_is_kept_and_thrown_away_by_a_button(client: FlaskClient, session: Session) -> None:
    call = make_call(rules=make_rules(asks_cost=True))
    address = f"/calls/{call.public_id}/propose"
    page = client.post(address, data=WORDS | {"cost": "12 or so", "then": "keep"}, follow_redirects=True).text
    assert 'value="12 or so"' in page
    assert "Write a whole amount" in page
    assert "3 of 4 there" in page
    assert client.post(f"{address}/discard").status_code == 303
    assert session.scalars(select(VisitorDraft)).all() == []
    assert WORDS["title"] not in client.get(address).text


def test_what_cannot_be_a_draft_yet_waits_in_the_browser_with_its_fault(
    client: FlaskClient, author: Account, session: Session
) -> None:
    call = make_call(rules=make_rules(asks_cost=True))
    write(client, call, cost="much")
    by_password(client, session)
    assert session.scalars(select(Proposal)).all() == []
    page = client.get(f"/calls/{call.public_id}/propose").text
    assert 'value="much"' in page
    fields = WORDS | {"cost": "1200", "draft": hidden(page, "draft"), "version": hidden(page, "version")}
    assert client.post(f"/calls/{call.public_id}/propose", data=fields).status_code == 303
    assert session.scalars(select(Proposal.lead_id)).all() == [author.id]
    assert session.scalars(select(VisitorDraft)).all() == []


@pytest.mark.usefixtures("author")
def test_when_the_call_closed_meanwhile_the_text_is_still_ones_private_draft(
    client: FlaskClient, session: Session
) -> None:
    call = make_call()
    write(client, call)
    close_submission(call)
    saved = client.post(f"/calls/{call.public_id}/propose/autosave", data=WORDS | {"title": "Later", "version": "1"})
    assert saved.status_code == 200
    by_password(client, session)
    assert session.scalars(select(Proposal.title)).all() == ["Later"]


def test_a_session_that_ends_while_writing_loses_nothing_even_if_the_draft_changed_elsewhere(
    client: FlaskClient, author: Account, session: Session
) -> None:
    call = make_call()
    draft = make_proposal(call, author, status=ProposalStatus.DRAFT, title="As saved")
    typed = {"draft": draft.public_id, "version": "1", "title": "Typed after the session ended"}
    assert client.post(f"/calls/{call.public_id}/propose", data=WORDS | typed).status_code == 303
    with transaction(draft):
        draft.title, draft.version = "Changed on the telephone", 2
    by_password(client, session)
    titles = session.scalars(select(Proposal.title).order_by(Proposal.id)).all()
    assert titles == ["Changed on the telephone", "Typed after the session ended"]


def test_a_second_window_of_the_same_browser_is_not_overwritten_in_silence(
    client: FlaskClient, session: Session
) -> None:
    call = make_call()
    key = write(client, call)
    stale = client.post(
        f"/calls/{call.public_id}/propose/autosave", data={"title": "From window two", "draft": key, "version": "0"}
    )
    assert stale.status_code == 409
    assert session.scalars(select(VisitorDraft)).one().version == 1
    again = client.post(f"/calls/{call.public_id}/propose/autosave", data=WORDS | {"draft": key, "version": "0"})
    assert again.get_json()["version"] == 1


@pytest.mark.both_databases
def test_it_goes_after_fourteen_days(client: FlaskClient, drain: Drain, session: Session) -> None:
    call, other = make_call(), make_call()
    write(client, call)
    write(client, other)
    old = session.scalars(select(VisitorDraft).where(VisitorDraft.call_id == call.id)).one()
    with transaction(old):
        old.edited_at = utc_now() - timedelta(days=14, minutes=1)
    drain()
    assert session.scalars(select(VisitorDraft.call_id)).all() == [other.id]


def test_size_and_number_of_texts_without_an_account_are_limited_and_the_page_keeps_them(
    client: FlaskClient, app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = make_call()
    address = f"/calls/{call.public_id}/propose"
    huge = client.post(address, data=WORDS | {"body": "ñ" * 120_000})
    assert huge.status_code == 422
    assert "too long to be kept" in huge.text
    assert "ñ" * 120_000 in huge.text
    answers = [app.test_client().post(address, data=WORDS | {"then": "keep"}) for _ in range(61)]
    assert {answer.status_code for answer in answers[:59]} == {303}
    assert answers[60].status_code == 429
    assert WORDS["body"].splitlines()[0] in answers[60].text
    assert session.scalar(select(func.count()).select_from(VisitorDraft)) == 59


def test_where_only_members_may_enter_a_visitor_is_asked_to_sign_in_and_the_text_waits(
    client: FlaskClient, session: Session
) -> None:
    organization = make_organization()
    call = make_call(organization, make_rules(entrants=Entrants.MEMBERS))
    assert "/sign-in" in client.get(f"/calls/{call.public_id}/propose").headers["Location"]
    posted = client.post(f"/calls/{call.public_id}/propose", data=WORDS)
    assert "/sign-in?next=/kept/" in posted.headers["Location"]
    member = make_member(organization)
    with transaction(member):
        member.password_hash = hash_password(PHRASE)
    client.post("/sign-in", data={"email": member.email, "password": PHRASE})
    kept = re.search(r"/kept/\w+", posted.headers["Location"])
    assert kept
    assert WORDS["title"] in client.get(kept[0]).text
