"""While counts are hidden, no answer to anybody depends on the votes: not a page, an order, a figure, a file."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.status import OrganizationRole, StageKind
from crowd.organizations.gates import actor_of
from crowd.proposals.models import Proposal
from crowd.store.db import transaction, utc_now
from crowd.voting.actions import cast_ballot
from crowd.voting.commands import Choices
from tests.conftest import AsUser, Drain
from tests.make import make_account, make_call, make_member, make_proposal, make_rules, open_all, round_row
from tests.voting.conftest import MakeVote, Vote

MOVING = (
    (re.compile(rb'name="csrf_token" value="[^"]*"'), b"(token)"),
    (re.compile(rb"<time[^>]*>.*?</time>", re.DOTALL), b"(time)"),
)


def addresses(vote: Vote) -> Iterator[str]:
    call = f"/calls/{vote.call_key}"
    yield from ("/", "/calls", "/calls?q=garden&sort=newest", f"/organizations/{vote.organization.slug}")
    yield from (call, f"{call}/history", f"{call}/rules", f"{call}/rounds/crowd", f"{call}/vote", f"{call}/screening")
    yield from (
        f"{call}/results",
        f"{call}/results.json",
        f"{call}/results.csv",
        f"{call}/decisions",
        f"{call}/reviews",
    )
    yield from (
        f"{call}/proposals?{query}" for query in ("", "sort=newest", "sort=supported", "sort=shuffled&seed=one")
    )
    yield from (f"{call}/proposals?view=cards", f"{call}/schedule", f"{call}/rounds/jury", f"{call}/rounds/jury/field")
    yield from (f"/proposals/{key}" for key in vote.keys)
    yield from (f"/proposals/{key}/history" for key in vote.keys)


def answers(client: FlaskClient, vote: Vote) -> dict[str, tuple[int, bytes]]:
    found = {}
    for address in addresses(vote):
        answer = client.get(address)
        body = answer.data
        for pattern, word in MOVING:
            body = pattern.sub(word, body)
        found[address] = (answer.status_code, body)
    return found


def cast_lopsided(session: Session, vote: Vote, voters: list[Account]) -> None:
    """The last proposal gets all, the first few: any order by votes would turn the list round."""
    for number, voter in enumerate(voters):
        chosen = {vote.keys[-1]: 1} | ({vote.keys[0]: 1} if number % 5 == 0 else {})
        with transaction() as write:
            actor = actor_of(write, voter.id)
            cast_ballot(write, round_row(vote.call), Choices(chosen), actor=actor, clock=utc_now)


@pytest.mark.parametrize("who", ["visitor", "contributor", "manager"])
def test_twenty_ballots_change_no_answer(
    make_vote: MakeVote, session: Session, client: FlaskClient, as_user: AsUser, drain: Drain, who: str
) -> None:
    vote = make_vote(4)
    contributor = make_account("Eve Contributor")
    vote.proposals.append(make_proposal(vote.call, contributor, title="Own"))
    manager = make_member(vote.organization, OrganizationRole.MANAGER)
    voters = [make_account(f"Voter {n}") for n in range(20)]
    reader = {"visitor": client, "contributor": as_user(contributor), "manager": as_user(manager)}[who]
    drain()
    answers(reader, vote)  # what the first look makes (an order kept in the browser) is there now
    before = answers(reader, vote)
    cast_lopsided(session, vote, voters)
    drain()
    after = answers(reader, vote)
    assert {address: after[address] == before[address] for address in before} == dict.fromkeys(before, True)
    assert sum(status == 200 for status, _ in before.values()) > 10


def test_open_counts_do_change_them(make_vote: MakeVote, session: Session, client: FlaskClient, drain: Drain) -> None:
    """Else the test above would prove nothing."""
    vote = make_vote(4, hidden_counts=False)
    voters = [make_account(f"Voter {n}") for n in range(20)]
    drain()
    before = answers(client, vote)
    cast_lopsided(session, vote, voters)
    drain()
    after = answers(client, vote)
    changed = {
        address.removeprefix(f"/calls/{vote.call_key}") for address in before if after[address] != before[address]
    }
    assert "/rounds/crowd" in changed
    assert "/proposals?sort=supported" in changed
    order = [after[f"/calls/{vote.call_key}/proposals?sort=supported"][1].index(key.encode()) for key in vote.keys]
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
