"""How long a large vote takes to close: python -m bench.closing [BALLOTS] [--method approval] [--postgresql]

A secret vote of 50 candidates with BALLOTS ballots (default 1,000,000), filled in bulk; all but the last 100,000 acts stand in the ledger
already, as they do in life, where a head comes each hour. Then what the jobs do at the close: what stood out is noted, the rest of the acts
sealed, hours and links forgotten, the ballots counted, and the bundle written. Seconds of each, those of the processor, and the most memory this process took.
"""

import argparse
import os
import random
import resource
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from flask_migrate import upgrade
from rich.progress import track
from sqlalchemy import select

from bench.polling import environment_of, free_port, make_app, postgres
from crowd.calls.models import CallStage
from crowd.core.bundle import canonical_line, leaf_line
from crowd.core.ledger import leaf_hash
from crowd.core.rules import Round, VotingMethod
from crowd.core.status import StageKind
from crowd.core.tally.choices import KIND_OF, Choices, choices_data
from crowd.core.tally.profile import Kind
from crowd.rounds.models import CallRound
from crowd.store.db import db, insert_many, measure_tables, transaction, utc_now
from crowd.store.keys import signer
from crowd.store.types import new_public_ids
from crowd.voting.actions import count_in_steps, seal, write_missing_bundle
from crowd.voting.models import Ballot, Leaf, Tally, Voter
from tests.make import VOTE, make_call, make_organization, make_proposal, make_rules, open_all

CANDIDATES, PIECE, LAST = 50, 20_000, 100_000


def ballot_of(chance: random.Random, keys: list[str], round_: Round) -> Choices:
    some = chance.sample(keys, 5)
    match KIND_OF[round_.method]:
        case Kind.APPROVE:
            return Choices(dict.fromkeys(some, 1))
        case Kind.RANK:
            return Choices({key: place for place, key in enumerate(some, start=1)})
        case _:
            return Choices({key: chance.randint(1, 5) for key in some})


def rows_of(row: CallRound, round_: Round, keys: list[str], number: int) -> Iterator[tuple[str, str, bytes]]:
    """Key, choices as text, and leaf of so many ballots."""
    chance = random.Random(number)
    for key in sorted(new_public_ids(number)):
        data = choices_data(ballot_of(chance, keys, round_), round_)
        yield key, canonical_line(data).decode(), leaf_line(key, "cast", 1, secrets.token_hex(16), data)


def fill(row: CallRound, round_: Round, keys: list[str], number: int) -> None:
    now, done = utc_now(), 0
    for _ in track(range(0, number, PIECE), description="Filling"):
        size = min(PIECE, number - done)
        rows = list(rows_of(row, round_, keys, size))
        with transaction() as session:
            roll = ((row.id, f"{done + place}", key, now) for place, (key, _, _) in enumerate(rows))
            insert_many(session, (Voter.round_id, Voter.voter_ref, Voter.ballot, Voter.cast_at), roll)
            said = (Ballot.round_id, Ballot.key, Ballot.choices, Ballot.acts, Ballot.leaf)
            hashed = [(leaf_hash(data).hex(), data.decode()) for _, _, data in rows]
            insert_many(
                session,
                said,
                ((row.id, key, text, 1, leaf) for (key, text, _), (leaf, _) in zip(rows, hashed, strict=True)),
            )
            insert_many(
                session, (Leaf.round_id, Leaf.hash, Leaf.data), ((row.id, leaf, data) for leaf, data in sorted(hashed))
            )
        done += size
        if done % LAST == 0 and done < number:
            with transaction(row) as session:
                seal(session, row, round_, utc_now(), signer())
    with transaction() as session:
        measure_tables(session, Voter, Ballot, Leaf)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ballots", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--method", default="approval", choices=[each.value for each in VotingMethod])
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR"))))
        url = stack.enter_context(postgres(folder / "pg"))[0] if asked.postgresql else None
        app = make_app(environment_of(folder, free_port(), url))
        stack.enter_context(app.app_context())
        upgrade()
        round_ = replace(VOTE, secret=True, max_choices=None, method=VotingMethod(asked.method), points=100)
        call = make_call(make_organization(), make_rules(StageKind.VOTING, rounds=(round_,)))
        keys = [make_proposal(call, title=f"Proposal {place}").public_id for place in range(CANDIDATES)]
        row = open_all(call, VOTE.key)
        fill(row, round_, keys, asked.ballots)
        with transaction() as session:
            for stage in session.scalars(select(CallStage)):
                stage.opens_at -= timedelta(days=30)
                stage.closes_at = stage.closes_at - timedelta(days=30) if stage.closes_at else None
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begin, worked = time.perf_counter(), time.process_time()
        count_in_steps(row, utc_now(), lambda _: None)
        counted = time.perf_counter()
        tally = db.session.scalars(select(Tally.id)).one()
        write_missing_bundle(tally, utc_now())
        written = time.perf_counter()
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(
            f"{'PostgreSQL' if url else 'SQLite'}, {asked.method}, {asked.ballots:,} ballots of {CANDIDATES} candidates"
        )
        print(
            f"closed and counted {counted - begin:.1f} s, bundle {written - counted:.1f} s, all {written - begin:.1f} s"
        )
        print(f"of the processor, without the database's server: {time.process_time() - worked:.1f} s")
        print(f"memory at most {most / 1024:.0f} MiB ({before / 1024:.0f} MiB before)")


if __name__ == "__main__":
    main()
