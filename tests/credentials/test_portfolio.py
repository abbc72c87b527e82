"""The public profile as a portfolio, and what others say of somebody's part."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.rules import Blindness, Publicity
from crowd.core.status import OrganizationRole, StageKind
from crowd.mailing.models import Mail
from crowd.selection.models import Credit, Endorsement
from crowd.store.db import transaction, utc_now
from crowd.store.types import new_public_id
from tests.conftest import AsUser, CountQueries, Drain
from tests.credentials.claiming import Won, claim, won
from tests.make import (
    JURY,
    make_account,
    make_call,
    make_juror,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    open_all,
)

pytestmark = pytest.mark.one_database


@pytest.fixture
def found(session: Session, as_user: AsUser) -> Won:
    return won(session, as_user)


def profile_of(client: FlaskClient, person: Account) -> str:
    return client.get(f"/people/{person.public_id}").text


def test_people_decide_credit_by_credit_what_their_profile_shows(
    session: Session, as_user: AsUser, found: Won, client: FlaskClient
) -> None:
    mine = as_user(found.winner)
    assert found.proposal.title in profile_of(client, found.winner)
    assert mine.post(f"{found.certificate}/hide").status_code == 303
    assert found.proposal.title not in profile_of(client, found.winner)
    assert "Hidden from others." in profile_of(mine, found.winner)
    assert mine.post(f"{found.certificate}/show").status_code == 303
    assert found.proposal.title in profile_of(client, found.winner)


def test_nobody_decides_for_somebody_else(session: Session, as_user: AsUser, found: Won) -> None:
    for act in ("hide", "show", "be-unnamed", "be-named"):
        answers = [
            as_user(person).post(f"{found.certificate}/{act}").status_code for person in (make_account(), found.manager)
        ]
        assert answers == [404, 403]
    session.refresh(found.credit)
    assert (found.credit.on_profile, found.credit.name) == (True, found.winner.name)


def test_people_decide_proposal_by_proposal_what_their_profile_shows_beside_credits(
    session: Session, as_user: AsUser, client: FlaskClient
) -> None:
    author = make_account("Ana")
    idea = make_proposal(make_call(make_organization(), make_rules(StageKind.VOTING)), author, title="A round bench")
    mine, others = as_user(author), (client, as_user(make_account()))
    assert "A round bench" in profile_of(mine, author)
    assert all("A round bench" not in profile_of(other, author) for other in others)
    assert mine.post(f"/proposals/{idea.public_id}/profile/show").status_code == 303
    assert all("A round bench" in profile_of(other, author) for other in others)
    assert as_user(make_account()).post(f"/proposals/{idea.public_id}/profile/hide").status_code == 403
    assert all("A round bench" in profile_of(other, author) for other in others)
    assert mine.post(f"/proposals/{idea.public_id}/profile/hide").status_code == 303
    assert all("A round bench" not in profile_of(other, author) for other in others)


@pytest.mark.parametrize("when", [Publicity.NEVER, Publicity.AFTER_RESULTS])
def test_what_one_may_not_read_stands_on_no_profile(
    session: Session, as_user: AsUser, client: FlaskClient, when: Publicity
) -> None:
    author = make_account("Ana")
    call = make_call(make_organization(), make_rules(StageKind.VOTING, publicity=when))
    idea = make_proposal(call, author, title="A round bench")
    as_user(author).post(f"/proposals/{idea.public_id}/profile/show")
    assert "A round bench" in profile_of(as_user(author), author)
    assert "A round bench" not in profile_of(client, author)


@pytest.mark.both_databases
def test_whoever_reviews_without_knowing_the_authors_finds_nothing_on_their_profiles(
    session: Session, as_user: AsUser, client: FlaskClient
) -> None:
    author, reader = make_account("Ana"), make_account("Rita")
    rules = make_rules(StageKind.REVIEW)
    call = make_call(make_organization(), replace(rules, rounds=(replace(JURY, blindness=Blindness.DOUBLE),)))
    idea = make_proposal(call, author, title="A round bench")
    make_juror(open_all(call, "jury"), reader)
    as_user(author).post(f"/proposals/{idea.public_id}/profile/show")
    assert "A round bench" in profile_of(client, author)
    assert "A round bench" not in profile_of(as_user(reader), author)


def test_a_rehearsal_stands_on_no_profile(session: Session, as_user: AsUser, found: Won, client: FlaskClient) -> None:
    with transaction() as writing:
        writing.merge(found.call).is_rehearsal = True
    assert found.proposal.title not in profile_of(client, found.winner)
    assert found.proposal.title not in profile_of(as_user(found.winner), found.winner)


def test_the_profile_leads_to_the_credential_that_holds(
    session: Session, as_user: AsUser, found: Won, client: FlaskClient
) -> None:
    first, second = (claim(session, as_user(found.winner), found) for _ in range(2))
    page = profile_of(client, found.winner)
    counts = [page.count(f'href="/credentials/{row.public_id}"') for row in (first, second)]
    assert counts == [0, 1]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_profile_costs_the_same_questions_whatever_stands_on_it(
    session: Session, as_user: AsUser, client: FlaskClient, count_queries: CountQueries, rows: int
) -> None:
    person = make_account()
    for _row in range(rows):
        proposal = make_proposal(make_call(), person)
        with transaction() as writing:
            writing.add(
                Credit(
                    code=new_public_id(),
                    proposal_id=proposal.id,
                    account_id=person.id,
                    name=person.name,
                    roles=["software"],
                    share=10_000,
                    issued_at=utc_now(),
                )
            )
    with count_queries() as statements:
        assert client.get(f"/people/{person.public_id}").status_code == 200
    assert len(statements) == 4


@pytest.mark.parametrize(
    ("typed", "status", "kept"),
    [
        ("https://orcid.org/0000-0002-1825-0097", 303, "0000-0002-1825-0097"),
        ("0000-0002-1825-0098", 422, ""),
        ("", 303, ""),
    ],
)
def test_an_orcid_id_is_checked_and_shown_as_a_link(
    session: Session, as_user: AsUser, client: FlaskClient, typed: str, status: int, kept: str
) -> None:
    person = make_account("Iris Okafor")
    data = {"name": "Iris", "language": "en", "time_zone": "UTC", "profile_public": "y", "orcid": typed}
    assert as_user(person).post("/settings", data=data).status_code == status
    session.refresh(person)
    assert person.orcid == kept
    if kept:
        assert f'href="https://orcid.org/{kept}"' in profile_of(client, person)


def test_the_orcid_id_stands_in_the_credential(
    session: Session, as_user: AsUser, found: Won, client: FlaskClient
) -> None:
    with transaction() as writing:
        writing.merge(found.winner).orcid = "0000-0002-1825-0097"
    row = claim(session, as_user(found.winner), found)
    told = client.get(f"/credentials/{row.public_id}.json").get_json()["credentialSubject"]["identifier"]
    assert [each["identityHash"] for each in told if each["identityType"] == "ext:orcid"] == [
        "https://orcid.org/0000-0002-1825-0097"
    ]
    for page in (found.certificate, f"/credentials/{row.public_id}"):
        assert 'href="https://orcid.org/0000-0002-1825-0097"' in client.get(page).text


@pytest.mark.both_databases
def test_the_organization_endorses_and_whoever_it_is_about_takes_it_away_for_good(
    session: Session, as_user: AsUser, found: Won, client: FlaskClient, drain: Drain
) -> None:
    manager, mine = as_user(found.manager), as_user(found.winner)
    data = {"text": "She drew <every> plank herself.", "for_organization": "y"}
    assert manager.post(f"{found.certificate}/endorse", data=data).status_code == 303
    for page in (client.get(found.certificate).text, profile_of(client, found.winner)):
        assert "She drew &lt;every&gt; plank herself." in page
        assert found.organization.name in page
    drain()
    assert session.scalars(select(Mail.account_id).where(Mail.kind == "endorsed")).all() == [found.winner.id]
    row = session.scalars(select(Endorsement)).one()
    assert client.post(f"/endorsements/{row.public_id}/remove").status_code == 303
    assert as_user(make_account()).post(f"/endorsements/{row.public_id}/remove").status_code == 404
    assert "She drew" in client.get(found.certificate).text
    assert mine.post(f"/endorsements/{row.public_id}/remove").status_code == 303
    assert "She drew" not in client.get(found.certificate).text
    assert manager.post(f"{found.certificate}/endorse", data=data).status_code == 422


def test_others_than_managers_and_people_credited_beside_endorse_nothing(
    session: Session, as_user: AsUser, found: Won
) -> None:
    beside = make_account("Bo Lind")
    with transaction() as writing:
        writing.add(
            Credit(
                code=new_public_id(),
                proposal_id=found.proposal.id,
                account_id=beside.id,
                name=beside.name,
                roles=[],
                share=0,
                issued_at=utc_now(),
            )
        )
    moderator = make_member(found.organization, OrganizationRole.MODERATOR)
    data = {"text": "Well done", "for_organization": "y"}
    people = (make_account(), moderator, found.winner, beside)
    answers = [as_user(person).post(f"{found.certificate}/endorse", data=data).status_code for person in people]
    assert answers == [404, 404, 403, 303]
    assert [row.for_organization for row in session.scalars(select(Endorsement))] == [False]
