"""The team: invitations, roles and shares, answering, leaving, and what a stake forbids."""

import re
from datetime import timedelta
from functools import partial

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.status import MemberStatus, OrganizationRole, ProposalStatus, StageKind
from crowd.mailing.models import Mail
from crowd.notifications.models import Notification
from crowd.proposals.actions.members import ACTIVE, asked_of
from crowd.proposals.gates import find_proposal
from crowd.proposals.handlers import adopt_waiting_invitations
from crowd.proposals.models import Declaration, Proposal, TeamMember
from crowd.store.db import transaction, utc_now
from crowd.store.models import Event
from tests.conftest import AsUser, Drain
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, make_rules
from tests.proposals.races import at_once, codes
from tests.proposals.test_handing_in import ALL
from tests.proposals.test_writing import WORDS, close_submission, hidden

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("session")]


def link_of(session: Session, email: str) -> str:
    """The path of the newest invitation mailed to this address."""
    text = session.scalars(select(Mail.text).where(Mail.to_email == email).order_by(Mail.id.desc())).first()
    assert text is not None
    found = re.search(r"/team/[\w-]+", text)
    assert found
    return found[0]


def shares(session: Session, proposal: Proposal) -> dict[str, int]:
    """As proposed, or else in force."""
    rows = session.scalars(select(TeamMember).where(TeamMember.proposal_id == proposal.id))
    return {row.email: asked_of(row) for row in rows if row.status in ACTIVE}


def in_force(session: Session, proposal: Proposal) -> dict[str, int]:
    rows = session.scalars(select(TeamMember).where(TeamMember.proposal_id == proposal.id))
    return {row.email: row.share for row in rows if row.status is MemberStatus.ACCEPTED}


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
    assert [(m.email, asked_of(m), m.roles) for m in stored] == [
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


def test_a_role_that_there_is_not_and_a_number_of_five_thousand_digits_do_no_harm(
    as_user: AsUser, session: Session, lead: Account, draft: Proposal
) -> None:
    client, address = as_user(lead), f"/proposals/{draft.public_id}/team"
    own = session.scalars(select(TeamMember.id)).one()
    for share, status in (("half", 422), ("100", 303)):
        data = {f"share-{own}": share, f"order-{own}": "9" * 5000, f"roles-{own}": ["NaN", "software"]}
        assert client.post(address, data=data).status_code == status


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


@pytest.mark.both_databases
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


def test_a_team_of_three_agrees_on_its_shares_and_until_then_the_last_ones_stand(
    as_user: AsUser, session: Session, lead: Account, draft: Proposal, drain: Drain
) -> None:
    bo, cy = make_account("Bo", email="bo@example.org"), make_account("Cy", email="cy@example.org")
    for email in ("bo@example.org", "cy@example.org"):
        invite(as_user(lead), draft, email)
    assert in_force(session, draft) == {"lead@example.org": 10_000}
    for person in (bo, cy):
        assert as_user(person).post(f"{link_of(session, person.email)}/accept").status_code == 303
    equal = {"lead@example.org": 3334, "bo@example.org": 3333, "cy@example.org": 3333}
    assert in_force(session, draft) == equal
    team = f"/proposals/{draft.public_id}/team"
    ids = session.scalars(select(TeamMember.id).order_by(TeamMember.position)).all()
    wanted = dict(zip((f"share-{id_}" for id_ in ids), ("50", "30", "20"), strict=True))
    roles = {f"roles-{ids[2]}": ["software"]}
    assert "2 people are asked" in as_user(lead).post(team, data=wanted | roles, follow_redirects=True).text
    drain()
    asked = session.scalars(select(Mail.to_email).where(Mail.kind == "team_question").order_by(Mail.to_email)).all()
    assert asked == ["bo@example.org", "cy@example.org"]
    page = as_user(bo).get(team).text
    assert "Your share: 33.33 % now, 30 % as proposed." in page
    assert as_user(bo).post(f"{team}/agree", data={"terms": hidden(page, "terms")}).status_code == 303
    assert "Until everybody has agreed, the shares agreed last stand." in as_user(bo).get(team).text
    assert in_force(session, draft) == equal
    stale = as_user(cy).post(f"{team}/agree", data={"terms": "3333:"})
    assert stale.status_code == 422
    assert "changed meanwhile" in stale.text
    assert as_user(cy).post(f"{team}/agree", data={"terms": "2000:software"}).status_code == 303
    assert in_force(session, draft) == {"lead@example.org": 5000, "bo@example.org": 3000, "cy@example.org": 2000}
    assert session.scalars(select(TeamMember.roles).where(TeamMember.account_id == cy.id)).one() == ["software"]
    assert as_user(cy).post(f"{team}/agree", data={"terms": "2000:software"}).status_code == 409
    drain()
    told = session.scalars(select(Notification.account_id).where(Notification.kind == "team_changed")).all()
    assert {lead.id, bo.id} <= set(told)


def test_another_change_asks_everybody_again_and_after_the_results_nothing_moves(
    as_user: AsUser, session: Session, lead: Account
) -> None:
    call, bo = make_call(), make_account("Bo", email="bo@example.org")
    proposal = make_proposal(call, lead, status=ProposalStatus.SUBMITTED)
    invite(as_user(lead), proposal, "bo@example.org")
    as_user(bo).post(f"{link_of(session, 'bo@example.org')}/accept")
    close_submission(call)
    team = f"/proposals/{proposal.public_id}/team"
    ids = session.scalars(select(TeamMember.id).order_by(TeamMember.position)).all()
    for own in ("60", "70"):
        data = {f"share-{ids[0]}": own, f"share-{ids[1]}": str(100 - int(own))}
        assert as_user(lead).post(team, data=data).status_code == 303
    assert shares(session, proposal) == {"lead@example.org": 7000, "bo@example.org": 3000}
    assert as_user(bo).post(f"{team}/agree", data={"terms": "4000:"}).status_code == 422
    with transaction(call):
        call.results_published_at = utc_now()
    assert "shares and roles are frozen" in as_user(lead).get(team).text
    for path, data in ((f"{team}/agree", {"terms": "3000:"}), (f"{team}/roles", {"roles": "software"})):
        assert as_user(bo).post(path, data=data).status_code == 403
    assert as_user(lead).post(team, data={f"share-{ids[0]}": "100", f"share-{ids[1]}": "0"}).status_code == 403
    assert in_force(session, proposal) == {"lead@example.org": 5000, "bo@example.org": 5000}


def test_everybody_says_their_own_contribution_and_nobody_that_of_another_alone(
    as_user: AsUser, session: Session, lead: Account, draft: Proposal
) -> None:
    bo = make_account("Bo", email="bo@example.org")
    invite(as_user(lead), draft, "bo@example.org", roles=["software"])
    as_user(bo).post(f"{link_of(session, 'bo@example.org')}/accept")
    team = f"/proposals/{draft.public_id}/team"
    ids = session.scalars(select(TeamMember.id).order_by(TeamMember.position)).all()
    data = {f"share-{ids[0]}": "50", f"share-{ids[1]}": "50", f"roles-{ids[1]}": ["supervision"]}
    as_user(lead).post(team, data=data)
    row = session.get_one(TeamMember, ids[1])
    assert (row.roles, row.asked_roles) == (["software"], ["supervision"])
    assert "Guiding the work" in as_user(bo).get(team).text
    both = {"roles": ["validation", "visualization"]}
    assert as_user(bo).post(f"{team}/roles", data=both).status_code == 303
    session.refresh(row)
    assert (row.roles, row.asked_roles) == (["validation", "visualization"], None)
    assert as_user(make_account()).post(f"{team}/roles", data=both).status_code == 404


@pytest.mark.both_databases
def test_the_lead_is_handed_over_when_the_other_accepts(
    as_user: AsUser, session: Session, lead: Account, draft: Proposal, drain: Drain
) -> None:
    bo = make_account("Bo", email="bo@example.org")
    invite(as_user(lead), draft, "bo@example.org")
    as_user(bo).post(f"{link_of(session, 'bo@example.org')}/accept")
    team = f"/proposals/{draft.public_id}/team"
    place = session.scalars(select(TeamMember.id).where(TeamMember.account_id == bo.id)).one()
    assert as_user(bo).post(f"{team}/{place}/accept-lead").status_code == 409
    assert as_user(lead).post(f"{team}/{place}/offer-lead").status_code == 303
    drain()
    assert session.scalars(select(Mail.to_email).where(Mail.kind == "team_question")).all() == ["bo@example.org"]
    session.refresh(draft)
    assert draft.lead_id == lead.id
    assert as_user(bo).post(f"/proposals/{draft.public_id}/submit", data=ALL).status_code == 409
    assert as_user(bo).post(f"{team}/{place}/accept-lead").status_code == 303
    session.refresh(draft)
    assert draft.lead_id == bo.id
    assert in_force(session, draft) == {"lead@example.org": 5000, "bo@example.org": 5000}
    assert as_user(lead).post(f"{team}/{place}/offer-lead").status_code == 403
    assert as_user(bo).post(f"/proposals/{draft.public_id}/submit", data=ALL).status_code == 303


def test_an_invitation_ends_after_thirty_days_and_a_new_one_begins_anew(
    as_user: AsUser, session: Session, lead: Account, draft: Proposal
) -> None:
    bo = make_account("Bo", email="bo@example.org")
    invite(as_user(lead), draft, "bo@example.org")
    member = session.scalars(select(TeamMember).where(TeamMember.email == "bo@example.org")).one()
    with transaction(member):
        member.expires_at = utc_now() - timedelta(minutes=1)
    link = link_of(session, "bo@example.org")
    assert "Ask Lea Lead to send a new one." in as_user(bo).get(link).text
    late = as_user(bo).post(f"{link}/accept")
    assert late.status_code == 409
    assert "This invitation is over." in late.text
    assert "Invitation over" in as_user(lead).get(f"/proposals/{draft.public_id}/team").text
    as_user(lead).post(f"/proposals/{draft.public_id}/team/{member.id}/again")
    assert as_user(bo).post(f"{link_of(session, 'bo@example.org')}/accept").status_code == 303


def test_who_is_taken_out_is_told_and_the_shares_make_a_hundred_without_them(
    as_user: AsUser, session: Session, lead: Account, draft: Proposal, drain: Drain
) -> None:
    bo = make_account("Bo", email="bo@example.org")
    invite(as_user(lead), draft, "bo@example.org", share="30")
    as_user(bo).post(f"{link_of(session, 'bo@example.org')}/accept")
    invite(as_user(lead), draft, "cy@example.org", share="10")
    places = dict(session.execute(select(TeamMember.email, TeamMember.id)).all())
    withdrawn = f"/proposals/{draft.public_id}/team/{places['cy@example.org']}/remove"
    link = link_of(session, "cy@example.org")
    assert "withdrawn" in as_user(lead).post(withdrawn, follow_redirects=True).text
    assert in_force(session, draft) == shares(session, draft) == {"lead@example.org": 7000, "bo@example.org": 3000}
    assert "This invitation was withdrawn." in as_user(make_account()).get(link).text
    as_user(lead).post(f"/proposals/{draft.public_id}/team/{places['bo@example.org']}/remove")
    assert in_force(session, draft) == {"lead@example.org": 10_000}
    drain()
    mails = session.execute(select(Mail.to_email, Mail.call_id).where(Mail.kind == "team_left")).all()
    assert [tuple(row) for row in mails] == [("bo@example.org", None)]


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


@pytest.mark.both_databases
def test_a_new_invitation_ends_the_link_before(
    as_user: AsUser, client: FlaskClient, session: Session, lead: Account, draft: Proposal
) -> None:
    invite(as_user(lead), draft, "bo@example.org")
    first = link_of(session, "bo@example.org")
    member = session.scalars(select(TeamMember.id).where(TeamMember.email == "bo@example.org")).one()
    assert as_user(lead).post(f"/proposals/{draft.public_id}/team/{member}/again").status_code == 303
    assert client.get(first).status_code == 404
    assert client.get(link_of(session, "bo@example.org")).status_code == 200
