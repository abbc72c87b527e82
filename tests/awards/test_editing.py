"""A prize is changed before any of it is paid: what it was stays to be read, and whoever had answered is asked again."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.awards.models import AwardChange
from crowd.core.status import OrganizationRole
from crowd.mailing.models import Mail
from crowd.organizations.models import Organization
from crowd.proposals.models import Exclusion
from crowd.store.db import transaction, utc_now
from crowd.store.models import Event
from tests.awards.giving import Won, award, give, parts, pay, won_call
from tests.conftest import AsUser, Drain
from tests.make import make_account, make_member


@pytest.fixture
def won(session: Session, as_user: AsUser) -> Won:
    return won_call(session, as_user)


def change(client: FlaskClient, won: Won, session: Session, **data: str) -> int:
    url = f"/calls/{won.call.public_id}/awards/{award(session).public_id}/edit"
    fields = {"title": "First prize", "amount": "1000.00", "currency": "EUR", "thing": "", "version": "0"}
    return client.post(url, data={**fields, "reason": "The sponsor gave more.", **data}).status_code


def test_a_changed_amount_is_split_anew_and_asked_about_again(
    session: Session, as_user: AsUser, won: Won, drain: Drain
) -> None:
    managing, lead = as_user(won.manager), as_user(won.lead)
    give(managing, won)
    drain()
    lead.post(f"/awards/{parts(session)[0].public_id}/accept")
    form = managing.get(f"/calls/{won.call.public_id}/awards/{award(session).public_id}/edit").text
    assert 'value="1000.00"' in form
    assert change(managing, won, session, amount="1 200,50") == 303
    assert [(part.amount, part.state) for part in parts(session)] == [(80_037, "due"), (40_013, "due")]
    for page in (managing.get(f"/calls/{won.call.public_id}/awards").text, lead.get("/awards").text):
        assert "Changed 1 time" in page
        assert "€1,000.00" in page
        assert "The sponsor gave more." in page
    drain()
    told = [mail.text for mail in session.scalars(select(Mail).where(Mail.kind == "award_given")).all()]
    assert sum("has changed a prize" in text for text in told) == 2
    assert "1,200" not in "".join(told)


def test_another_title_leaves_the_answers(session: Session, as_user: AsUser, won: Won) -> None:
    managing = as_user(won.manager)
    give(managing, won)
    as_user(won.lead).post(f"/awards/{parts(session)[0].public_id}/accept")
    assert change(managing, won, session, title="Grand prize") == 303
    assert award(session).title == "Grand prize"
    assert [part.state for part in parts(session)] == ["accepted", "due"]
    kept = session.scalars(select(AwardChange)).one()
    assert (kept.before, kept.by_id) == (
        {"title": "First prize", "amount": 100_000, "currency": "EUR", "thing": ""},
        won.manager.id,
    )
    logged = session.scalars(select(Event).where(Event.kind == "award:edited")).one()
    assert (logged.actor_id, logged.subject_id) == (won.manager.id, award(session).id)


def test_nothing_is_changed_without_a_reason_or_a_change_or_over_somebody_elses(
    session: Session, as_user: AsUser, won: Won
) -> None:
    managing = as_user(won.manager)
    give(managing, won)
    assert change(managing, won, session, amount="900", reason="") == 422
    assert change(managing, won, session) == 422
    assert change(managing, won, session, amount="", thing="") == 422
    assert change(managing, won, session, amount="900", currency="EURO") == 422
    assert session.scalars(select(AwardChange)).all() == []
    assert change(managing, won, session, amount="900") == 303
    assert change(managing, won, session, amount="800") == 409
    assert award(session).amount == 90_000
    assert change(managing, won, session, amount="", currency="", thing="A boat", version="1") == 303
    assert [(part.amount, award(session).thing) for part in parts(session)] == [(None, "A boat")] * 2


def test_a_prize_is_no_longer_changed_once_a_part_is_paid_or_it_is_taken_back(
    session: Session, as_user: AsUser, won: Won
) -> None:
    managing = as_user(won.manager)
    give(managing, won)
    first = parts(session)[0]
    as_user(won.lead).post(f"/awards/{first.public_id}/accept")
    pay(managing, won, first)
    assert change(managing, won, session, amount="900") == 422
    assert "/edit" not in managing.get(f"/calls/{won.call.public_id}/awards").text
    managing.post(f"/calls/{won.call.public_id}/awards/parts/{first.public_id}/unpaid")
    assert change(managing, won, session, amount="900") == 303
    url = f"/calls/{won.call.public_id}/awards/{award(session).public_id}/take-back"
    managing.post(url, data={"reason": "Noted by mistake."})
    assert change(managing, won, session, amount="800", version="1") == 422


def test_only_managers_without_a_stake_change_it(session: Session, as_user: AsUser, won: Won) -> None:
    give(as_user(won.manager), won)
    organization = session.get_one(Organization, won.call.organization_id)
    other = make_member(organization, OrganizationRole.MANAGER)
    with transaction() as writing:
        writing.add(Exclusion(proposal_id=won.proposals[0].id, account_id=other.id, reason="cousin", at=utc_now()))
    for person in (make_member(organization, OrganizationRole.MODERATOR), other, won.lead, make_account()):
        assert change(as_user(person), won, session, amount="900") == 403
    assert award(session).amount == 100_000
