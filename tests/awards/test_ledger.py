"""The prize ledger: given and split, answered, paid elsewhere and noted, owed for, exported; and seen by whom."""

import io
import zipfile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.awards.models import Award, Obligation
from crowd.core.status import OrganizationRole
from crowd.mailing.models import Mail
from crowd.organizations.models import Organization
from crowd.proposals.models import Exclusion
from crowd.store.db import transaction, utc_now
from tests.awards.giving import Won, award, give, parts, pay, won_call
from tests.conftest import AsUser, Drain
from tests.make import make_account, make_member
from tests.selection.test_publish import all_decided, publish

pytestmark = pytest.mark.one_database


@pytest.fixture
def won(session: Session, as_user: AsUser) -> Won:
    return won_call(session, as_user)


def test_a_prize_is_split_by_the_shares_of_the_team_to_the_cent(
    session: Session, as_user: AsUser, won: Won, drain: Drain
) -> None:
    assert give(as_user(won.manager), won) == 303
    assert [(part.account_id, part.amount, part.state) for part in parts(session)] == [
        (won.lead.id, 66_670, "due"),
        (won.partner.id, 33_330, "due"),
    ]
    drain()
    told = session.scalars(select(Mail).where(Mail.kind == "award_given")).all()
    assert {mail.account_id for mail in told} == {won.lead.id, won.partner.id}
    assert "1,000.00" not in "".join(mail.text for mail in told)


def test_a_thing_in_words_is_a_prize_too_but_nothing_is_none(session: Session, as_user: AsUser, won: Won) -> None:
    managing = as_user(won.manager)
    assert give(managing, won, amount="", thing="") == 422
    assert give(managing, won, amount="12.345") == 422
    assert give(managing, won, currency="EURO") == 422
    assert give(managing, won, currency="") == 422
    assert give(managing, won, amount="", thing="A residency of two weeks") == 303
    assert [(part.amount, part.award_id) for part in parts(session)] == [(None, award(session).id)] * 2


def test_a_prize_goes_from_due_by_accepted_to_paid_with_a_reference(
    session: Session, as_user: AsUser, won: Won, drain: Drain
) -> None:
    managing, lead = as_user(won.manager), as_user(won.lead)
    give(managing, won)
    mine = parts(session)[0]
    assert pay(managing, won, mine) == 409
    assert lead.post(f"/awards/{mine.public_id}/accept").status_code == 303
    assert pay(managing, won, mine, reference="") == 422
    assert pay(managing, won, mine) == 303
    paid = parts(session)[0]
    assert (paid.state, paid.reference, paid.paid_by_id) == ("paid", "Transfer 4711", won.manager.id)
    assert "Transfer 4711" in lead.get("/awards").text
    assert lead.post(f"/awards/{mine.public_id}/decline", data={}).status_code == 409
    drain()
    assert {mail.account_id for mail in session.scalars(select(Mail).where(Mail.kind == "award_paid"))} == {won.lead.id}
    undo = f"/calls/{won.call.public_id}/awards/parts/{mine.public_id}/unpaid"
    assert managing.post(undo).status_code == 303
    assert (parts(session)[0].state, parts(session)[0].paid_at) == ("accepted", None)


def test_a_receiver_declines_and_may_think_again(session: Session, as_user: AsUser, won: Won) -> None:
    managing, partner = as_user(won.manager), as_user(won.partner)
    give(managing, won)
    mine = parts(session)[1]
    assert (
        partner.post(f"/awards/{mine.public_id}/decline", data={"reason": "My employer forbids it."}).status_code == 303
    )
    assert (parts(session)[1].state, parts(session)[0].state) == ("declined", "due")
    assert "My employer forbids it." in managing.get(f"/calls/{won.call.public_id}/awards").text
    assert pay(managing, won, mine) == 409
    assert partner.post(f"/awards/{mine.public_id}/accept").status_code == 303
    assert parts(session)[1].state == "accepted"


def test_receivers_see_their_own_part_only(session: Session, as_user: AsUser, won: Won) -> None:
    give(as_user(won.manager), won)
    lead, partner, stranger = as_user(won.lead), as_user(won.partner), as_user(make_account())
    first, second = parts(session)
    assert ("€666.70" in lead.get("/awards").text, "€333.30" in lead.get("/awards").text) == (True, False)
    assert "€333.30" in partner.get("/awards").text
    assert "No prizes yet" in stranger.get("/awards").text
    for person in (partner, stranger):
        assert person.post(f"/awards/{first.public_id}/accept").status_code == 404
        assert person.get(f"/awards/{first.public_id}/decline").status_code == 404
    for person in (lead, partner, stranger):
        for path in ("/awards", "/awards.csv", "/awards.xlsx"):
            assert person.get(f"/calls/{won.call.public_id}{path}").status_code == 403
    assert [part.state for part in (first, second)] == ["due", "due"]


@pytest.mark.both_databases
def test_the_public_reads_of_a_prize_only_if_the_manager_says_so(
    session: Session, client: FlaskClient, as_user: AsUser, won: Won
) -> None:
    managing = as_user(won.manager)
    give(managing, won)
    page = f"/proposals/{won.proposals[0].public_id}"
    assert "1,000.00" not in client.get(page).text + as_user(won.partner).get(page).text
    show = f"/calls/{won.call.public_id}/awards/{award(session).public_id}/show"
    assert managing.post(show, data={"public": "1"}).status_code == 303
    assert "€1,000.00" in client.get(page).text
    assert "€666.70" not in client.get(page).text
    managing.post(show, data={"public": "0"})
    assert "1,000.00" not in client.get(page).text


@pytest.mark.both_databases
def test_obligations_are_listed_and_ticked_with_the_day(session: Session, as_user: AsUser, won: Won) -> None:
    managing = as_user(won.manager)
    give(managing, won)
    base = f"/calls/{won.call.public_id}/awards"
    url = f"{base}/{award(session).public_id}/obligations"
    assert managing.post(url, data={"text": "", "due_on": ""}).status_code == 422
    assert managing.post(url, data={"text": "Final report", "due_on": "2027-03-01"}).status_code == 303
    one = session.scalars(select(Obligation)).one()
    assert "by 1 March 2027" in as_user(won.lead).get("/awards").text
    assert managing.post(f"{base}/obligations/{one.public_id}/met").status_code == 303
    session.expire_all()
    assert (one.done_by_id, one.done_at is not None) == (won.manager.id, True)
    assert managing.post(f"{base}/obligations/{one.public_id}/open").status_code == 303
    session.expire_all()
    assert (one.done_by_id, one.done_at) == (None, None)


@pytest.mark.both_databases
def test_a_prize_is_taken_back_with_a_reason_while_nothing_is_paid(session: Session, as_user: AsUser, won: Won) -> None:
    managing, lead = as_user(won.manager), as_user(won.lead)
    give(managing, won)
    url = f"/calls/{won.call.public_id}/awards/{award(session).public_id}/take-back"
    assert managing.post(url, data={"reason": ""}).status_code == 422
    assert managing.post(url, data={"reason": "Noted for the wrong proposal."}).status_code == 303
    assert "Noted for the wrong proposal." in lead.get("/awards").text
    lead.post(f"/awards/{parts(session)[0].public_id}/accept")
    assert parts(session)[0].state == "due"
    give(managing, won, title="Second try")
    second = parts(session)[2]
    lead.post(f"/awards/{second.public_id}/accept")
    pay(managing, won, second)
    again = session.scalars(select(Award).where(Award.title == "Second try")).one()
    url = f"/calls/{won.call.public_id}/awards/{again.public_id}/take-back"
    assert managing.post(url, data={"reason": "No."}).status_code == 422


def test_nothing_is_accepted_or_paid_once_the_place_is_declined(session: Session, as_user: AsUser, won: Won) -> None:
    managing, lead = as_user(won.manager), as_user(won.lead)
    give(managing, won)
    first = parts(session)[0]
    lead.post(f"/awards/{first.public_id}/accept")
    lead.post(f"/proposals/{won.proposals[0].public_id}/decline", data={"reason": "No time."})
    assert pay(managing, won, first) == 422
    as_user(won.partner).post(f"/awards/{parts(session)[1].public_id}/accept")
    assert [part.state for part in parts(session)] == ["accepted", "due"]
    assert give(managing, won) == 403


def test_only_managers_without_a_stake_give_and_settle(session: Session, as_user: AsUser, won: Won) -> None:
    organization = session.get_one(Organization, won.call.organization_id)
    moderator = make_member(organization, OrganizationRole.MODERATOR)
    other = make_member(organization, OrganizationRole.MANAGER)
    with transaction() as writing:
        writing.add(Exclusion(proposal_id=won.proposals[0].id, account_id=other.id, reason="cousin", at=utc_now()))
    for person in (moderator, other, won.lead, make_account()):
        assert give(as_user(person), won) == 403
    assert give(as_user(won.manager), won) == 303
    as_user(won.lead).post(f"/awards/{parts(session)[0].public_id}/accept")
    assert pay(as_user(other), won, parts(session)[0]) == 403
    assert pay(as_user(moderator), won, parts(session)[0]) == 403
    url = f"/calls/{won.call.public_id}/awards/{award(session).public_id}/take-back"
    assert as_user(other).post(url, data={"reason": "No."}).status_code == 403
    assert parts(session)[0].state == "accepted"


def test_a_prize_of_another_call_is_not_found(session: Session, as_user: AsUser, won: Won) -> None:
    give(as_user(won.manager), won)
    call, _proposals, manager = all_decided("SSN")
    foreign = as_user(manager)
    publish(foreign, call)
    part, prize = parts(session)[0], award(session)
    assert foreign.post(f"/calls/{call.public_id}/awards/parts/{part.public_id}/unpaid").status_code == 404
    assert foreign.post(f"/calls/{call.public_id}/awards/{prize.public_id}/show").status_code == 404


def test_the_ledger_is_taken_out_as_a_table(session: Session, as_user: AsUser, won: Won) -> None:
    managing = as_user(won.manager)
    give(managing, won, title="=1+1")
    text = managing.get(f"/calls/{won.call.public_id}/awards.csv").text
    lines = [line.split(",") for line in text.splitlines()]
    assert (lines[0][6:10], len(lines)) == (["receiver", "share", "amount", "state"], 3)
    assert (lines[1][2], lines[1][6:10]) == ("'=1+1", [won.lead.name, "66.67", "666.70", "due"])
    book = managing.get(f"/calls/{won.call.public_id}/awards.xlsx")
    names = zipfile.ZipFile(io.BytesIO(book.data)).namelist()
    assert "xl/worksheets/sheet1.xml" in names
