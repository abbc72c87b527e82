"""Public pages of organizations and people."""

import pytest
from flask.testing import FlaskClient

from crowd.accounts.models import Account
from crowd.core.rules import Audience
from crowd.core.status import CallStatus, OrganizationRole, OrganizationStatus, ProposalStatus
from crowd.organizations.models import Organization
from crowd.selection.models import Credit
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser, CountQueries
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, make_rules

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("session")]


def give_credit(person: Account, title: str = "A pond", audience: Audience = Audience.PUBLIC) -> Organization:
    organization = make_organization()
    call = make_call(organization, rules=make_rules(title=f"Call of {title}", audience=audience))
    proposal = make_proposal(call, person, title=title, status=ProposalStatus.SELECTED)
    with transaction() as session:
        session.add(
            Credit(
                code=f"code-{proposal.id}",
                proposal_id=proposal.id,
                account_id=person.id,
                name=person.name,
                roles=["software", "supervision"],
                share=2500,
                issued_at=utc_now(),
            )
        )
    return organization


def test_a_profile_shows_each_credit_with_its_role_share_and_certificate(client: FlaskClient) -> None:
    person = make_account("Iris Okafor")
    give_credit(person)
    page = client.get(f"/people/{person.public_id}").text
    assert "Software, Supervision" in page
    assert "25 % share" in page
    assert 'href="/certificates/code-' in page


@pytest.mark.parametrize("audience", [Audience.MEMBERS, Audience.UNLISTED])
def test_a_credit_is_shown_only_to_whom_lists_name_its_call(
    client: FlaskClient, as_user: AsUser, audience: Audience
) -> None:
    person = make_account()
    organization = give_credit(person, "A secret garden", audience)
    page = f"/people/{person.public_id}"
    assert "A secret garden" not in client.get(page).text
    assert "A secret garden" not in as_user(make_account()).get(page).text
    for insider in (person, make_member(organization, OrganizationRole.MEMBER)):
        assert "A secret garden" in as_user(insider).get(page).text


def test_a_private_profile_without_credits_is_not_there(client: FlaskClient, as_user: AsUser) -> None:
    person = make_account()
    with transaction(person):
        person.profile_public = False
    assert client.get(f"/people/{person.public_id}").status_code == 404
    assert as_user(person).get(f"/people/{person.public_id}").status_code == 200


def test_a_private_profile_with_credits_shows_the_name_but_not_the_words(client: FlaskClient) -> None:
    person = make_account("Iris Okafor")
    give_credit(person)
    with transaction(person):
        person.profile_public, person.bio = False, "I grow tulips."
    page = client.get(f"/people/{person.public_id}").text
    assert ("Iris Okafor" in page, "tulips" in page) == (True, False)


@pytest.mark.both_databases
def test_an_unconfirmed_or_blocked_person_has_no_page(client: FlaskClient) -> None:
    unverified, blocked = make_account(verified=False), make_account()
    with transaction(blocked):
        blocked.blocked_at = utc_now()
    statuses = [client.get(f"/people/{person.public_id}").status_code for person in (unverified, blocked)]
    assert statuses == [404, 404]


def test_an_organization_that_waits_is_seen_by_its_people_and_admins_alone(
    client: FlaskClient, as_user: AsUser
) -> None:
    organization = make_organization("Night School", status=OrganizationStatus.REQUESTED)
    owner, admin = make_member(organization, OrganizationRole.OWNER), make_account(admin=True)
    path = f"/organizations/{organization.slug}"
    answers = [
        person.get(path).status_code for person in (client, as_user(make_account()), as_user(owner), as_user(admin))
    ]
    assert answers == [404, 404, 200, 200]
    assert "Night School" not in client.get("/organizations").text


def test_the_page_of_an_organization_lists_what_the_reader_may_find(client: FlaskClient, as_user: AsUser) -> None:
    organization = make_organization()
    manager, member = make_member(organization), make_member(organization, OrganizationRole.MEMBER)
    for title, audience, status in (
        ("Public one", Audience.PUBLIC, CallStatus.PUBLISHED),
        ("Members one", Audience.MEMBERS, CallStatus.PUBLISHED),
        ("Unlisted one", Audience.UNLISTED, CallStatus.PUBLISHED),
        ("Draft one", Audience.PUBLIC, CallStatus.DRAFT),
    ):
        make_call(organization, make_rules(title=title, audience=audience), status=status)
    titles = ("Public one", "Members one", "Unlisted one", "Draft one")

    def found(reader: FlaskClient) -> list[str]:
        page = reader.get(f"/organizations/{organization.slug}").text
        return [title for title in titles if title in page]

    assert found(client) == ["Public one"]
    assert found(as_user(member)) == ["Public one", "Members one"]
    assert found(as_user(manager)) == list(titles)


@pytest.mark.parametrize("rows", [1, 3, 40])
def test_the_list_of_organizations_costs_the_same_queries(
    client: FlaskClient, count_queries: CountQueries, rows: int
) -> None:
    for number in range(rows):
        make_call(make_organization(f"Organization {number}"))
    with count_queries() as queries:
        assert client.get("/organizations").status_code == 200
    assert len(queries) == 2


def test_names_that_turn_the_line_are_isolated(client: FlaskClient) -> None:
    person = make_account("عبد الرحمن")
    give_credit(person, "גן 12)")
    page = client.get(f"/people/{person.public_id}").text
    assert "<bdi>عبد الرحمن</bdi>" in page
    assert "<bdi>גן 12)</bdi>" in page
