"""The team: invitations, roles and shares, answering, leaving, and what a stake forbids."""

import re
from functools import partial

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.status import MemberStatus, OrganizationRole, ProposalStatus, StageKind
from crowd.mailing.models import Mail
from crowd.proposals.gates import find_proposal
from crowd.proposals.handlers import adopt_waiting_invitations
from crowd.proposals.models import Declaration, Proposal, TeamMember
from crowd.store.db import transaction, utc_now
from crowd.store.models import Event
from tests.conftest import AsUser
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, make_rules
from tests.proposals.races import at_once, codes
from tests.proposals.test_handing_in import ALL
from tests.proposals.test_writing import WORDS, close_submission

pytestmark = pytest.mark.usefixtures("session")


def link_of(session: Session, email: str) -> str:
    """The path of the newest invitation mailed to this address."""
    text = session.scalars(select(Mail.text).where(Mail.to_email == email).order_by(Mail.id.desc())).first()
    assert text is not None
    found = re.search(r"/team/[\w-]+", text)
    assert found
    return found[0]


def shares(session: Session, proposal: Proposal) -> dict[str, int]:
    rows = session.scalars(select(TeamMember).where(TeamMember.proposal_id == proposal.id))
    return {row.email: row.share for row in rows if row.status in {MemberStatus.PENDING, MemberStatus.ACCEPTED}}


@pytest.fixture
def lead(session: Session) -> Account:
    return make_account("Lea Lead", email="lead@example.org")


@pytest.fixture
def draft(session: Session, lead: Account) -> Proposal:
    return make_proposal(make_call(), lead, status=ProposalStatus.DRAFT)


def invite(client: FlaskClient, proposal: Proposal, email: str, name: str = "Bo", **more: object) -> int:
    data = {"email": email, "name": name} | more
    return client.post(f"/proposals/{proposal.public_id}/team/invite", data=data).status_code


def test_people_shares_order_and_roles_survive_saving_the_draft_and_each_invitation_leaves_once(
    as_user: AsUser, session: Session, lead: Account, draft: Proposal
) -> None:
    client = as_user(lead)
    assert invite(client, draft, "bo@example.org", "Bo Chen", share="25,5", roles=["software"]) == 303
    assert invite(client, draft, "cy@example.org", "Cy Ode", share="20", roles=["investigation", "validation"]) == 303
    members = session.scalars(select(TeamMember).order_by(TeamMember.position)).all()
    ids = [member.id for member in members]
    order = {f"order-{ids[0]}": "3", f"order-{ids[1]}": "1", f"order-{ids[2]}": "2"}
    figures = {f"share-{ids[0]}": "50", f"share-{ids[1]}": "25.5", f"share-{ids[2]}": "24.5"}
    roles = {f"roles-{ids[1]}": ["software"], f"roles-{ids[2]}": ["validation"]}
    assert client.post(f"/proposals/{draft.public_id}/team", data=order | figures | roles).status_code == 303
    client.post(f"/proposals/{draft.public_id}/edit", data=WORDS | {"version": "1"})
    client.post("/sign-out")
    again = as_user(lead)
    again.post(f"/proposals/{draft.public_id}/edit", data=WORDS | {"title": "Once more", "version": "2"})
    assert again.post(f"/proposals/{draft.public_id}/submit", data=ALL | {"version": "3"}).status_code == 303
    stored = session.scalars(select(TeamMember).order_by(TeamMember.position)).all()
    assert [(m.email, m.share, m.roles) for m in stored] == [
        ("bo@example.org", 2550, ["software"]),
        ("cy@example.org", 2450, ["validation"]),
        ("lead@example.org", 5000, []),
    ]
    mails = session.scalars(select(Mail).where(Mail.kind == "team_invitation")).all()
    assert sorted(mail.to_email for mail in mails) == ["bo@example.org", "cy@example.org"]
    assert all(mail.has_secret for mail in mails)
    bo = next(mail for mail in mails if mail.to_email == "bo@example.org")
    assert "Your share: 25.5 %." in bo.text
    assert "Software" in bo.text


def test_without_figures_everybody_gets_the_same_and_it_makes_a_hundred(
    as_user: AsUser, session: Session, lead: Account, draft: Proposal
) -> None:
    client = as_user(lead)
    invite(client, draft, "bo@example.org")
    assert shares(session, draft) == {"lead@example.org": 5000, "bo@example.org": 5000}
    invite(client, draft, "cy@example.org")
    assert shares(session, draft) == {"lead@example.org": 3334, "bo@example.org": 3333, "cy@example.org": 3333}
    link = link_of(session, "bo@example.org")
    as_user(make_account()).post(f"{link}/decline")
    assert shares(session, draft) == {"lead@example.org": 5000, "cy@example.org": 5000}


@pytest.mark.parametrize(("figures", "status"), [(("60", "30"), 422), (("60", "41"), 422), (("x", "40"), 422)])
def test_shares_that_make_no_hundred_are_refused_and_stay_on_the_page(
    as_user: AsUser, session: Session, lead: Account, draft: Proposal, figures: tuple[str, str], status: int
) -> None:
    client = as_user(lead)
    invite(client, draft, "bo@example.org")
    ids = session.scalars(select(TeamMember.id).order_by(TeamMember.position)).all()
    data = {f"share-{ids[0]}": figures[0], f"share-{ids[1]}": figures[1]}
    answer = client.post(f"/proposals/{draft.public_id}/team", data=data)
    assert answer.status_code == status
    assert f'value="{figures[0]}"' in answer.text
    assert f'value="{figures[1]}"' in answer.text
    assert shares(session, draft) == {"lead@example.org": 5000, "bo@example.org": 5000}


def test_until_they_accept_the_invited_are_named_nowhere_but_to_the_lead(
    as_user: AsUser, client: FlaskClient, session: Session, lead: Account
) -> None:
    organization = make_organization()
    call: Call = make_call(organization)
    proposal = make_proposal(call, lead, status=ProposalStatus.ELIGIBLE)
    bo = make_account("Bo Chen", email="bo@example.org")
    assert invite(as_user(lead), proposal, "BO@example.org", "Bo Chen") == 303
    readers = [client, as_user(make_account()), as_user(make_member(organization)), as_user(bo)]
    pages = [f"/proposals/{proposal.public_id}", f"/calls/{call.public_id}/proposals", f"/calls/{call.public_id}"]
    for reader in readers[:3]:
        for page in pages:
            text = reader.get(page).text
            assert "Lea Lead" in text or page == pages[2]
            assert "Bo Chen" not in text
            assert "bo@example.org" not in text.casefold()
    assert "Bo Chen" in as_user(lead).get(f"/proposals/{proposal.public_id}/team").text
    assert as_user(bo).post(f"{link_of(session, 'BO@example.org')}/accept").status_code == 303
    assert "Bo Chen" in client.get(pages[0]).text


def test_handing_in_waits_for_nobody_and_the_invitation_holds_after_the_close_until_the_results(
    as_user: AsUser, session: Session, lead: Account, draft: Proposal
) -> None:
    invite(as_user(lead), draft, "bo@example.org")
    invite(as_user(lead), draft, "cy@example.org")
    assert as_user(lead).post(f"/proposals/{draft.public_id}/submit", data=ALL).status_code == 303
    call = session.get_one(Call, draft.call_id)
    close_submission(call)
    bo, cy = make_account("Bo"), make_account("Cy")
    bo_link, cy_link = link_of(session, "bo@example.org"), link_of(session, "cy@example.org")
    assert as_user(bo).post(f"{bo_link}/accept").status_code == 303
    assert len(session.scalars(select(Declaration).where(Declaration.account_id == bo.id)).all()) == 1
    with transaction(call):
        call.results_published_at = utc_now()
    late = as_user(cy).post(f"{cy_link}/accept")
    assert late.status_code == 403
    assert "The results are published" in late.text
    assert invite(as_user(lead), draft, "late@example.org") == 403
    assert session.scalars(select(Mail).where(Mail.to_email == "late@example.org")).all() == []


def test_an_invitation_needs_no_account_to_be_read_or_declined(
    client: FlaskClient, as_user: AsUser, session: Session, lead: Account, draft: Proposal
) -> None:
    invite(as_user(lead), draft, "bo@example.org", roles=["software"])
    link = link_of(session, "bo@example.org")
    page = client.get(link).text
    assert "A bench around the old tree" in page
    assert "50 %" in page
    assert f"/sign-up?next={link}" in page
    unsigned = client.post(f"{link}/accept")
    assert unsigned.status_code == 303
    assert "/sign-in" in unsigned.headers["Location"]
    assert client.post(f"{link}/decline").status_code == 200
    assert "You have declined." in client.get(link).text
    assert as_user(make_account()).post(f"{link}/accept").status_code == 409
    assert client.get("/team/nothing-like-it").status_code == 404


def test_whose_terms_change_after_accepting_is_asked_again(
    as_user: AsUser, session: Session, lead: Account, draft: Proposal
) -> None:
    bo = make_account("Bo", email="bo@example.org")
    invite(as_user(lead), draft, "bo@example.org")
    as_user(bo).post(f"{link_of(session, 'bo@example.org')}/accept")
    ids = session.scalars(select(TeamMember.id).order_by(TeamMember.position)).all()
    data = {f"share-{ids[0]}": "90", f"share-{ids[1]}": "10"}
    assert as_user(lead).post(f"/proposals/{draft.public_id}/team", data=data).status_code == 303
    assert session.get_one(TeamMember, ids[1]).status is MemberStatus.PENDING
    assert len(session.scalars(select(Mail).where(Mail.to_email == "bo@example.org")).all()) == 2
    assert as_user(bo).post(f"{link_of(session, 'bo@example.org')}/accept").status_code == 303


def test_once_somebody_accepted_a_newcomers_part_comes_out_of_the_leads(
    as_user: AsUser, session: Session, lead: Account, draft: Proposal
) -> None:
    bo = make_account("Bo", email="bo@example.org")
    invite(as_user(lead), draft, "bo@example.org", share="40")
    as_user(bo).post(f"{link_of(session, 'bo@example.org')}/accept")
    assert invite(as_user(lead), draft, "cy@example.org") == 303
    assert shares(session, draft) == {"lead@example.org": 2667, "bo@example.org": 4000, "cy@example.org": 3333}
    assert invite(as_user(lead), draft, "di@example.org", share="30") == 422
    assert session.scalars(select(Mail).where(Mail.to_email == "di@example.org")).all() == []


@pytest.mark.parametrize("email", ["lead@example.org", "LEAD@example.org", "bo@example.org", "not an address"])
def test_nobody_is_invited_twice_and_no_address_that_is_none(
    as_user: AsUser, session: Session, lead: Account, draft: Proposal, email: str
) -> None:
    invite(as_user(lead), draft, "bo@example.org")
    answer = as_user(lead).post(
        f"/proposals/{draft.public_id}/team/invite", data={"email": email, "name": "Kept in the form"}
    )
    assert answer.status_code == 422
    assert "Kept in the form" in answer.text
    assert len(session.scalars(select(TeamMember)).all()) == 2


def test_pressed_twice_at_once_one_invitation_leaves(
    as_user: AsUser, session: Session, lead: Account, draft: Proposal
) -> None:
    clients = [as_user(lead) for _ in range(3)]
    address, data = f"/proposals/{draft.public_id}/team/invite", {"email": "bo@example.org", "name": "Bo"}
    answers = at_once(*(partial(client.post, address, data=data) for client in clients))
    assert codes(answers) == [303, 422, 422]
    assert len(session.scalars(select(Mail)).all()) == 1
    assert shares(session, draft) == {"lead@example.org": 5000, "bo@example.org": 5000}


def test_a_pending_person_has_a_stake_also_under_an_address_confirmed_later(
    as_user: AsUser, session: Session, lead: Account
) -> None:
    organization = make_organization()
    rules = make_rules(StageKind.SUBMISSION, own_people_may_enter=True)
    proposal = make_proposal(make_call(organization, rules), lead, status=ProposalStatus.SUBMITTED)
    invite(as_user(lead), proposal, "mod@example.org")
    moderator = make_member(organization, OrganizationRole.MODERATOR, make_account("Mo", email="mod@example.org"))
    with transaction() as db_session:
        event = Event(kind="account:verified", at=utc_now(), actor_id=moderator.id, subject_id=moderator.id, data={})
        adopt_waiting_invitations(db_session, event)
    found = find_proposal(session, proposal.public_id)
    assert found
    assert moderator.id in found.facts.stake_ids()
    answer = as_user(moderator).post(
        f"/proposals/{proposal.public_id}/screen", data={"outcome": "eligible", "version": "1"}
    )
    assert answer.status_code == 403


def test_the_organizations_own_people_may_not_slip_in_by_an_invitation(
    as_user: AsUser, session: Session, lead: Account
) -> None:
    organization = make_organization()
    proposal = make_proposal(make_call(organization), lead, status=ProposalStatus.DRAFT)
    invite(as_user(lead), proposal, "own@example.org")
    manager = make_member(organization, account=make_account("Own", email="own@example.org"))
    answer = as_user(manager).post(f"{link_of(session, 'own@example.org')}/accept")
    assert answer.status_code == 403
    assert session.scalars(select(TeamMember.status).where(TeamMember.email == "own@example.org")).one() == "pending"


def test_a_member_leaves_and_the_share_goes_back(
    as_user: AsUser, session: Session, lead: Account, draft: Proposal
) -> None:
    bo = make_account("Bo", email="bo@example.org")
    invite(as_user(lead), draft, "bo@example.org", share="30")
    as_user(bo).post(f"{link_of(session, 'bo@example.org')}/accept")
    assert "Leave the team" in as_user(bo).get(f"/proposals/{draft.public_id}/team").text
    member = session.scalars(select(TeamMember).where(TeamMember.account_id == bo.id)).one()
    own = session.scalars(select(TeamMember).where(TeamMember.account_id == lead.id)).one()
    stranger = as_user(make_account())
    assert stranger.post(f"/proposals/{draft.public_id}/team/{member.id}/remove").status_code == 404
    assert as_user(bo).post(f"/proposals/{draft.public_id}/team/{own.id}/remove").status_code == 409
    assert as_user(bo).post(f"/proposals/{draft.public_id}/team/{member.id}/remove").status_code == 303
    assert shares(session, draft) == {"lead@example.org": 10_000}
    assert as_user(bo).get(f"/proposals/{draft.public_id}").status_code == 404


def test_a_new_invitation_ends_the_link_before(
    as_user: AsUser, client: FlaskClient, session: Session, lead: Account, draft: Proposal
) -> None:
    invite(as_user(lead), draft, "bo@example.org")
    first = link_of(session, "bo@example.org")
    member = session.scalars(select(TeamMember.id).where(TeamMember.email == "bo@example.org")).one()
    assert as_user(lead).post(f"/proposals/{draft.public_id}/team/{member}/again").status_code == 303
    assert client.get(first).status_code == 404
    assert client.get(link_of(session, "bo@example.org")).status_code == 200
