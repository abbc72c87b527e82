"""The people of an organization: invited by mail, appointed, removed; there is always an owner."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.status import OrganizationRole
from crowd.mailing.models import Mail
from crowd.organizations.models import Membership, Organization, OrganizationInvitation
from crowd.store.db import transaction, utc_now
from tests.make import make_account, make_member, make_organization

AsUser = Callable[[Account], FlaskClient]
OWNER, MANAGER, MODERATOR, MEMBER = OrganizationRole


def roles(session: Session, organization: Organization) -> dict[str, OrganizationRole]:
    rows = session.execute(
        select(Account.public_id, Membership.role)
        .join(Account, Membership.account_id == Account.id)
        .where(Membership.organization_id == organization.id)
    )
    return dict(iter(rows))


def invite(client: FlaskClient, organization: Organization, email: str, role: OrganizationRole = MANAGER) -> int:
    path = f"/organizations/{organization.slug}/members"
    return client.post(path, data={"email": email, "role": role.value}).status_code


def newest_link(session: Session, kind: str = "organization_invitation") -> str:
    text = session.scalars(select(Mail.text).where(Mail.kind == kind).order_by(Mail.id.desc())).first()
    found = re.search(r"http://localhost(/\S+(?:invitations|link)/\S+|/link/\S+)", text or "")
    assert found is not None
    return found[1]


PAGES = {
    OWNER: {"view": 200, "invite": 303},
    MANAGER: {"view": 200, "invite": 403},
    MODERATOR: {"view": 200, "invite": 403},
    MEMBER: {"view": 200, "invite": 403},
    None: {"view": 403, "invite": 403},
}


@pytest.mark.parametrize("role", PAGES)
def test_members_see_each_other_and_owners_invite(
    as_user: AsUser, session: Session, role: OrganizationRole | None
) -> None:
    organization = make_organization()
    make_member(organization, OWNER, make_account("The Owner", email="owner@demo.example"))
    client = as_user(make_member(organization, role) if role else make_account())
    page = client.get(f"/organizations/{organization.slug}/members")
    assert page.status_code == PAGES[role]["view"]
    assert ("owner@demo.example" in page.text) is (role is OWNER)
    assert invite(client, organization, "new@demo.example") == PAGES[role]["invite"]
    assert len(session.scalars(select(OrganizationInvitation)).all()) == (1 if role is OWNER else 0)


def test_an_invited_person_with_an_account_accepts(as_user: AsUser, session: Session) -> None:
    organization = make_organization()
    owner = as_user(make_member(organization, OWNER))
    guest = make_account("Guest", email="guest@demo.example")
    assert invite(owner, organization, "Guest@demo.example") == 303
    link, client = newest_link(session), as_user(guest)
    assert "You would be one of its managers" in client.get(link).text
    assert client.post(f"{link}/accept").headers["Location"] == f"/organizations/{organization.slug}"
    assert roles(session, organization)[guest.public_id] is MANAGER
    assert client.get(link).status_code == 410


def test_an_invited_person_without_an_account_signs_up_and_comes_back(
    app: Flask, as_user: AsUser, session: Session
) -> None:
    organization = make_organization()
    invite(as_user(make_member(organization, OWNER)), organization, "guest@demo.example", MEMBER)
    link, guest = newest_link(session), app.test_client()
    page = guest.get(link).text
    assert f"/sign-up?next={link}&amp;email=guest@demo.example" in page.replace("%2F", "/").replace("%40", "@")
    data = {"name": "Guest", "email": "guest@demo.example", "password": "a quiet garden", "accept": "y", "next": link}
    guest.post("/sign-up", data=data)
    assert guest.post(newest_link(session, "verify")).headers["Location"] == link
    guest.post(f"{link}/accept")
    assert list(roles(session, organization).values()).count(MEMBER) == 1


def test_accepting_proves_the_address_it_was_sent_to_and_no_other(as_user: AsUser, session: Session) -> None:
    organization = make_organization()
    owner = as_user(make_member(organization, OWNER))
    same = make_account("Same", email="guest@demo.example", verified=False)
    other = make_account("Other", email="other@demo.example", verified=False)
    for address, account, proven in (("guest@demo.example", same, True), ("third@demo.example", other, False)):
        invite(owner, organization, address)
        as_user(account).post(f"{newest_link(session)}/accept")
        session.refresh(account)
        assert (account.verified_at is not None) is proven


def test_a_link_is_for_the_signed_in_when_accepting(client: FlaskClient, as_user: AsUser, session: Session) -> None:
    organization = make_organization()
    invite(as_user(make_member(organization, OWNER)), organization, "guest@demo.example")
    answer = client.post(f"{newest_link(session)}/accept")
    assert (answer.status_code, answer.headers["Location"].startswith("/sign-in?next=")) == (303, True)


def test_an_invitation_grows_old_is_sent_again_and_the_old_link_stays_dead(as_user: AsUser, session: Session) -> None:
    organization = make_organization()
    owner, guest = as_user(make_member(organization, OWNER)), as_user(make_account("Guest"))
    invite(owner, organization, "guest@demo.example")
    old = newest_link(session)
    with transaction() as writing:
        writing.execute(update(OrganizationInvitation).values(expires_at=utc_now()))
    assert guest.post(f"{old}/accept").status_code == 410
    public_id = session.scalars(select(OrganizationInvitation.public_id)).one()
    owner.post(f"/organizations/{organization.slug}/invitations/{public_id}/resend")
    assert guest.get(old).status_code == 404
    assert guest.post(f"{newest_link(session)}/accept").status_code == 303


def test_a_withdrawn_or_declined_invitation_lets_nobody_in(
    client: FlaskClient, as_user: AsUser, session: Session
) -> None:
    organization = make_organization()
    owner, guest = as_user(make_member(organization, OWNER)), make_account("Guest")
    invite(owner, organization, "one@demo.example")
    withdrawn = newest_link(session)
    public_id = session.scalars(select(OrganizationInvitation.public_id)).one()
    owner.post(f"/organizations/{organization.slug}/invitations/{public_id}/withdraw")
    invite(owner, organization, "two@demo.example")
    declined = newest_link(session)
    assert client.post(f"{declined}/decline").status_code == 303
    for link in (withdrawn, declined):
        assert as_user(guest).post(f"{link}/accept").status_code == 410
    assert guest.public_id not in roles(session, organization)


def test_nobody_is_invited_twice(as_user: AsUser, session: Session) -> None:
    organization = make_organization()
    owner = as_user(make_member(organization, OWNER))
    member = make_member(organization, MEMBER)
    assert invite(owner, organization, "guest@demo.example") == 303
    assert invite(owner, organization, "GUEST@demo.example") == 422
    assert invite(owner, organization, member.email) == 422
    assert len(session.scalars(select(Mail)).all()) == 1


def test_only_the_hash_of_an_invitation_is_kept(as_user: AsUser, session: Session) -> None:
    organization = make_organization()
    invite(as_user(make_member(organization, OWNER)), organization, "guest@demo.example")
    token = newest_link(session).rsplit("/", 1)[1]
    assert token not in str(vars(session.scalars(select(OrganizationInvitation)).one()))


def test_an_owner_appoints_and_removes(as_user: AsUser, session: Session) -> None:
    organization = make_organization()
    owner, member = as_user(make_member(organization, OWNER)), make_member(organization, MEMBER)
    path = f"/organizations/{organization.slug}/members/{member.public_id}"
    owner.post(f"{path}/role", data={"role": "moderator"})
    assert roles(session, organization)[member.public_id] is MODERATOR
    owner.post(f"{path}/remove")
    assert member.public_id not in roles(session, organization)


@pytest.mark.parametrize("role", [MANAGER, MODERATOR, MEMBER, None])
def test_nobody_else_appoints_or_removes(as_user: AsUser, session: Session, role: OrganizationRole | None) -> None:
    organization = make_organization()
    owner = make_member(organization, OWNER)
    account = make_member(organization, role) if role else make_account()
    path = f"/organizations/{organization.slug}/members"
    client = as_user(account)
    assert client.post(f"{path}/{owner.public_id}/remove").status_code == 403
    assert client.post(f"{path}/{owner.public_id}/role", data={"role": "member"}).status_code == 403
    assert client.post(f"{path}/{account.public_id}/role", data={"role": "owner"}).status_code == 403
    assert roles(session, organization)[owner.public_id] is OWNER


def test_the_last_owner_stays(as_user: AsUser, session: Session) -> None:
    organization = make_organization()
    account = make_member(organization, OWNER)
    owner, path = as_user(account), f"/organizations/{organization.slug}"
    for answer in (
        owner.post(f"{path}/members/{account.public_id}/role", data={"role": "member"}),
        owner.post(f"{path}/members/{account.public_id}/remove"),
        owner.post(f"{path}/leave"),
    ):
        assert (answer.status_code, "make somebody else an owner first" in answer.text) == (409, True)
        assert "People and roles" in answer.text
    other = make_member(organization, OWNER)
    assert owner.post(f"{path}/leave").status_code == 303
    assert roles(session, organization) == {other.public_id: OWNER}


def test_a_member_leaves(as_user: AsUser, session: Session) -> None:
    organization = make_organization()
    make_member(organization, OWNER)
    member = make_member(organization, MEMBER)
    as_user(member).post(f"/organizations/{organization.slug}/leave")
    assert member.public_id not in roles(session, organization)


def test_another_organizations_people_and_invitations_are_out_of_reach(as_user: AsUser, session: Session) -> None:
    mine, theirs = make_organization("Mine"), make_organization("Theirs")
    owner = as_user(make_member(mine, OWNER))
    victim = make_member(theirs, OWNER)
    invite(as_user(victim), theirs, "guest@demo.example")
    public_id = session.scalars(select(OrganizationInvitation.public_id)).one()
    assert owner.post(f"/organizations/{mine.slug}/members/{victim.public_id}/remove").status_code == 404
    assert owner.post(f"/organizations/{mine.slug}/invitations/{public_id}/withdraw").status_code == 404


def test_managers_see_how_mails_went_but_no_private_link(as_user: AsUser, session: Session) -> None:
    organization = make_organization()
    invite(as_user(make_member(organization, OWNER)), organization, "guest@demo.example")
    link, path = newest_link(session), f"/organizations/{organization.slug}/mails"
    page = as_user(make_member(organization, MANAGER)).get(path)
    assert (page.status_code, "guest@demo.example" in page.text, link in page.text) == (200, True, False)
    assert as_user(make_member(organization, MODERATOR)).get(path).status_code == 403
    other = as_user(make_member(make_organization("Other"), OWNER))
    public_id = session.scalars(select(Mail.public_id)).one()
    slug = session.scalars(select(Organization.slug).where(Organization.name == "Other")).one()
    assert other.post(f"/organizations/{slug}/mails/{public_id}/resend").status_code == 404
    assert "guest@demo.example" not in other.get(f"/organizations/{slug}/mails").text


def test_managers_do_not_learn_who_keeps_a_draft_is_asked_to_join_or_voted(as_user: AsUser, session: Session) -> None:
    organization = make_organization()
    manager = as_user(make_member(organization, MANAGER))
    kinds = ("deadline_near", "team_invitation", "candidate_added", "schedule_shifted", "outcome")
    with transaction() as writing:
        mails = {kind: mail_of(kind, organization) for kind in kinds}
        writing.add_all(mails.values())
    page, path = (
        manager.get(f"/organizations/{organization.slug}/mails").text,
        f"/organizations/{organization.slug}/mails",
    )
    assert [kind for kind in kinds if f"{kind}@demo.example" in page] == ["outcome"]
    assert [manager.post(f"{path}/{mails[kind].public_id}/resend").status_code for kind in kinds] == [404] * 4 + [303]


def mail_of(kind: str, organization: Organization) -> Mail:
    now = utc_now()
    return Mail(
        kind=kind,
        to_email=f"{kind}@demo.example",
        organization_id=organization.id,
        language="en",
        subject=kind,
        text=f"About {kind}.",
        html="",
        created_at=now,
        due_at=now,
    )
