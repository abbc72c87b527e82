"""After the results: a winner declines, a reserve moves up."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.status import OrganizationRole
from crowd.mailing.models import Mail
from crowd.organizations.models import Organization
from crowd.proposals.models import Exclusion, Proposal
from crowd.selection.models import Correction, Credit
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser, Drain
from tests.make import make_account, make_member
from tests.selection.test_publish import all_decided, publish, status_of

pytestmark = pytest.mark.one_database


def published(as_user: AsUser, outcomes: str = "SSRRN") -> tuple[Call, list[Proposal], Account]:
    call, proposals, manager = all_decided(outcomes)
    assert publish(as_user(manager), call).status_code == 303
    return call, proposals, manager


def lead_of(session: Session, proposal: Proposal) -> Account:
    return session.get_one(Account, proposal.lead_id)


def decline(client: FlaskClient, proposal: Proposal, reason: str = "We moved to another town.") -> int:
    return client.post(f"/proposals/{proposal.public_id}/decline", data={"reason": reason}).status_code


def settle(client: FlaskClient, call: Call, vacated: Proposal, chosen: Proposal | None, **data: str) -> int:
    name = chosen.public_id if chosen else "nobody"
    fields = {"vacated": vacated.public_id, "chosen": name, **data}
    return client.post(f"/calls/{call.public_id}/results/places", data=fields).status_code


def rows(client: FlaskClient, call: Call) -> list[dict[str, object]]:
    found: list[dict[str, object]] = client.get(f"/calls/{call.public_id}/results.json").get_json()["proposals"]
    return found


def changes(client: FlaskClient, call: Call) -> list[dict[str, object]]:
    """What changed since the publication, as data."""
    found: list[dict[str, object]] = client.get(f"/calls/{call.public_id}/results/changes.json").get_json()["changes"]
    return found


def codes(session: Session, proposal: Proposal) -> dict[str, bool]:
    """Codes of the proposal's credits: do they hold?"""
    rows = session.scalars(select(Credit).where(Credit.proposal_id == proposal.id))
    return {row.code: row.revoked_at is None for row in rows}


def test_the_lead_declines_and_everybody_can_read_it(
    session: Session, client: FlaskClient, as_user: AsUser, drain: Drain
) -> None:
    call, proposals, manager = published(as_user)
    drain()
    lead = as_user(lead_of(session, proposals[0]))
    assert "We moved" not in lead.get(f"/proposals/{proposals[0].public_id}").text
    assert lead.get(f"/proposals/{proposals[0].public_id}/decline").status_code == 200
    assert decline(lead, proposals[0]) == 303
    assert status_of(session, proposals) == ["declined", "selected", "reserve", "reserve", "not_selected"]
    assert list(codes(session, proposals[0]).values()) == [False]
    for page in (f"/proposals/{proposals[0].public_id}", f"/calls/{call.public_id}/results"):
        text = client.get(page).text
        assert "declined by its authors" in text
        assert "We moved to another town." in text
    listed = client.get(f"/calls/{call.public_id}/proposals?status=declined").text
    assert ("Proposal 1" in listed, "Proposal 2" in listed) == (True, False)
    assert rows(client, call)[0]["outcome"] == "declined"
    [change] = changes(client, call)
    assert {name: change[name] for name in ("proposal", "kind", "from", "to", "note", "in_place_of")} == {
        "proposal": proposals[0].public_id,
        "kind": "declined",
        "from": "selected",
        "to": "declined",
        "note": "We moved to another town.",
        "in_place_of": None,
    }
    assert ",declined," in client.get(f"/calls/{call.public_id}/results.csv").text
    code = next(iter(codes(session, proposals[0])))
    certificate = client.get(f"/certificates/{code}").text
    assert "The authors of the proposal declined the place:" in certificate
    assert client.get(f"/certificates/{code}.pdf").status_code == 404
    drain()
    told = {(mail.kind, mail.account_id) for mail in session.scalars(select(Mail)) if mail.kind in NEW}
    assert told == {("selection_declined", proposals[0].lead_id), ("place_free", manager.id)}


NEW = {"selection_declined", "selection_taken_up", "moved_up", "place_free"}


def test_nobody_but_the_lead_of_a_selected_proposal_declines_and_only_with_a_reason(
    session: Session, client: FlaskClient, as_user: AsUser
) -> None:
    _call, proposals, manager = published(as_user)
    lead = lead_of(session, proposals[0])
    reserve = as_user(lead_of(session, proposals[2]))
    assert decline(as_user(manager), proposals[0]) == 403
    assert decline(as_user(make_account()), proposals[0]) == 403
    assert decline(reserve, proposals[2]) == 403
    assert decline(as_user(lead), proposals[0], reason=" ") == 422
    assert status_of(session, proposals)[0] == "selected"
    assert session.scalars(select(Correction)).all() == []


def test_nothing_can_be_declined_before_the_results(session: Session, as_user: AsUser) -> None:
    _call, proposals, _manager = all_decided()
    assert decline(as_user(lead_of(session, proposals[0])), proposals[0]) == 403


@pytest.mark.both_databases
def test_a_declined_place_can_be_taken_up_for_a_day(session: Session, client: FlaskClient, as_user: AsUser) -> None:
    call, proposals, manager = published(as_user)
    lead = as_user(lead_of(session, proposals[0]))
    decline(lead, proposals[0])
    before = codes(session, proposals[0])
    assert "Take the place up" in lead.get(f"/proposals/{proposals[0].public_id}").text
    assert lead.post(f"/proposals/{proposals[0].public_id}/take-up").status_code == 303
    assert status_of(session, proposals)[0] == "selected"
    assert codes(session, proposals[0]) == dict.fromkeys(before, True)
    assert "1 place is free" not in as_user(manager).get(f"/calls/{call.public_id}/results").text
    decline(lead, proposals[0])
    with transaction() as writing:
        writing.execute(update(Correction).values(at=utc_now() - timedelta(hours=24, minutes=1)))
    assert "Take the place up" not in lead.get(f"/proposals/{proposals[0].public_id}").text
    assert lead.post(f"/proposals/{proposals[0].public_id}/take-up").status_code == 409
    assert status_of(session, proposals)[0] == "declined"


def test_the_next_reserve_moves_up_in_one_act(
    session: Session, client: FlaskClient, as_user: AsUser, drain: Drain
) -> None:
    call, proposals, manager = published(as_user)
    lead = as_user(lead_of(session, proposals[0]))
    decline(lead, proposals[0])
    drain()
    managing = as_user(manager)
    assert "1 place of a selected proposal is free." in managing.get("/").text
    page = managing.get(f"/calls/{call.public_id}/results/places").text
    assert "By the ranking “Proposal 3” is next." in page
    assert settle(managing, call, proposals[0], proposals[2], reason="It stood next.") == 303
    assert status_of(session, proposals) == ["declined", "selected", "selected", "reserve", "not_selected"]
    assert proposals[2].outcome_reason == "It stood next."
    assert list(codes(session, proposals[2]).values()) == [True]
    change = changes(client, call)[1]
    assert (change["kind"], change["proposal"], change["in_place_of"]) == (
        "moved_up",
        proposals[2].public_id,
        proposals[0].public_id,
    )
    assert "in place of “Proposal 1”" in client.get(f"/calls/{call.public_id}/results").text
    assert "is free" not in managing.get("/").text
    drain()
    mails = session.scalars(select(Mail).where(Mail.kind == "moved_up")).all()
    assert [mail.account_id for mail in mails] == [proposals[2].lead_id]
    assert "Moved up from the reserve list" in client.get(f"/proposals/{proposals[2].public_id}").text
    assert lead.post(f"/proposals/{proposals[0].public_id}/take-up").status_code == 409


def test_another_than_the_next_moves_up_only_with_a_public_note(session: Session, as_user: AsUser) -> None:
    call, proposals, manager = published(as_user)
    decline(as_user(lead_of(session, proposals[0])), proposals[0])
    managing = as_user(manager)
    assert settle(managing, call, proposals[0], proposals[3]) == 422
    assert status_of(session, proposals)[3] == "reserve"
    assert settle(managing, call, proposals[0], proposals[3], note="Proposal 3 needs a crane we do not have.") == 303
    assert status_of(session, proposals)[3] == "selected"


def test_a_place_is_settled_once(session: Session, as_user: AsUser) -> None:
    call, proposals, manager = published(as_user)
    decline(as_user(lead_of(session, proposals[0])), proposals[0])
    managing = as_user(manager)
    assert settle(managing, call, proposals[0], proposals[2]) == 303
    assert settle(managing, call, proposals[0], proposals[3], note="And this one.") == 409
    assert settle(managing, call, proposals[1], proposals[3], note="And this one.") == 409
    assert status_of(session, proposals)[3] == "reserve"


def test_only_what_stands_in_reserve_moves_up(session: Session, as_user: AsUser) -> None:
    call, proposals, manager = published(as_user)
    decline(as_user(lead_of(session, proposals[0])), proposals[0])
    assert settle(as_user(manager), call, proposals[0], proposals[4], note="We like it.") == 422
    assert status_of(session, proposals)[4] == "not_selected"


def test_a_place_may_stay_empty_with_a_public_note(session: Session, client: FlaskClient, as_user: AsUser) -> None:
    call, proposals, manager = published(as_user)
    lead = as_user(lead_of(session, proposals[0]))
    decline(lead, proposals[0])
    managing = as_user(manager)
    assert settle(managing, call, proposals[0], None) == 422
    assert settle(managing, call, proposals[0], None, note="The money goes to the next call.") == 303
    assert "The money goes to the next call." in client.get(f"/calls/{call.public_id}/results").text
    assert "is free" not in managing.get("/").text
    assert lead.post(f"/proposals/{proposals[0].public_id}/take-up").status_code == 409


def test_a_selection_corrected_away_leaves_a_place_too(session: Session, as_user: AsUser) -> None:
    call, proposals, manager = published(as_user)
    managing = as_user(manager)
    data = {
        "outcome": "not_selected",
        "reason": "It was not own work.",
        "note": "Copied.",
        "version": proposals[0].version,
    }
    assert managing.post(f"/proposals/{proposals[0].public_id}/correction", data=data).status_code == 303
    page = managing.get(f"/calls/{call.public_id}/results/places").text
    assert "A correction took its selection back." in page
    assert settle(managing, call, proposals[0], proposals[2]) == 303
    assert status_of(session, proposals)[:3] == ["not_selected", "selected", "selected"]


def test_whoever_has_a_stake_does_not_move_it_up(session: Session, as_user: AsUser) -> None:
    call, proposals, manager = published(as_user)
    decline(as_user(lead_of(session, proposals[0])), proposals[0])
    with transaction() as writing:
        writing.add(Exclusion(proposal_id=proposals[2].id, account_id=manager.id, reason="cousin", at=utc_now()))
    assert settle(as_user(manager), call, proposals[0], proposals[2]) == 403
    other = make_member(session.get_one(Organization, call.organization_id), OrganizationRole.MANAGER)
    assert settle(as_user(other), call, proposals[0], proposals[2]) == 303


def test_strangers_and_moderators_settle_nothing(session: Session, client: FlaskClient, as_user: AsUser) -> None:
    call, proposals, _manager = published(as_user)
    decline(as_user(lead_of(session, proposals[0])), proposals[0])
    organization = session.get_one(Organization, call.organization_id)
    moderator = make_member(organization, OrganizationRole.MODERATOR)
    for person in (as_user(moderator), as_user(make_account()), as_user(lead_of(session, proposals[2]))):
        assert settle(person, call, proposals[0], proposals[2]) == 403
        assert "is free" not in person.get(f"/calls/{call.public_id}/results").text
    assert settle(client, call, proposals[0], proposals[2]) == 303  # to the sign-in
    assert status_of(session, proposals)[2] == "reserve"
