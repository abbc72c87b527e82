"""One person is let in after the close: their end holds, the frozen list holds more, and nobody else gets through."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call, LatePermit
from crowd.core.events import EventKind
from crowd.core.status import ProposalStatus, StageKind
from crowd.core.wall_clock import wall_clock
from crowd.mailing.models import Mail
from crowd.organizations.gates import actor_of
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal
from crowd.rounds.actions import open_round
from crowd.store.db import transaction, utc_now
from crowd.store.models import Event
from tests.conftest import AsUser, Drain
from tests.filling import fields_of
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, round_row

pytestmark = pytest.mark.usefixtures("session")

REASON = "In hospital on the last day."


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def manager(organization: Organization) -> Account:
    return make_member(organization)


def permit(client: FlaskClient, call: Call, email: str, hours: int = 5, status: int = 303) -> Any:
    until = wall_clock(utc_now() + timedelta(hours=hours), "UTC").strftime("%Y-%m-%dT%H:%M")
    data = {"email": email, "reason": REASON, "until": until}
    answer = client.post(f"/calls/{call.public_id}/late", data=data)
    assert answer.status_code == status, answer.text
    return answer


def hand_in(client: FlaskClient, proposal: Proposal) -> int:
    page = client.get(f"/proposals/{proposal.public_id}/submit")
    data = fields_of(page.text) | {"declarations": ["0", "1"]}
    return client.post(f"/proposals/{proposal.public_id}/submit", data=data).status_code


def status_of(session: Session, proposal: Proposal) -> ProposalStatus:
    return session.get_one(Proposal, proposal.id, populate_existing=True).status


def test_the_permitted_person_starts_and_hands_in_after_the_close_and_nobody_else(
    organization: Organization, manager: Account, as_user: AsUser, session: Session, client: FlaskClient
) -> None:
    call = make_call(organization, open_stage=StageKind.SCREENING)
    lena, omar = make_account("Lena"), make_account("Omar")
    hers = make_proposal(call, lena, status=ProposalStatus.DRAFT)
    his = make_proposal(call, omar, status=ProposalStatus.DRAFT)
    her = as_user(lena)
    assert hand_in(her, hers) == 409
    assert her.get(f"/calls/{call.public_id}/propose").status_code == 403
    assert as_user(omar).post(f"/calls/{call.public_id}/late").status_code == 403
    permit(as_user(manager), call, lena.email.upper())
    mail = session.scalars(select(Mail).where(Mail.kind == "late_permit")).one()
    assert f"/calls/{call.public_id}/propose" in mail.text
    assert mail.to_email == lena.email.upper()
    assert "you have a permit: hand in by" in her.get(f"/calls/{call.public_id}/propose").text
    assert "Continue your draft" in her.get(f"/calls/{call.public_id}").text
    assert hand_in(her, hers) == 303
    assert hand_in(as_user(omar), his) == 409
    assert (status_of(session, hers), status_of(session, his)) == (ProposalStatus.SUBMITTED, ProposalStatus.DRAFT)
    history = client.get(f"/calls/{call.public_id}/history").text
    assert "One person was permitted to hand in after the close." in history
    assert REASON not in history
    assert lena.email not in history
    event = session.scalars(select(Event).where(Event.kind == EventKind.LATE_PERMIT_GIVEN)).one()
    assert (event.actor_id, event.reason) == (manager.id, None)


def test_a_permit_ends_at_its_date_when_it_is_revoked_and_when_a_list_is_frozen(
    organization: Organization, manager: Account, as_user: AsUser, session: Session
) -> None:
    call = make_call(organization, open_stage=StageKind.SCREENING)
    lena = make_account("Lena")
    hers = make_proposal(call, lena, status=ProposalStatus.DRAFT)
    boss, her = as_user(manager), as_user(lena)
    permit(boss, call, lena.email, hours=24 * 9, status=422)  # the vote opens before that
    permit(boss, call, lena.email)
    row = session.scalars(select(LatePermit)).one()
    with transaction(row):
        row.until = utc_now() - timedelta(seconds=1)
    assert hand_in(her, hers) == 409
    permit(boss, call, lena.email)
    assert boss.post(f"/calls/{call.public_id}/late/{row.public_id}/revoke").status_code == 303
    assert hand_in(her, hers) == 409
    permit(boss, call, lena.email)
    with transaction(round_row(call)) as writing:
        open_round(writing, round_row(call), None, actor=actor_of(writing, manager.id), now=utc_now())
    assert hand_in(her, hers) == 409
    assert status_of(session, hers) is ProposalStatus.DRAFT
    assert "a list of candidates is frozen" in permit(boss, call, lena.email, status=422).text


def test_a_permit_waits_for_an_address_that_has_no_account_yet(
    organization: Organization, manager: Account, as_user: AsUser, session: Session, drain: Drain
) -> None:
    call = make_call(organization, open_stage=StageKind.SCREENING)
    permit(as_user(manager), call, "nils@example.org")
    nils = make_account("Nils", email="nils@example.org", verified=False)
    assert as_user(nils).get(f"/calls/{call.public_id}/propose").status_code == 403
    with transaction(nils) as writing:
        nils.verified_at = utc_now()
        writing.add(Event(kind=EventKind.ACCOUNT_VERIFIED, at=utc_now(), actor_id=nils.id, data={}))
    drain()
    assert as_user(nils).get(f"/calls/{call.public_id}/propose").status_code == 200
