"""After an erasure neither name nor address stands anywhere: in no row, no answer of the site, no mail and no export."""

import itertools
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Text, cast, delete, or_, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.mailing.models import Mail
from crowd.store.db import Base
from tests.conftest import AsUser, Drain
from tests.privacy.conftest import Erase
from tests.privacy.scene import EMAIL, WORDS, Scene, make_everywhere


@pytest.fixture
def scene(session: Session, as_user: AsUser, drain: Drain) -> Scene:
    return make_everywhere(as_user, drain)


def addresses(app: Flask, scene: Scene) -> Iterator[str]:
    """Every address that answers GET, with everything in its places that exists."""
    for rule in app.url_map.iter_rules():
        values = scene.values(rule)
        if "GET" not in (rule.methods or ()) or not rule.arguments <= set(values):
            continue
        names = sorted(rule.arguments)
        for chosen in itertools.product(*(values[name] for name in names)):
            try:
                built = rule.build(dict(zip(names, chosen, strict=True)))
            except ValueError:
                continue
            if built is not None:
                yield built[1]


def telling(client: FlaskClient, addresses: list[str]) -> set[str]:
    found = set()
    for address in addresses:
        response = client.get(address)
        said = response.data + str(response.headers).encode()
        if any(word.encode() in said for word in WORDS):
            found.add(address)
    return found


def rows_naming(session: Session) -> set[str]:
    """Columns of which some row holds the name or the address, of all there are; and the index of the search."""
    session.expire_all()
    found = set()
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            whole = cast(column, Text)
            naming = select(table).where(or_(*(whole.ilike(f"%{word}%") for word in WORDS))).limit(1)
            if session.execute(naming).first() is not None:
                found.add(f"{table.name}.{column.name}")
    return found


def test_no_row_of_the_database_names_an_erased_person(
    session: Session, scene: Scene, erase: Erase, drain: Drain
) -> None:
    named = rows_naming(session)
    assert named >= {
        "accounts.email",
        "accounts.name",
        "award_parts.name",
        "behalf_entries.name",
        "call_invitations.email",
        "credits.name",
        "electors.email",
        "endorsements.text",
        "join_requests.message",
        "jurors.email",
        "late_permits.reason",
        "letter_edits.text",
        "mails.text",
        "organization_invitations.email",
        "team_members.name",
    }
    erase(scene.person)
    drain()
    last = select(Mail).where(Mail.to_email == EMAIL)
    assert [mail.kind for mail in session.scalars(last)] == ["account_erased"]
    session.execute(delete(Mail).where(Mail.kind == "account_erased"))
    session.commit()
    assert rows_naming(session) == set()


@pytest.mark.parametrize(
    "who",
    ["visitor", "owner", *(pytest.param(who, marks=pytest.mark.soak) for who in ("admin", "partner"))],
)
@pytest.mark.one_database
@pytest.mark.timeout(400)
def test_no_answer_of_the_site_names_an_erased_person(
    app: Flask, session: Session, as_user: AsUser, scene: Scene, erase: Erase, drain: Drain, who: str
) -> None:
    client = app.test_client() if who == "visitor" else as_user(getattr(scene, who))
    every = list(dict.fromkeys(addresses(app, scene)))
    portfolio = f"/people/{scene.person.public_id}"
    naming = {
        portfolio,
        f"/proposals/{scene.won.public_id}",
        f"/calls/{scene.decided.public_id}/results",
        f"/calls/{scene.voting.public_id}/comments",
    }
    if who == "owner":
        naming |= {
            f"/calls/{scene.decided.public_id}/awards",
            f"/organizations/{scene.organization.slug}/members",
        }
    assert naming <= set(every)
    assert telling(client, sorted(naming)) == naming
    erase(scene.person)
    drain()
    session.execute(delete(Mail).where(Mail.kind == "account_erased"))
    session.commit()
    assert telling(client, every) == set()
    assert client.get(portfolio).status_code == 404


def test_what_stays_is_a_contributors_in_the_language_of_the_reader(
    app: Flask, session: Session, as_user: AsUser, scene: Scene, erase: Erase
) -> None:
    erase(scene.person)
    pages = (
        f"/proposals/{scene.won.public_id}",
        f"/calls/{scene.decided.public_id}/results",
        f"/calls/{scene.voting.public_id}/comments",
    )
    visitor, lector = app.test_client(), app.test_client()
    lector.post("/language", data={"locale": "es"})
    assert [page for page in pages if "a contributor" not in visitor.get(page).text] == []
    assert [page for page in pages if "una persona colaboradora" not in lector.get(page).text] == []
    ledger = as_user(scene.owner).get(f"/calls/{scene.decided.public_id}/awards").text
    assert "a contributor" in ledger


def test_nothing_leads_from_the_empty_row_back_to_a_person(session: Session, scene: Scene, erase: Erase) -> None:
    before = (scene.person.public_id, scene.person.unsubscribe_key)
    erase(scene.person)
    session.expire_all()
    row = session.get_one(Account, scene.person.id)
    kept = {column.name: getattr(row, column.name) for column in Account.__table__.columns}
    assert row.public_id != before[0]
    assert row.unsubscribe_key != before[1]
    for name in ("public_id", "unsubscribe_key", "created_at", "verified_at", "blocked_at", "erased_at", "name"):
        kept.pop(name)
    assert kept == {
        "id": row.id,
        "email": "",
        "email_folded": f"erased:{row.id}",
        "password_hash": None,
        "bio": "",
        "links": [],
        "orcid": "",
        "language": "en",
        "time_zone": "UTC",
        "is_admin": False,
        "is_demo": False,
        "rehearsal_id": None,
        "profile_public": False,
        "picture_key": None,
        "picture_small_key": None,
        "picture_type": None,
        "seen_at": None,
        "accepted_at": None,
    }
