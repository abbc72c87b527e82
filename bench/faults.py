"""Whether every acknowledged ballot survives: python -m bench.faults [BALLOTS] [--kills 5] [--postgresql]

A storm of votes over HTTP; meanwhile the whole service (web server, workers, job runner) is killed with SIGKILL again and again and
started anew, and so is PostgreSQL where it is the database. Whoever had no answer posts the same ballot again, as people do. At the end
every acknowledged ballot must be there exactly once, with what was chosen, under one voter and as one leaf of the ledger; the ledger is
then closed, counted, and the bundle checked by its own script.
"""

import argparse
import io
import json
import os
import random
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, redirect_stdout
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs

from flask_migrate import upgrade
from sqlalchemy import select

from bench.polling import Poll, environment_of, free_port, kill, make_app, missing, postgres, prepare, start, storm
from crowd.calls.models import CallStage
from crowd.core.verifier import RULES, script_for
from crowd.core.verifier.frame import main as verify
from crowd.files.storage import file_store, whole
from crowd.store.db import db, transaction
from crowd.voting.jobs import count_due_rounds, write_bundles
from crowd.voting.models import Ballot, Tally, Voter


def wrong_choices(poll: Poll) -> list[str]:
    """Voters whose ballot says something else than what they posted."""
    rows = db.session.execute(
        select(Voter.account_id, Ballot.choices)
        .join(Ballot, (Ballot.round_id == Voter.round_id) & (Ballot.key == Voter.ballot))
        .where(Voter.round_id == poll.round_id)
    )
    said = {account_id: json.loads(text or "{}") for account_id, text in rows}
    posted = {
        account_id: {"approve": sorted(parse_qs(request.partition(b"\r\n\r\n")[2].decode())["support"])}
        for account_id, request in zip(poll.account_ids, poll.requests, strict=True)
    }
    return [
        f"account {key}: {said.get(key)} instead of {value}" for key, value in posted.items() if said.get(key) != value
    ]


def verified(poll: Poll, folder: Path) -> str:
    """Close, count and check the bundle as an outsider would. Returns what is wrong."""
    with transaction() as session:
        for stage in session.scalars(select(CallStage)):
            stage.opens_at -= timedelta(days=30)
            stage.closes_at = stage.closes_at - timedelta(days=30) if stage.closes_at else None
    count_due_rounds()
    write_bundles()
    key = db.session.scalars(select(Tally.bundle).where(Tally.round_id == poll.round_id)).one()
    path = folder / "bundle.zip"
    path.write_bytes(whole(file_store(), key or ""))
    said = io.StringIO()
    with redirect_stdout(said):
        code = verify(["verify.py", str(path)], RULES["approval"], script_for("approval").encode())
    return "" if code == 0 else said.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ballots", nargs="?", type=int, default=1500)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR"))))
        url, crash = stack.enter_context(postgres(folder / "pg")) if asked.postgresql else (None, None)
        port = free_port()
        environment = environment_of(folder, port, url)
        app = make_app(environment)
        with app.app_context():
            upgrade()
            poll = prepare(app, asked.ballots, port)
            db.session.remove()
            db.engine.dispose()
            server, over, killed = start(environment, port), threading.Event(), list[int]()

            def disturb() -> None:
                nonlocal server
                chance = random.Random(1)
                try:
                    for number in range(asked.kills):
                        if over.wait(chance.uniform(1.5, 4)):
                            return
                        if crash and number % 2:
                            crash()
                        else:
                            kill(server)
                            server = start(environment, port)
                        killed.append(number)
                except Exception:
                    over.set()  # nobody may wait for what does not come back
                    raise

            killer = threading.Thread(target=disturb)
            killer.start()
            begin = time.perf_counter()
            try:
                found = storm(port, poll.requests, stubborn=lambda: not over.is_set())
            finally:
                over.set()
                killer.join()
                kill(server)
            faults = [*missing(poll), *wrong_choices(poll)]
            seconds = time.perf_counter() - begin
            faults += [words for words in [verified(poll, folder)] if words]
        print(
            f"{'PostgreSQL' if url else 'SQLite'}: {len(found.good)} of {len(poll.requests)} acknowledged in {seconds:.0f} s"
        )
        print(f"{len(killed)} kills, {found.broken} answers cut off")
        print("\n".join(faults) or "every acknowledged ballot is there once, as it was cast, and the bundle is right")
        sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
