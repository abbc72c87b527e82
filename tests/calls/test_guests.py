"""Calls for the invited: by list, by link, by code; unseen by everybody else."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Admission, Call, CallInvitation
from crowd.core.rules import Audience, Entrants
from crowd.core.wall_clock import wall_clock
from crowd.mailing.models import Mail
from crowd.organizations.models import Organization
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, make_rules

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def manager(organization: Organization) -> Account:
    return make_member(organization)


@pytest.fixture
def call(organization: Organization) -> Call:
    return make_call(organization, make_rules(title="Secret garden", audience=Audience.INVITED))


def hand_out(client: FlaskClient, call: Call, kind: str, **more: str) -> str:
    """Make a link or a code; returns it."""
    answer = client.post(f"/calls/{call.public_id}/guests/way-in", data={"kind": kind, **more})
    assert answer.status_code == 201, answer.text
    if kind == "link":
        return str(re.findall(r"http://localhost(/invited/[\w-]+)", answer.text)[0])
    return str(re.findall(r"<code>(\w+)</code>", answer.text)[0])


def sees(client: FlaskClient, call: Call) -> bool:
    return client.get(f"/calls/{call.public_id}").status_code == 200


def test_an_invited_call_does_not_exist_for_those_not_invited(
    call: Call, manager: Account, as_user: AsUser, client: FlaskClient
) -> None:
    stranger = as_user(make_account())
    proposal = make_proposal(call)
    for visitor in (client, stranger):
        for path in ("", "/proposals", "/comments", "/history", "/rules.json", "/amendments", "/propose"):
            assert visitor.get(f"/calls/{call.public_id}{path}").status_code == 404, path
        assert visitor.get(f"/proposals/{proposal.public_id}").status_code == 404
        for path in ("/calls", "/calls?q=Secret", "/", f"/organizations/{call.organization_id}"):
            assert "Secret garden" not in visitor.get(path).text
    assert sees(as_user(manager), call)


def test_a_link_lets_in_as_many_as_allowed_until_it_ends_or_is_revoked(
    call: Call, manager: Account, as_user: AsUser, client: FlaskClient, session: Session
) -> None:
    boss = as_user(manager)
    link = hand_out(boss, call, "link", max_uses="1")
    assert "Secret garden" in client.get(link).text
    assert client.post(link).status_code == 303  # to sign in
    guest, late = as_user(make_account("Gala")), as_user(make_account("Lars"))
    assert not sees(guest, call)
    assert guest.post(link).status_code == 303
    assert sees(guest, call)
    assert "Secret garden" in guest.get("/calls").text
    assert guest.post(link).status_code == 303  # again counts once
    refused = late.post(link)
    assert refused.status_code == 410
    assert "Secret garden" not in refused.text + late.get(link).text
    assert not sees(late, call)
    row = session.scalars(select(CallInvitation)).one()
    assert (row.uses, row.max_uses) == (1, 1)
    soon = wall_clock(utc_now() + timedelta(hours=1), "UTC").strftime("%Y-%m-%dT%H:%M")
    other = hand_out(boss, call, "link", expires_at=soon)
    with transaction() as writing:
        for each in writing.scalars(select(CallInvitation).where(CallInvitation.expires_at.is_not(None))):
            each.expires_at = utc_now() - timedelta(seconds=1)
    assert late.post(other).status_code == 410
    third = hand_out(boss, call, "link")
    key = re.findall(r"/invited/(\w+)-", third)[0]
    assert boss.post(f"/calls/{call.public_id}/guests/{key}/revoke").status_code == 303
    assert late.post(third).status_code == 410
    assert sees(guest, call)  # whoever came in stays
    assert client.get(third[:-1] + "x").status_code == 404


def test_a_code_is_typed_in_and_guessing_is_limited(call: Call, manager: Account, as_user: AsUser) -> None:
    code = hand_out(as_user(manager), call, "code")
    guest = as_user(make_account("Gala"))
    assert guest.post("/invited", data={"code": "wrong"}).status_code == 422
    assert guest.post("/invited", data={"code": f" {code.upper()} "}).status_code == 303
    assert sees(guest, call)
    guesser = as_user(make_account("Gus"))
    answers = [guesser.post("/invited", data={"code": f"guess{n}"}).status_code for n in range(21)]
    assert answers == [422] * 20 + [429]


def test_a_list_of_addresses_is_invited_once_each_and_known_people_come_in_at_once(
    call: Call, manager: Account, as_user: AsUser, session: Session, client: FlaskClient
) -> None:
    known = make_account("Kim", email="kim@example.org")
    boss, url = as_user(manager), f"/calls/{call.public_id}/guests/addresses"
    bad: Any = boss.post(url, data={"addresses": "kim@example.org, not@an address@"})
    assert bad.status_code == 422
    for _again in range(2):
        sent = boss.post(url, data={"addresses": "Kim@example.org\nnora@example.org; nora@EXAMPLE.org"})
        assert sent.status_code == 303
    mails = session.scalars(select(Mail).where(Mail.kind == "call_invitation")).all()
    assert sorted(mail.to_email.lower() for mail in mails) == ["kim@example.org", "nora@example.org"]
    assert sees(as_user(known), call)
    assert session.scalar(select(func.count()).select_from(Admission)) == 1
    link = re.findall(r"http://localhost(/invited/\S+)", next(m.text for m in mails if "nora" in m.to_email.lower()))[0]
    nora = as_user(make_account("Nora"))
    assert nora.post(link).status_code == 303
    assert sees(nora, call)
    assert as_user(make_account("Friend")).post(link).status_code == 410


def test_a_public_call_may_take_proposals_of_the_invited_only(
    organization: Organization, manager: Account, as_user: AsUser, client: FlaskClient
) -> None:
    call = make_call(organization, make_rules(entrants=Entrants.INVITED))
    guest, stranger = as_user(make_account("Gala")), as_user(make_account())
    assert sees(client, call)
    assert guest.post(hand_out(as_user(manager), call, "link")).status_code == 303
    assert guest.get(f"/calls/{call.public_id}/propose").status_code == 200
    assert stranger.get(f"/calls/{call.public_id}/propose").status_code == 403
