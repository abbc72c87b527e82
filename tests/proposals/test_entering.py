"""Paper entry: staff hand in for somebody without an account, marked so; the person may take it over by a mailed link."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.fields import AnswerKind, CustomField
from crowd.core.status import EntryChannel, MemberStatus, OrganizationRole, ProposalStatus, StageKind
from crowd.mailing.models import Mail
from crowd.organizations.models import Organization
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import BehalfEntry, Proposal, TeamMember
from crowd.store.models import Event
from tests.conftest import AsUser, Drain
from tests.filling import fields_of
from tests.make import (
    make_account,
    make_call,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    move_stages,
)

pytestmark = pytest.mark.usefixtures("session")

PAPER = {
    "person": "Rosa Díaz",
    "channel": "paper",
    "email": "Rosa@Example.org",
    "contact": "555-SECRET",
    "consent": "Signed on the SECRET form",
    "title": "A bench",
    "summary": "Oak.",
    "body": "Round the tree.",
    "language": "es",
    "answer_place": "Under the lime tree",
    "agreed": "y",
}


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def call(organization: Organization) -> Call:
    place = CustomField("place", AnswerKind.SHORT, "Where exactly?", required=True)
    return make_call(organization, make_rules(custom_fields=(place,), paper_days=5))


@pytest.fixture
def moderator(organization: Organization, as_user: AsUser) -> FlaskClient:
    return as_user(make_member(organization, OrganizationRole.MODERATOR))


def enter(clerk: FlaskClient, call: Call, **changes: str) -> tuple[int, str]:
    address = f"/calls/{call.public_id}/enter"
    blank = fields_of(clerk.get(address).text, address)
    answer = clerk.post(address, data=blank | PAPER | changes)
    return answer.status_code, answer.text


def test_what_came_on_paper_is_entered_marked_and_taken_over_by_its_author(
    client: FlaskClient, as_user: AsUser, moderator: FlaskClient, call: Call, drain: Drain, session: Session
) -> None:
    status, page = enter(moderator, call, answer_place="", agreed="", consent="")
    assert status == 422
    for part in ("answer_place", "agreed", "consent"):
        assert f'<a href="#{part}">' in page
    assert 'value="Rosa Díaz"' in page
    assert enter(moderator, call)[0] == 303
    proposal = session.scalars(select(Proposal)).one()
    key = proposal.public_id
    assert (proposal.status, proposal.number, proposal.lead_id) == (ProposalStatus.SUBMITTED, 1, None)
    assert proposal.entered is EntryChannel.PAPER
    for reader in (client, moderator):
        for address in (f"/proposals/{key}", f"/calls/{call.public_id}/proposals"):
            shown = reader.get(address).text
            assert "Rosa Díaz" in shown
            assert "Entered on behalf of the author, on paper" in shown
            assert "SECRET" not in shown
            assert "rosa@" not in shown.lower()
    drain()
    mail = session.scalars(select(Mail).where(Mail.kind == "entry_claim")).one()
    assert (mail.to_email, mail.language) == ("Rosa@Example.org", "es")
    link = re.search(r"/entries/[\w-]+", mail.text)
    assert link
    assert "1" in client.get(link[0]).text
    rosa = make_account("Rosa D.", email="rosa.new@example.org")
    assert client.post(f"{link[0]}/claim").headers["Location"].startswith("/sign-in")
    assert as_user(rosa).post(f"{link[0]}/claim").status_code == 303
    session.refresh(proposal)
    assert proposal.lead_id == rosa.id
    assert as_user(rosa).get(f"/proposals/{key}/edit").status_code == 200
    assert as_user(make_account()).post(f"{link[0]}/claim").status_code == 404
    assert "Entered on behalf of the author, on paper" in client.get(f"/proposals/{key}").text
    kinds = session.scalars(select(Event.kind).where(Event.proposal_id == proposal.id).order_by(Event.id)).all()
    assert kinds == ["proposal:entered", "proposal:submitted", "proposal:claimed"]


def test_whoever_enters_is_on_record_without_a_stake_and_the_person_has_one_by_their_address(
    organization: Organization, as_user: AsUser, call: Call, session: Session
) -> None:
    clerk = make_member(organization, OrganizationRole.MODERATOR)
    rosa = make_account(email="rosa@example.org")
    assert enter(as_user(clerk), call)[0] == 303
    proposal = session.scalars(select(Proposal)).one()
    assert session.scalars(select(BehalfEntry.entered_by_id)).one() == clerk.id
    assert facts_of_proposal(session, proposal).stake_ids() == {rosa.id}
    assert facts_of_proposal(session, proposal).team_ids == frozenset()
    member = session.scalars(select(TeamMember)).one()
    assert (member.account_id, member.status) == (None, MemberStatus.ACCEPTED)
    screened = as_user(clerk).post(
        f"/proposals/{proposal.public_id}/screen",
        data={"outcome": "eligible", "version": str(proposal.version), "code": "", "text": ""},
    )
    assert screened.status_code == 303


def test_entering_ends_some_days_after_the_deadline_and_is_for_staff_alone(
    client: FlaskClient, as_user: AsUser, moderator: FlaskClient, organization: Organization, session: Session
) -> None:
    call = make_call(organization, make_rules(StageKind.SCREENING, paper_days=5))
    address = f"/calls/{call.public_id}/enter"
    for stranger in (as_user(make_account()), as_user(make_member(organization, OrganizationRole.MEMBER))):
        assert stranger.get(address).status_code == 403
        assert stranger.post(address, data=PAPER).status_code == 403
    assert client.get(address).status_code == 303
    move_stages(call, -timedelta(days=4))  # the deadline was a day ago
    assert enter(moderator, call)[0] == 303
    assert enter(moderator, call)[0] == 303  # a second sheet of the same words is another proposal
    move_stages(call, timedelta(days=5))
    refused = moderator.post(address, data=PAPER)
    assert refused.status_code == 403
    assert "can no longer be entered" in refused.text
    assert len(session.scalars(select(Proposal)).all()) == 2


def test_taking_over_holds_to_the_limit_and_waits_until_another_is_withdrawn(
    client: FlaskClient,
    as_user: AsUser,
    moderator: FlaskClient,
    organization: Organization,
    drain: Drain,
    session: Session,
) -> None:
    call = make_call(organization, make_rules(most_as_lead=1, paper_days=5))
    assert enter(moderator, call)[0] == 303
    entered = session.scalars(select(Proposal)).one()
    drain()
    link = re.search(r"/entries/[\w-]+", session.scalars(select(Mail.text).where(Mail.kind == "entry_claim")).one())
    assert link
    rosa = make_account("Rosa D.")
    own, reader = make_proposal(call, rosa, status=ProposalStatus.SUBMITTED), as_user(rosa)
    refused = reader.post(f"{link[0]}/claim")
    assert refused.status_code == 422
    assert "You have handed in as many proposals as one person may (1)." in refused.text
    assert "withdraw another of your proposals first" in refused.text
    session.refresh(entered)
    assert (entered.lead_id, entered.status) == (None, ProposalStatus.SUBMITTED)
    assert "Rosa Díaz" in moderator.get(f"/proposals/{entered.public_id}").text
    desk, page = f"/calls/{call.public_id}/desk", f"/proposals/{entered.public_id}"
    assert "1 proposal entered for somebody cannot be taken over" in moderator.get(desk).text
    assert f'href="{page}"' in moderator.get(desk).text
    assert "The author could not take it over" in moderator.get(page).text
    assert "could not take it over" not in client.get(page).text
    assert reader.post(f"/proposals/{own.public_id}/withdraw", data={"reason": ""}).status_code == 303
    assert reader.post(f"{link[0]}/claim").status_code == 303
    session.refresh(entered)
    assert entered.lead_id == rosa.id
    assert "cannot be taken over" not in moderator.get(desk).text
