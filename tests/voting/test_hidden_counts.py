"""While counts are hidden, no answer to anybody depends on the votes: not a page, an order, a figure, a file."""

import io
import random
import re
import zipfile
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter

from crowd.accounts.models import Account
from crowd.core.status import OrganizationRole, StageKind
from crowd.core.tally.choices import Choices
from crowd.desk.commands import Sort as DeskSort
from crowd.organizations.gates import actor_of
from crowd.proposals.models import Proposal
from crowd.store.db import transaction, utc_now
from crowd.voting.actions import cast_ballot
from tests.conftest import AsUser, Drain
from tests.make import make_account, make_call, make_member, make_proposal, make_rules, open_all, round_row
from tests.voting.conftest import MakeVote, Vote

MOVING = (
    (re.compile(rb'name="csrf_token" value="[^"]*"'), b"(token)"),
    (re.compile(rb"<time[^>]*>.*?</time>", re.DOTALL), b"(time)"),
    (re.compile(rb"DTSTAMP:\S+"), b"(time)"),
    (re.compile(rb"[^\n]*:(data_)?exported[^\n]*\n"), b""),  # who takes something along reads that they did
)


def every_page(app: Flask, vote: Vote, proposals: list[str]) -> Iterator[str]:
    """Every address of the application over what this vote has: pages, exports, data, calendars."""
    of = {"slug": [vote.organization.slug], "key": ["crowd", "jury"], "proposal_id": vote.keys[:1]}
    of |= {"calls": [vote.call_key], "proposals": proposals}
    for rule in app.url_map.iter_rules():
        first = rule.rule.split("/")[1]
        spans = {
            name: sorted(converter.items)
            if isinstance(converter, AnyConverter)
            else of.get(first if name == "public_id" else name, [])
            for name, converter in rule._converters.items()
        }
        if "GET" in (rule.methods or ()) and first != "styleguide":
            with app.test_request_context():
                for chosen in product(*spans.values()):
                    values: dict[str, Any] = dict(zip(spans, chosen, strict=True))
                    yield app.url_for(rule.endpoint, **values)


def every_order(vote: Vote) -> Iterator[str]:
    call = f"/calls/{vote.call_key}"
    sorts = ("newest", "supported", "shuffled&seed=one")
    yield "/calls?q=garden&sort=newest"
    yield from (f"{call}/proposals?sort={sort}&view={view}" for sort in sorts for view in ("list", "cards"))
    yield from (f"{call}/desk/proposals?sort={sort}" for sort in DeskSort)


def as_read(address: str, body: bytes) -> object:
    """What a person would see: without tokens and times, and of packed files what is in them."""
    if body[:2] == b"PK":
        files = zipfile.ZipFile(io.BytesIO(body))
        return {name: as_read("", files.read(name)) for name in files.namelist() if name != "docProps/core.xml"}
    for pattern, word in MOVING:
        body = pattern.sub(word, body)
    return body


def answers(client: FlaskClient, addresses: list[str]) -> dict[str, tuple[int, object]]:
    found = {}
    for address in addresses:
        with client.get(address) as answer:
            found[address] = (answer.status_code, as_read(address, answer.data))
    return found


def again(said: dict[str, tuple[int, object]]) -> list[str]:
    """All that was shown, and of the many refusals, which differ by their words alone, a third."""
    refused = [address for address, (status, _) in said.items() if status != 200]
    return [*(address for address in said if address not in refused), *random.sample(refused, len(refused) // 3)]


def cast_lopsided(session: Session, vote: Vote, voters: list[Account]) -> None:
    """The last proposal gets all, the first few: any order by votes would turn the list round."""
    for number, voter in enumerate(voters):
        chosen = {vote.keys[-1]: 1} | ({vote.keys[0]: 1} if number % 5 == 0 else {})
        with transaction() as write:
            actor = actor_of(write, voter.id)
            cast_ballot(write, round_row(vote.call), Choices(chosen), actor=actor, clock=utc_now)


@pytest.mark.parametrize("who", ["visitor", pytest.param("contributor", marks=pytest.mark.soak), "manager"])
@pytest.mark.one_database
def test_twenty_ballots_change_no_answer(
    make_vote: MakeVote, session: Session, client: FlaskClient, as_user: AsUser, drain: Drain, who: str
) -> None:
    vote = make_vote(4, secret=True)
    contributor = make_account("Eve Contributor")
    vote.proposals.append(make_proposal(vote.call, contributor, title="Own"))
    manager = make_member(vote.organization, OrganizationRole.MANAGER)
    voters = [make_account(f"Voter {n}") for n in range(20)]
    reader = client if who == "visitor" else as_user({"contributor": contributor, "manager": manager}[who])
    drain()
    reader.get(vote.url)  # makes the order that is kept in the browser
    addresses = [*every_page(client.application, vote, [vote.keys[0], vote.keys[-1]]), *every_order(vote)]
    before = answers(reader, addresses)
    cast_lopsided(session, vote, voters)
    drain()
    after = answers(reader, again(before))
    assert [address for address, said in after.items() if before[address] != said] == []
    read = sum(status == 200 for status, _ in before.values())
    assert read > {"visitor": 25, "contributor": 40, "manager": 70}[who]


def test_open_counts_do_change_them(make_vote: MakeVote, session: Session, as_user: AsUser, drain: Drain) -> None:
    """Else the test above would prove nothing."""
    vote = make_vote(4, hidden_counts=False)
    client = as_user(make_member(vote.organization, OrganizationRole.MANAGER))
    voters = [make_account(f"Voter {n}") for n in range(20)]
    drain()
    call = f"/calls/{vote.call_key}"
    exports = [f"{call}/desk/proposals.{kind}" for kind in ("csv", "xlsx", "zip")]
    addresses = [f"{call}/rounds/crowd", f"{call}/dates.ics", *exports, *every_order(vote)]
    before = answers(client, addresses)
    cast_lopsided(session, vote, voters)
    drain()
    after = answers(client, addresses)
    changed = {address.removeprefix(call) for address in before if after[address] != before[address]}
    assert "/dates.ics" not in changed
    assert "/rounds/crowd" in changed
    assert "/proposals?sort=supported&view=list" in changed
    assert {f"/desk/proposals{rest}" for rest in ("?sort=supports", ".csv", ".xlsx", ".zip")} <= changed
    page = str(after[f"{call}/proposals?sort=supported&view=list"][1])
    order = [page.index(key) for key in vote.keys]
    assert min(order) == order[-1]


def test_ballot_and_list_have_the_same_order_of_ones_own(session: Session, client: FlaskClient) -> None:
    call = make_call(rules=make_rules(StageKind.VOTING))
    rows: list[Proposal] = [make_proposal(call, title=f"Proposal {n}") for n in range(8)]
    keys = [row.public_id for row in rows]
    open_all(call)
    key = call.public_id
    ballot, listing = client.get(f"/calls/{key}/vote").text, client.get(f"/calls/{key}/proposals").text
    on_ballot = sorted(keys, key=lambda k: ballot.index(f'value="{k}"'))
    assert sorted(keys, key=lambda k: listing.index(f"/proposals/{k}")) == on_ballot
