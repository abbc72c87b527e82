"""Receipts, heads, proofs and bundles through HTTP; what stood out, and ballots set aside."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.events import EventKind
from crowd.core.ledger import includes, is_consistent
from crowd.core.rules import ResultsPublicity, VotingMethod
from crowd.core.signing import head_bytes
from crowd.core.status import OrganizationRole
from crowd.core.tally.choices import Choices
from crowd.organizations.gates import actor_of
from crowd.store.db import transaction, utc_now
from crowd.store.models import Event
from crowd.voting.actions import cast_ballot
from crowd.voting.actions.exposure import exposure_of
from crowd.voting.commands import Acting
from crowd.voting.jobs import seal_ledgers
from crowd.voting.models import Ballot, Signal, Tally, Voter
from crowd.voting.views import casting
from tests.conftest import AsUser, Drain
from tests.make import make_account, make_member, move_stages, round_row
from tests.voting.conftest import MakeVote, Vote
from tests.voting.test_ledger import an_hour_later, cast_many, close, verified

SOON = timedelta(days=6)


def ledger(vote: Vote, more: str = "") -> str:
    return f"/calls/{vote.call_key}/rounds/crowd/ledger{more}"


def leaf_of(session: Session) -> str:
    found: str | None = session.scalars(select(Ballot.leaf).order_by(Ballot.key)).first()
    return found or ""


def test_an_open_ledger_proves_each_receipt(make_vote: MakeVote, session: Session, client: FlaskClient) -> None:
    vote = make_vote(3, hidden_counts=False)
    for number in (3, 2):
        cast_many(session, vote, VotingMethod.APPROVAL, number)
        assert seal_ledgers() == 1
    leaf = leaf_of(session)
    told = client.get(ledger(vote, f"/leaves/{leaf}.json")).json
    assert told is not None
    head, proof = told["head"], [bytes.fromhex(part) for part in told["proof"]]
    assert includes(bytes.fromhex(head["root"]), head["size"], bytes.fromhex(leaf), told["position"], proof)
    page = client.post(ledger(vote), data={"leaf": leaf.upper()})
    assert (page.status_code, "It is in the ledger" in page.text) == (200, True)
    grown = client.get(ledger(vote, "/consistency.json?from=3&to=5")).json
    assert grown is not None
    old, new = grown["from"], grown["to"]
    path = [bytes.fromhex(part) for part in grown["proof"]]
    assert is_consistent(bytes.fromhex(old["root"]), 3, bytes.fromhex(new["root"]), 5, path)


def test_a_secret_whose_hash_was_not_published_is_not_said_to_bind(make_vote: MakeVote, client: FlaskClient) -> None:
    """Calls of before it was; what they promise is what holds."""
    vote = make_vote(3)
    rules = vote.call.rules or ""
    committed: str = json.loads(rules)["rounds"][0]["tie_commitment"]
    page = client.get(ledger(vote)).text
    assert ("nobody can choose" in page, committed in page) == (True, True)
    with transaction(vote.call):
        vote.call.rules = rules.replace(f'"{committed}"', "null")
    page = client.get(ledger(vote)).text
    assert ("nobody can choose" in page, committed in page) == (False, False)
    assert "published without the hash of the secret" in page


def test_heads_are_signed_by_the_key_that_the_page_names(
    make_vote: MakeVote, session: Session, client: FlaskClient
) -> None:
    vote = make_vote(3, hidden_counts=False)
    cast_many(session, vote, VotingMethod.APPROVAL, 2)
    seal_ledgers()
    told = client.get(ledger(vote, "/heads.json")).json
    assert told is not None
    key = bytes.fromhex(told["key"])
    [head] = told["heads"]
    note = head_bytes(told["origin"], head["size"], bytes.fromhex(head["root"]), head["at"])
    Ed25519PublicKey.from_public_bytes(key).verify(bytes.fromhex(head["signature"]), note)
    page = client.get(ledger(vote)).text
    assert hashlib.sha256(key).hexdigest() in page
    assert head["root"] in page
    feed = client.get(ledger(vote, "/heads.atom"))
    assert feed.mimetype == "application/atom+xml"
    assert head["root"] in feed.text


def test_while_counts_are_hidden_neither_sizes_nor_proofs_are_told(
    make_vote: MakeVote, session: Session, client: FlaskClient
) -> None:
    vote = make_vote(3, secret=True)
    cast_many(session, vote, VotingMethod.APPROVAL, 3)
    seal_ledgers()
    leaf = leaf_of(session)
    waiting = client.post(ledger(vote), data={"leaf": leaf})
    assert "It is kept and waits for the next head" in waiting.text
    cast_many(session, vote, VotingMethod.APPROVAL, 20)
    an_hour_later(session)
    seal_ledgers()
    told = client.get(ledger(vote, f"/leaves/{leaf}.json")).json
    assert told is not None
    assert (told["sealed"], set(told), set(told["head"])) == (
        True,
        {"leaf", "sealed", "head"},
        {"root", "at", "signature"},
    )
    assert client.get(ledger(vote, "/consistency.json?from=1&to=24")).status_code == 409
    assert "The proof is shown after the close" in client.post(ledger(vote), data={"leaf": leaf}).text
    close(vote)
    told = client.get(ledger(vote, f"/leaves/{leaf}.json")).json
    assert told is not None
    assert told["head"]["size"] == 25, "23 acts, and a beat under each of two heads"
    assert "Act number" in client.post(ledger(vote), data={"leaf": leaf}).text


@pytest.mark.parametrize(("typed", "status"), [("", 422), ("zz", 422), ("a" * 63, 422), ("0" * 64, 404)])
def test_what_is_no_receipt_is_told_so(make_vote: MakeVote, client: FlaskClient, typed: str, status: int) -> None:
    vote = make_vote(2)
    assert client.post(ledger(vote), data={"leaf": typed}).status_code == status
    if typed:
        assert client.get(ledger(vote, f"/leaves/{typed}.json")).status_code == status


def test_the_bundle_is_downloaded_and_its_hashes_are_on_the_page(
    make_vote: MakeVote, session: Session, client: FlaskClient, tmp_path: Path
) -> None:
    vote = make_vote(3, secret=True)
    cast_many(session, vote, VotingMethod.APPROVAL, 3)
    bundle = f"/calls/{vote.call_key}/rounds/crowd/bundle.zip"
    assert client.get(bundle).status_code == 404
    close(vote)
    answer = client.get(bundle)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    page = client.get(ledger(vote)).text
    assert hashlib.sha256(answer.data).hexdigest() in page
    with zipfile.ZipFile(io.BytesIO(answer.data)) as files:
        assert hashlib.sha256(files.read("verify.py")).hexdigest() in page
    (tmp_path / "b.zip").write_bytes(answer.data)
    assert verified(tmp_path / "b.zip", VotingMethod.APPROVAL)[0] == 0


@pytest.mark.parametrize("publicity", [ResultsPublicity.TITLE_AND_RANK, ResultsPublicity.NUMBERS])
def test_where_results_keep_something_back_there_is_no_bundle(
    make_vote: MakeVote, session: Session, client: FlaskClient, drain: Drain, publicity: ResultsPublicity
) -> None:
    vote = make_vote(3, results_publicity=publicity)
    cast_many(session, vote, VotingMethod.APPROVAL, 2)
    move_stages(vote.call, SOON)
    drain()
    assert session.scalars(select(Tally.bundle)).all() == [None]
    assert client.get(f"/calls/{vote.call_key}/rounds/crowd/bundle.zip").status_code == 404
    assert "so there is no bundle with all ballots" in client.get(ledger(vote)).text


def test_a_jury_has_no_ledger(make_vote: MakeVote, client: FlaskClient) -> None:
    vote = make_vote(2)
    assert client.get(f"/calls/{vote.call_key}/rounds/jury/ledger").status_code == 404


def test_signals_are_noted_at_the_close_and_networks_forgotten(
    make_vote: MakeVote, session: Session, as_user: AsUser
) -> None:
    vote = make_vote(4, secret=True)
    manager = as_user(make_member(vote.organization, OrganizationRole.MANAGER))
    page = f"/calls/{vote.call_key}/rounds/crowd/signals"
    chosen = Choices(dict.fromkeys(vote.keys[:3], 1))
    for actor in [actor_of(session, make_account().id) for _ in range(12)]:
        with transaction() as write:
            here = Acting(network="n" * 64)
            cast_ballot(write, round_row(vote.call), chosen, actor=actor, clock=utc_now, acting=here)
    assert manager.get(page).status_code == 404
    close(vote)
    found = {(row.kind.value, row.number, row.of) for row in session.scalars(select(Signal))}
    assert found == {(kind, 12, 12) for kind in ("burst", "shared_network", "fresh_account", "identical")}
    assert session.scalars(select(Voter.network)).all() == [None] * 12
    text = manager.get(page).text
    assert "12 of 12 ballots from one network" in text
    assert "12 equal ballots" in text
    moderator = as_user(make_member(vote.organization, OrganizationRole.MODERATOR))
    assert moderator.get(page).status_code == 403


def test_a_ballot_set_aside_is_counted_both_ways_and_can_come_back(
    make_vote: MakeVote, session: Session, as_user: AsUser, client: FlaskClient, drain: Drain, tmp_path: Path
) -> None:
    vote = make_vote(3, secret=True)
    cast_many(session, vote, VotingMethod.APPROVAL, 4)
    manager = as_user(make_member(vote.organization, OrganizationRole.MANAGER))
    close(vote)
    key = session.scalars(select(Ballot.key).order_by(Ballot.key)).first() or ""
    page = f"/calls/{vote.call_key}/rounds/crowd/signals"
    assert manager.post(f"{page}/set-aside", data={"ballots": key, "reason": ""}).status_code == 422
    wrong = manager.post(f"{page}/set-aside", data={"ballots": "nosuchballot", "reason": "Bought."})
    assert (wrong.status_code, "nosuchballot" in wrong.text) == (422, True)
    done = manager.post(f"{page}/set-aside", data={"ballots": key, "reason": "Bought, as the seller told."})
    assert done.status_code == 303
    drain()
    newest = session.scalars(select(Tally.result).order_by(Tally.id.desc())).first()
    outcome = json.loads(newest or "")["outcome"]
    assert (outcome["ballots"], outcome["with_excluded"]["ballots"]) == (3, 4)
    answer = client.get(f"/calls/{vote.call_key}/rounds/crowd/bundle.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as files:
        [entry] = json.loads(files.read("exclusions.json"))
    assert (entry["ballot"], entry["reason"]) == (key, "Bought, as the seller told.")
    (tmp_path / "b.zip").write_bytes(answer.data)
    assert verified(tmp_path / "b.zip", VotingMethod.APPROVAL)[0] == 0
    assert manager.post(f"{page}/{key}/take-back", data={f"{key}-why": "The seller lied."}).status_code == 303
    drain()
    newest = session.scalars(select(Tally.result).order_by(Tally.id.desc())).first()
    assert json.loads(newest or "")["outcome"]["ballots"] == 4
    kinds = [EventKind.BALLOT_SET_ASIDE, EventKind.BALLOT_TAKEN_BACK_IN]
    said = session.execute(select(Event.kind, Event.reason).where(Event.kind.in_(kinds)).order_by(Event.id)).all()
    assert [reason for _, reason in said] == ["Bought, as the seller told.", "The seller lied."]


def test_opened_ballots_are_counted_in_batches(make_vote: MakeVote, client: FlaskClient, session: Session) -> None:
    vote = make_vote(7)
    for _ in range(3):
        client.get(vote.url)
    assert exposure_of(session, round_row(vote.call).id) == {}
    vars(casting)["impressions"].write()
    session.expire_all()
    shown = exposure_of(session, round_row(vote.call).id)
    assert sorted(shown.values()) == [3] * 5
