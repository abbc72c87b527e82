"""The ledger of a vote: acts become leaves in shuffled batches, the close forgets whose ballot is whose, the bundle verifies."""

import contextlib
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.core.events import EventKind
from crowd.core.ledger import includes, is_consistent, leaf_hash
from crowd.core.rules import VotingMethod
from crowd.core.status import OrganizationRole
from crowd.core.tally.choices import Choices
from crowd.core.verifier import RULES, script_for
from crowd.core.verifier.frame import main
from crowd.files.storage import file_store, whole
from crowd.organizations.gates import actor_of
from crowd.store.db import transaction, utc_now
from crowd.store.models import Event
from crowd.voting.actions import cast_ballot, withdraw_ballot
from crowd.voting.actions.sealing import EVERY, tie_seed
from crowd.voting.jobs import count_due_rounds, seal_ledgers, write_bundles
from crowd.voting.models import Ballot, Head, Leaf, Tally, Voter
from crowd.voting.queries import latest_tally
from crowd.voting.queries.ledger import consistency, inclusion, list_heads
from tests.make import make_account, make_member, move_stages, round_row
from tests.voting.conftest import MakeVote, Vote

pytestmark = pytest.mark.one_database

SOON = timedelta(days=6)
BALLOTS: Mapping[VotingMethod, Sequence[Sequence[int]]] = {
    VotingMethod.APPROVAL: ([1, 0, 1], [0, 1, 0], [1, 0, 0]),
    VotingMethod.SCORE: ([5, 0, 3], [1, 4, 0], [2, 2, 2]),
    VotingMethod.STAR: ([5, 0, 3], [1, 4, 0], [2, 2, 2]),
    VotingMethod.IRV: ([1, 2, 3], [2, 1, 0], [0, 0, 1]),
    VotingMethod.STV: ([1, 2, 3], [2, 1, 0], [0, 0, 1]),
    VotingMethod.SCHULZE: ([1, 1, 2], [2, 1, 0], [0, 0, 1]),
    VotingMethod.MAJORITY_JUDGMENT: ([1, 6, 3], [2, 2, 2], [0, 1, 4]),
    VotingMethod.CUMULATIVE: ([5, 0, 3], [1, 4, 0], [2, 2, 2]),
    VotingMethod.QUADRATIC: ([3, 0, 1], [1, 2, 0], [2, 2, 1]),
    VotingMethod.PB_GREEDY: ([1, 0, 1], [0, 1, 0], [1, 0, 0]),
    VotingMethod.EQUAL_SHARES: ([1, 0, 1], [0, 1, 0], [1, 0, 0]),
}


def vote_by(make_vote: MakeVote, method: VotingMethod, **changes: Any) -> Vote:
    more: dict[str, Any] = {
        VotingMethod.CUMULATIVE: {"points": 10},
        VotingMethod.QUADRATIC: {"points": 10},
        VotingMethod.PB_GREEDY: {"budget": 1000},
        VotingMethod.EQUAL_SHARES: {"budget": 1000},
        VotingMethod.STV: {"seats": 2},
    }.get(method, {})
    vote = make_vote(3, **{"method": method, "max_choices": None, "secret": True, **more, **changes})
    with transaction() as session:
        for place, proposal in enumerate(vote.proposals):
            session.merge(proposal).cost = 300 + 100 * place
    return vote


def choices_for(vote: Vote, method: VotingMethod, place: int) -> Choices:
    if method is VotingMethod.BRADLEY_TERRY:
        a, b, c = vote.keys
        return Choices(pairs=(((a, b), (b, c)), ((c, a),), ((a, c), (b, a)))[place % 3])
    given = BALLOTS[method][place % 3]
    return Choices({key: value for key, value in zip(vote.keys, given, strict=True) if value})


def cast_many(session: Session, vote: Vote, method: VotingMethod, count: int) -> list[Any]:
    actors = [actor_of(session, make_account().id) for _ in range(count)]
    for place, actor in enumerate(actors):
        with transaction() as write:
            cast_ballot(write, round_row(vote.call), choices_for(vote, method, place), actor=actor, clock=utc_now)
    return actors


def close(vote: Vote) -> None:
    move_stages(vote.call, SOON)
    assert count_due_rounds() == 1
    assert write_bundles() == 1


def verified(path: Path, method: VotingMethod) -> tuple[int, str]:
    """What the verifier says of the bundle."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = main(["verify.py", str(path)], RULES[method.value], script_for(method.value).encode())
    return code, said.getvalue()


def bundle_of(session: Session, tmp_path: Path) -> Path:
    key = session.scalars(select(Tally.bundle)).one()
    path = tmp_path / "bundle.zip"
    path.write_bytes(whole(file_store(), key or ""))
    return path


@pytest.mark.parametrize("method", list(VotingMethod))
@pytest.mark.parametrize("secret", [True, False])
def test_a_closed_vote_of_every_method_verifies(
    make_vote: MakeVote, session: Session, tmp_path: Path, method: VotingMethod, *, secret: bool
) -> None:
    vote = vote_by(make_vote, method, secret=secret)
    first, second, *_ = cast_many(session, vote, method, 5)
    with transaction() as write:
        cast_ballot(write, round_row(vote.call), choices_for(vote, method, 1), actor=first, clock=utc_now)
        withdraw_ballot(write, round_row(vote.call), actor=second, clock=utc_now)
    close(vote)
    code, words = verified(bundle_of(session, tmp_path), method)
    assert code == 0, words
    stored = latest_tally(session, round_row(vote.call).id)
    assert stored is not None
    assert (stored.tally.ballots, stored.tally.invalid) == (4, 0)
    assert sorted(key for group in stored.tally.ranking for key in group) == sorted(vote.keys)
    assert set(stored.tally.ranks) == set(stored.tally.votes) == set(vote.keys)


def an_hour_later(session: Session) -> None:
    with transaction() as write:
        for head in write.scalars(select(Head)):
            head.at -= EVERY


def test_leaves_of_a_secret_vote_wait_for_twenty_and_are_shuffled(make_vote: MakeVote, session: Session) -> None:
    vote = vote_by(make_vote, VotingMethod.APPROVAL)
    cast_many(session, vote, VotingMethod.APPROVAL, 19)
    assert seal_ledgers() == 1
    assert [head.size for head in list_heads(session, round_row(vote.call).id)] == [1]
    cast_many(session, vote, VotingMethod.APPROVAL, 2)
    assert seal_ledgers() == 0
    an_hour_later(session)
    assert seal_ledgers() == 1
    assert [head.size for head in list_heads(session, round_row(vote.call).id)] == [23, 1]
    leaves = [json.loads(data) for data in session.scalars(select(Leaf.data).order_by(Leaf.position))]
    keys = [leaf["ballot"] for leaf in leaves if leaf["act"] != "beat"]
    as_cast = list(session.scalars(select(Voter.ballot).order_by(Voter.id)))
    assert sorted(keys) == sorted(map(str, as_cast))
    assert keys != as_cast


def test_an_open_vote_seals_what_there_is(make_vote: MakeVote, session: Session) -> None:
    vote = vote_by(make_vote, VotingMethod.APPROVAL, secret=False, hidden_counts=False)
    for size in (1, 2, 3):
        cast_many(session, vote, VotingMethod.APPROVAL, 1)
        assert seal_ledgers() == 1
        assert [head.size for head in list_heads(session, round_row(vote.call).id)] == list(range(size, 0, -1))


@pytest.mark.both_databases
def test_proofs_of_inclusion_and_consistency_hold_across_blocks(
    make_vote: MakeVote, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    vote = vote_by(make_vote, VotingMethod.APPROVAL, secret=False, hidden_counts=False)
    round_id = round_row(vote.call).id
    data = [f'{{"n":{place}}}' for place in range(2500)]
    for start, end in ((0, 1000), (1000, 2100), (2100, 2500)):
        with transaction() as write:
            write.add_all(
                Leaf(round_id=round_id, hash=leaf_hash(data[n].encode()).hex(), data=data[n]) for n in range(start, end)
            )
        assert seal_ledgers() == 1
    placed = dict(session.execute(select(Leaf.position, Leaf.data)).all())
    heads = list_heads(session, round_id)[::-1]
    assert [head.size for head in heads] == [1000, 2100, 2500]
    last = heads[-1]
    for place in (0, 999, 1023, 1024, 2047, 2048, 2499):
        proof = inclusion(session, round_id, place, last.size)
        assert includes(bytes.fromhex(last.root), last.size, leaf_hash(placed[place].encode()), place, proof)
    for head in heads[:2]:
        proof = consistency(session, round_id, head.size, last.size)
        assert is_consistent(bytes.fromhex(head.root), head.size, bytes.fromhex(last.root), last.size, proof)


def test_the_close_of_a_secret_vote_forgets_whose_ballot_is_whose(make_vote: MakeVote, session: Session) -> None:
    vote = vote_by(make_vote, VotingMethod.APPROVAL)
    cast_many(session, vote, VotingMethod.APPROVAL, 3)
    assert None not in session.scalars(select(Voter.ballot)).all()
    move_stages(vote.call, SOON)
    count_due_rounds()
    assert session.scalars(select(Voter.ballot)).all() == [None] * 3
    assert len(set(session.scalars(select(Voter.cast_at)))) == 1
    assert session.scalar(select(func.count()).select_from(Ballot)) == 3


def test_events_of_a_secret_vote_say_neither_ballot_nor_hour(make_vote: MakeVote, session: Session) -> None:
    vote = vote_by(make_vote, VotingMethod.APPROVAL)
    cast_many(session, vote, VotingMethod.APPROVAL, 2)
    events = session.scalars(select(Event).where(Event.kind == EventKind.BALLOT_CAST)).all()
    keys = session.scalars(select(Ballot.key)).all()
    assert len(events) == 2
    for event in events:
        assert (event.at.hour, event.at.minute, event.at.second) == (0, 0, 0)
        assert not any(key in json.dumps(event.data) for key in keys)


def test_an_open_vote_names_its_voters_in_the_bundle_and_a_secret_one_does_not(
    make_vote: MakeVote, session: Session, tmp_path: Path
) -> None:
    for secret in (False, True):
        vote = vote_by(make_vote, VotingMethod.APPROVAL, secret=secret)
        names = {actor.name for actor in cast_many(session, vote, VotingMethod.APPROVAL, 2)}
        close(vote)
        key = session.scalars(select(Tally.bundle).where(Tally.round_id == round_row(vote.call).id)).one()
        path = tmp_path / f"{secret}.zip"
        path.write_bytes(whole(file_store(), key or ""))
        with zipfile.ZipFile(path) as archive:
            told = [json.loads(line).get("voter") for line in archive.read("ballots.jsonl").splitlines()]
            everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
        assert set(told) == (names if not secret else {None})
        assert any(name in everything for name in names) is not secret


def test_members_and_the_public_weigh_as_declared(make_vote: MakeVote, session: Session, tmp_path: Path) -> None:
    vote = vote_by(make_vote, VotingMethod.APPROVAL, member_percent=50)
    a, b, _ = vote.keys
    member = actor_of(session, make_member(vote.organization, OrganizationRole.MEMBER).id)
    people = [(member, a), *((actor_of(session, make_account().id), b) for _ in range(3))]
    for actor, chosen in people:
        with transaction() as write:
            cast_ballot(write, round_row(vote.call), Choices({chosen: 1}), actor=actor, clock=utc_now)
    close(vote)
    stored = latest_tally(session, round_row(vote.call).id)
    assert stored is not None
    assert {key: str(total) for key, total in stored.tally.totals.items()} == {a: "50", b: "50", vote.keys[2]: "0"}
    assert stored.tally.votes == {a: 1, b: 3, vote.keys[2]: 0}
    assert verified(bundle_of(session, tmp_path), VotingMethod.APPROVAL)[0] == 0


def test_the_seed_is_the_secret_committed_to_and_the_root_at_the_close(make_vote: MakeVote, session: Session) -> None:
    vote = vote_by(make_vote, VotingMethod.APPROVAL)
    cast_many(session, vote, VotingMethod.APPROVAL, 1)
    row = round_row(vote.call)
    secret = bytes.fromhex(row.tie_secret or "")
    committed = json.loads(vote.call.rules or "")["rounds"][0]["tie_commitment"]
    assert committed == hashlib.sha256(secret).hexdigest()
    assert tie_seed(session, row) is None
    close(vote)
    row = round_row(vote.call)
    root = bytes.fromhex(list_heads(session, row.id)[0].root)
    assert tie_seed(session, row) == hashlib.sha256(secret + root).digest()


def test_a_large_vote_is_counted_in_steps_and_says_how_far_it_has_come(
    make_vote: MakeVote, session: Session, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crowd.voting.actions.counting.AT_ONCE", 0)
    monkeypatch.setattr("crowd.voting.actions.counting.STEP", 2)
    monkeypatch.setattr("crowd.voting.queries.ballots.PIECE", 2)
    vote = vote_by(make_vote, VotingMethod.APPROVAL)
    cast_many(session, vote, VotingMethod.APPROVAL, 7)
    move_stages(vote.call, SOON)
    page = f"/calls/{vote.call_key}/rounds/crowd"
    assert "Being counted" in client.get(page).text
    assert count_due_rounds() == 1
    row = round_row(vote.call)
    assert (row.counted_percent, row.ballots_count) == (85, 7), "told after two, four and six of seven"
    assert "Being counted" not in client.get(page).text
