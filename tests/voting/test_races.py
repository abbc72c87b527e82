"""Many requests at once: one ballot, right counters, no server error."""

import json
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event, Thread

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.models import Call, CallStage
from crowd.core.errors import NotAllowed
from crowd.core.events import EventKind
from crowd.core.ledger import leaf_hash
from crowd.core.status import StageKind
from crowd.core.tally.choices import Choices
from crowd.organizations.gates import actor_of
from crowd.rounds.models import CallRound
from crowd.store.db import db, transaction, utc_now
from crowd.store.models import Event as Happened
from crowd.voting.actions import cast_ballot, count_round
from crowd.voting.models import Ballot, Leaf, Voter
from crowd.voting.queries import latest_tally
from tests.conftest import AsUser, stepping_aside
from tests.make import make_account, move_stages, round_row
from tests.voting.conftest import MakeVote, Vote, marks_in

AT_ONCE = 50


def together(number: int, work: Callable[[int], int]) -> list[int]:
    """`work(n)` for each n in a thread of its own, all let go at the same moment."""
    gate = Barrier(number)

    def one(n: int) -> int:
        gate.wait(30)
        return work(n)

    with stepping_aside(), ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def test_fifty_first_votes_at_once_leave_one_ballot(make_vote: MakeVote, as_user: AsUser, session: Session) -> None:
    vote, account = make_vote(5), make_account()
    clients = [as_user(account) for _ in range(AT_ONCE)]
    answers = together(
        AT_ONCE, lambda n: clients[n].post(vote.at("cast"), data={"support": vote.keys[n % 5]}).status_code
    )
    assert Counter(answers) == {303: AT_ONCE}
    assert len(session.scalars(select(Ballot.key)).all()) == 1
    assert [len(marks) for marks in marks_in(session)] == [1]
    cast = session.scalars(select(Happened).where(Happened.kind == EventKind.BALLOT_CAST)).all()
    assert len(cast) == 1


def test_votes_of_many_people_at_once_leave_each_the_ballot_that_they_cast(
    make_vote: MakeVote, as_user: AsUser, session: Session
) -> None:
    vote, people = make_vote(5), [make_account() for _ in range(20)]
    clients = [as_user(person) for person in people]
    answers = together(20, lambda n: clients[n].post(vote.at("cast"), data={"support": vote.keys[n % 5]}).status_code)
    assert Counter(answers) == {303: 20}
    rows = session.execute(
        select(Voter.account_id, Ballot.choices, Ballot.leaf, Leaf.data)
        .join(Ballot, (Ballot.round_id == Voter.round_id) & (Ballot.key == Voter.ballot))
        .join(Leaf, (Leaf.round_id == Ballot.round_id) & (Leaf.hash == Ballot.leaf))
    ).all()
    assert {row.account_id: json.loads(row.choices)["approve"] for row in rows} == {
        person.id: [vote.keys[n % 5]] for n, person in enumerate(people)
    }
    assert [leaf_hash(row.data.encode()).hex() for row in rows] == [row.leaf for row in rows]
    cast = session.scalars(select(Happened.actor_id).where(Happened.kind == EventKind.BALLOT_CAST))
    assert sorted(who or 0 for who in cast) == sorted(person.id for person in people)


def test_fifty_mixed_acts_at_once_leave_one_ballot_and_the_count_agrees(
    make_vote: MakeVote, as_user: AsUser, session: Session
) -> None:
    vote, people = make_vote(4), [make_account() for _ in range(5)]
    clients = [as_user(people[n % 5]) for n in range(AT_ONCE)]
    chance = random.Random(7)
    plans = [(chance.choice(["cast", "cast", "withdraw"]), chance.sample(vote.keys, 2)) for _ in range(AT_ONCE)]
    answers = together(
        AT_ONCE, lambda n: clients[n].post(vote.at(plans[n][0]), data={"support": plans[n][1]}).status_code
    )
    assert Counter(answers) == {303: AT_ONCE}
    voters = session.scalars(select(Voter)).all()
    assert len({voter.account_id for voter in voters}) == len(voters) <= 5
    assert all(len(marks) == 2 for marks in marks_in(session))
    assert counted(session, vote) == Counter(key for marks in marks_in(session) for key in marks)


def counted(session: Session, vote: Vote) -> Counter[str]:
    move_stages(vote.call, timedelta(days=6))
    row = round_row(vote.call)
    with transaction(row) as write:
        count_round(write, row, utc_now())
    stored = latest_tally(session, row.id)
    assert stored is not None
    assert row.ballots_count == stored.tally.ballots
    return +Counter(stored.tally.votes)


def test_of_two_tabs_the_last_accepted_choice_is_on_the_receipt(
    make_vote: MakeVote, as_user: AsUser, session: Session
) -> None:
    vote, account = make_vote(2), make_account()
    one, other = as_user(account), as_user(account)
    one.post(vote.at("cast"), data={"support": vote.keys[0]})
    other.post(vote.at("cast"), data={"support": vote.keys[1]})
    for tab in (one, other):
        receipt = tab.get(vote.at("receipt")).text
        assert ("Proposal 2" in receipt, "Proposal 1" in receipt) == (True, False)


def test_a_ballot_that_waited_for_the_close_is_refused(make_vote: MakeVote, app: Flask, session: Session) -> None:
    """Whoever closes holds the call; the clock is read after the lock, so the one who waited comes too late."""
    vote, account = make_vote(2), make_account()
    actor = actor_of(session, account.id)
    closing, outcome, chosen = Event(), list[str](), vote.keys[0]

    def cast_late() -> None:
        with app.app_context():
            row = db.session().get_one(CallRound, round_id)
            closing.wait(10)
            try:
                with transaction() as write:
                    cast_ballot(write, row, Choices({chosen: 1}), actor=actor, clock=utc_now)
                outcome.append("cast")
            except NotAllowed as refused:
                outcome.append(refused.code)

    round_id = round_row(vote.call).id
    late = Thread(target=cast_late)
    late.start()
    with transaction(vote.call) as write:
        closing.set()
        late.join(0.5)
        stage = write.scalars(
            select(CallStage).where(CallStage.call_id == vote.call.id, CallStage.kind == StageKind.VOTING)
        ).one()
        stage.closes_at = utc_now()
    late.join(30)
    assert outcome == ["round_open"]
    assert marks_in(session) == []


def test_ballots_accepted_while_the_round_is_counted_are_in_the_count(
    make_vote: MakeVote, app: Flask, session: Session
) -> None:
    vote, people = make_vote(3), [make_account() for _ in range(12)]
    actors = [actor_of(session, person.id) for person in people]
    call_id, round_id, keys = vote.call.id, round_row(vote.call).id, vote.keys

    def cast(n: int) -> int:
        with app.app_context():
            row = db.session().get_one(CallRound, round_id)
            try:
                with transaction() as write:
                    cast_ballot(write, row, Choices({keys[n % 3]: 1}), actor=actors[n], clock=utc_now)
            except NotAllowed:
                return 0
            return 1

    def close_and_count(_n: int) -> int:
        with app.app_context():
            with transaction(db.session().get_one(Call, call_id)) as write:
                stage = write.scalars(
                    select(CallStage).where(CallStage.call_id == call_id, CallStage.kind == StageKind.VOTING)
                ).one()
                stage.closes_at = utc_now()
            row = db.session().get_one(CallRound, round_id)
            with transaction(row) as write:
                count_round(write, row, utc_now())
            return 0

    accepted = together(13, lambda n: close_and_count(n) if n == 12 else cast(n))
    session.expire_all()
    stored = latest_tally(session, round_id)
    assert stored is not None
    assert stored.tally.ballots == sum(accepted) == len(marks_in(session))
