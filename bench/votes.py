"""How fast ballots are cast over HTTP, beside what the database takes at most: python -m bench.votes [BALLOTS] [--postgresql]

A secret vote of 20 candidates is opened, BALLOTS people have accounts and sessions. The server runs as `flask serve` with two workers;
16 voters at a time post their ballots over kept connections, from one process that does nothing but write prepared bytes and read
answers. Beside it, in the same run and on the same database: the same rows with the same constraints (the voter's row of the roll, the
ballot, its leaf, the event), one commit each, kept as safely, by the bare driver, before and after, as a machine's speed may change in
between. Then every ballot is looked for: once each, none lost.
"""

import argparse
import os
import secrets
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import Engine, create_engine

from bench.polling import AT_ONCE, Poll, environment_of, free_port, make_app, missing, postgres, prepare, served, storm
from crowd.core.bundle import canonical_line, leaf_line
from crowd.core.ledger import leaf_hash
from crowd.store.db import db, utc_now
from crowd.store.types import new_public_id


def raw(url: str, poll: Poll) -> float:
    """Ballots a second by the bare driver, at the number of connections that suits the database best."""
    engine = create_engine(url, pool_size=AT_ONCE)
    best = 0.0
    for connections in (1,) if engine.dialect.name == "sqlite" else (1, 4, AT_ONCE):
        clear(engine, poll.round_id)
        parts = [poll.account_ids[start::connections] for start in range(connections)]
        begin = time.perf_counter()
        with ThreadPoolExecutor(connections) as pool:
            list(pool.map(partial(_insert, engine, round_id=poll.round_id, keys=poll.keys), parts))
        best = max(best, len(poll.account_ids) / (time.perf_counter() - begin))
    clear(engine, poll.round_id)
    engine.dispose()
    return best


def _insert(engine: Engine, account_ids: list[int], round_id: int, keys: list[str]) -> None:
    """The four rows of a ballot, as the application writes them, by text statements; a commit each."""
    mark = "?" if engine.dialect.name == "sqlite" else "%s"
    statements = [
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})"  # noqa: S608 (names of ours)
        for table, columns in COLUMNS.items()
    ]
    now = utc_now()
    at = now.isoformat() if engine.dialect.name == "sqlite" else now
    connection = engine.raw_connection()
    driver = connection.cursor()
    try:
        if engine.dialect.name == "sqlite":
            driver.execute("PRAGMA synchronous=FULL")
        for account_id in account_ids:
            key, nonce = new_public_id(), secrets.token_hex(16)
            choices = {"approve": sorted(keys[:3])}
            data = leaf_line(key, "cast", 1, nonce, choices)
            leaf, text = leaf_hash(data).hex(), canonical_line(choices).decode()
            seen = canonical_line(dict.fromkeys(keys[:3], 1)).decode()
            if engine.dialect.name == "sqlite":
                driver.execute("BEGIN IMMEDIATE")
            rows = (
                (round_id, account_id, key, nonce * 2, at),
                (round_id, key, text, seen, 1, leaf),
                (round_id, leaf, data.decode()),
                ("ballot:cast", at, account_id, round_id, "{}", at),
            )
            for statement, row in zip(statements, rows, strict=True):
                driver.execute(statement, row)
            driver.execute("COMMIT")
    finally:
        connection.close()


COLUMNS = {
    "voters": ("round_id", "account_id", "ballot", "network", "cast_at"),
    "ballots": ("round_id", "key", "choices", "seen", "acts", "leaf"),
    "leaves": ("round_id", "hash", "data"),
    "events": ("kind", "at", "actor_id", "subject_id", "data", "delivered_at"),
}


def clear(engine: Engine, round_id: int) -> None:
    with engine.begin() as connection:
        for table in ("leaves", "ballots", "voters"):
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE round_id = {round_id}")  # noqa: S608


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ballots", nargs="?", type=int, default=2000)
    parser.add_argument("--postgresql", action="store_true", help="on a server from the wheel; else SQLite")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR"))))
        url = stack.enter_context(postgres(folder / "pg"))[0] if asked.postgresql else None
        port = free_port()
        environment = environment_of(folder, port, url)
        app = make_app(environment)
        with app.app_context():
            upgrade()
            poll = prepare(app, asked.ballots, port)
            db.session.remove()
            limits = [raw(app.extensions["settings"].database_url, poll)]
            with served(environment, port):
                storm(port, poll.requests[:AT_ONCE])
                found = storm(port, poll.requests[AT_ONCE:])
            faults = missing(poll)
            limits.append(raw(app.extensions["settings"].database_url, poll))
        limit = statistics.mean(limits)
        took, rate = sorted(found.took), len(found.took) / found.seconds
        print(f"{'PostgreSQL' if url else 'SQLite'}: {len(took)} ballots, {len(found.good)} accepted")
        print(
            f"over HTTP {rate:.0f} ballots/s, by the bare driver {limits[0]:.0f} and {limits[1]:.0f}/s: {100 * rate / limit:.0f} %"
        )
        print(
            f"median {1000 * statistics.median(took):.0f} ms, 99th percentile {1000 * took[int(len(took) * 0.99)]:.0f} ms"
        )
        print("; ".join(faults) or "every ballot is there once")


if __name__ == "__main__":
    main()
