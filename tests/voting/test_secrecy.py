"""A secret vote, read by whoever may read most: no way from a voter to a ballot once it is closed."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.status import OrganizationRole
from crowd.voting.models import Ballot, Voter
from tests.conftest import AsUser, Drain
from tests.make import make_account, make_member, move_stages
from tests.voting.conftest import MakeVote
from tests.voting.test_hidden_counts import every_page

SOON = timedelta(days=6)
HOLDING_BALLOTS = {"ballots", "leaves"}


def parts_of(body: bytes) -> Iterator[str]:
    """An answer as text; of packed files each file, and of a bundle each line of its ballots and leaves."""
    if body[:2] != b"PK":
        yield body.decode(errors="replace")
        return
    files = zipfile.ZipFile(io.BytesIO(body))
    for name in files.namelist():
        yield files.read(name).decode(errors="replace")


def everything(clients: Mapping[str, FlaskClient], addresses: list[str]) -> Iterator[tuple[str, str]]:
    for who, client in clients.items():
        for address in addresses:
            with client.get(address) as answer:
                for part in parts_of(answer.data):
                    yield f"{who} {address}", part


def rows_of(session: Session) -> Iterator[tuple[str, str]]:
    """Every row of the database, as text."""
    for table in inspect(session.get_bind()).get_table_names():
        for row in session.execute(text(f'SELECT * FROM "{table}"')).mappings():
            yield table, json.dumps({key: str(value) for key, value in row.items()})


def names_of(account: Account) -> tuple[str, ...]:
    return account.name, account.email, account.public_id


def test_after_the_close_nothing_leads_from_a_voter_to_a_ballot(
    make_vote: MakeVote,
    session: Session,
    client: FlaskClient,
    as_user: AsUser,
    drain: Drain,
    capfd: pytest.CaptureFixture[str],
) -> None:
    vote = make_vote(4, secret=True)
    people = [make_account(f"Unmistakable Voter {n}") for n in range(25)]
    for number, person in enumerate(people):
        voter = as_user(person)
        chosen = [vote.keys[number % 4], vote.keys[(number + 1) % 4]]
        assert voter.post(vote.at("cast"), data={"support": chosen}).status_code == 303
        assert voter.get(vote.at("receipt")).status_code == 200
        assert voter.get(vote.at("receipt.txt")).status_code == 200
    drain()
    pairs = dict(session.execute(select(Voter.account_id, Ballot.leaf).join(Ballot, Ballot.key == Voter.ballot)).all())
    secrets = {leaf for leaf in pairs.values() if leaf} | set(session.scalars(select(Ballot.key)))
    assert len(secrets) == 50
    readers = {
        "visitor": client,
        "manager": as_user(make_member(vote.organization, OrganizationRole.MANAGER)),
        "moderator": as_user(make_member(vote.organization, OrganizationRole.MODERATOR)),
    }
    addresses = [*every_page(client.application, vote, vote.keys[:1])]
    assert any(address.endswith("/ledger/heads.json") for address in addresses)
    reading = {"manager": readers["manager"]}
    told = [where for where, said in everything(reading, addresses) if any(secret in said for secret in secrets)]
    assert told == [], "while the vote is open no page names a ballot but to its voter"

    move_stages(vote.call, SOON)
    drain()
    session.expire_all()
    named = {name for person in people for name in names_of(person)}
    both = set()
    found_in = set()
    for where, said in everything(readers, addresses):
        if any(secret in said for secret in secrets):
            found_in.add(where.rpartition("/")[2])
            both |= {where for name in named if name in said}
    assert both == set()
    assert "bundle.zip" in found_in, "else the test would prove nothing"
    logs = "".join(capfd.readouterr())
    assert [secret for secret in secrets if secret in logs] == []
    tables = {table for table, row in rows_of(session) if any(secret in row for secret in secrets)}
    assert tables == HOLDING_BALLOTS
    for person in people:
        receipt = as_user(person).get(vote.at("receipt"))
        assert "You took part" in receipt.text
        assert not any(secret in receipt.text for secret in secrets)
