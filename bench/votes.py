"""How fast ballots are cast over HTTP, beside what the database takes at most: python -m bench.votes [BALLOTS] [--url postgresql://…]

A secret vote of 20 candidates is opened, BALLOTS people have accounts and sessions. The server runs as `flask serve` with two workers;
16 voters at a time post their ballots over kept connections, from one process that does nothing but write prepared bytes and read
answers. Beside it, in the same run and on the same database: the same rows with the same constraints (the voter's row of the roll, the
ballot, its leaf, the event), one commit each, by the bare driver. Then every ballot is looked for: once each, none lost.
"""

import argparse
import asyncio
import os
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_migrate import upgrade
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine, create_engine, func, insert, select

from crowd.accounts.models import Account, BrowserSession
from crowd.calls.models import Call
from crowd.config import Settings
from crowd.core.bundle import canonical_line, leaf_line
from crowd.core.ledger import leaf_hash
from crowd.core.status import StageKind
from crowd.factory import create_app
from crowd.store.db import db, transaction, utc_now
from crowd.store.secrets import new_token, token_hash
from crowd.store.types import new_public_id, new_public_ids
from crowd.voting.models import Ballot, Leaf, Voter
from tests.make import VOTE, make_call, make_organization, make_proposal, make_rules, open_all

CANDIDATES, AT_ONCE = 20, 16


@dataclass(frozen=True)
class Poll:
    """An open vote, and prepared requests of all its voters."""

    call: str
    round_id: int
    keys: list[str]
    account_ids: list[int]
    requests: list[bytes]


def prepare(app: Flask, number: int, port: int) -> Poll:
    rules = make_rules(StageKind.VOTING, rounds=(replace(VOTE, secret=True, max_choices=5),))
    call = make_call(make_organization(), rules)
    keys = [make_proposal(call, title=f"Proposal {place}").public_id for place in range(CANDIDATES)]
    row = open_all(call, VOTE.key)
    tokens = [new_token() for _ in range(number)]
    account_ids = _people(tokens)
    requests = [_request(app, call, keys, token, port) for token in tokens]
    return Poll(call.public_id, row.id, keys, account_ids, requests)


def _people(tokens: list[str]) -> list[int]:
    now, names = utc_now(), new_public_ids(len(tokens))
    with transaction() as session:
        people = [
            {
                "public_id": name,
                "email": f"{name}@example.org",
                "email_folded": f"{name}@example.org",
                "name": name,
                "unsubscribe_key": name,
                "created_at": now,
                "verified_at": now,
                "accepted_at": now,
            }
            for name in names
        ]
        session.execute(insert(Account), people)
        ids = dict(session.execute(select(Account.public_id, Account.id).where(Account.public_id.in_(names))).all())
        sessions = [
            {
                "account_id": ids[name],
                "key_hash": token_hash(token),
                "device_hash": token_hash(name),
                "browser": "Firefox",
                "system": "Linux",
                "created_at": now,
                "used_at": now,
            }
            for name, token in zip(names, tokens, strict=True)
        ]
        session.execute(insert(BrowserSession), sessions)
    return [ids[name] for name in names]


def _request(app: Flask, call: Call, keys: list[str], token: str, port: int) -> bytes:
    """The bytes of one cast, with the cookie of a signed-in browser and the token of its form."""
    plain = secrets.token_hex(20)
    csrf = URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token").dumps(plain)
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    signed = serializer.dumps({"csrf_token": plain, "_user_id": token, "_fresh": True}) if serializer else ""
    chosen = secrets.SystemRandom().sample(keys, 3)
    body = urlencode([("csrf_token", csrf), *(("support", key) for key in chosen)])
    head = (
        f"POST /calls/{call.public_id}/vote/cast?round={VOTE.key} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Cookie: {app.config['SESSION_COOKIE_NAME']}={signed}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


async def storm(port: int, requests: list[bytes]) -> tuple[float, list[float], int]:
    """Seconds in all, seconds of each, and how many were answered with the way to the receipt."""
    waiting, took, good = iter(requests), list[float](), 0

    async def voter() -> None:
        nonlocal good
        reader = writer = None
        for request in waiting:
            begin = time.perf_counter()
            if writer is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
            )
            if length:
                await reader.readexactly(length)
            took.append(time.perf_counter() - begin)
            good += head.startswith(b"HTTP/1.1 303")
            if b"connection: close" in head.lower():
                writer.close()
                writer = None

    begin = time.perf_counter()
    await asyncio.gather(*(voter() for _ in range(AT_ONCE)))
    return time.perf_counter() - begin, took, good


@contextmanager
def served(environment: dict[str, str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`flask serve` with two workers; ended by its own pid."""
    command = [str(Path(sys.executable).with_name("flask")), "serve"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield server
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


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


def missing(poll: Poll) -> list[str]:
    """What is wrong with what was stored: nothing lost, nothing double."""
    session = db.session()
    voters = session.scalars(
        select(Voter.account_id).where(Voter.round_id == poll.round_id, Voter.cast_at.is_not(None))
    )
    ballots = session.scalar(select(func.count()).select_from(Ballot).where(Ballot.round_id == poll.round_id))
    leaves = session.scalar(
        select(func.count()).select_from(Leaf).where(Leaf.round_id == poll.round_id, Leaf.data.not_like('%"beat"%'))
    )
    wanted, found = len(poll.account_ids), sorted(voter or 0 for voter in voters)
    return [
        words
        for words, wrong in (
            (f"{len(found)} voters of {wanted}", found != sorted(poll.account_ids)),
            (f"{ballots} ballots of {wanted}", ballots != wanted),
            (f"{leaves} leaves of {wanted}", leaves != wanted),
        )
        if wrong
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ballots", nargs="?", type=int, default=2000)
    parser.add_argument("--url", help="of an empty PostgreSQL database; else SQLite")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = {
            "APERTURA_DATA": folder,
            "APERTURA_PORT": str(port),
            "APERTURA_WORKERS": "2",
            "APERTURA_THREADS": "8",
            "APERTURA_LOG_LEVEL": "WARNING",
            "APERTURA_SECRET_KEY": secrets.token_hex(32),
        }
        if asked.url:
            environment["APERTURA_DATABASE_URL"] = asked.url
        settings = Settings.from_env(environment)
        app = create_app(settings)
        with app.app_context():
            upgrade()
            poll = prepare(app, asked.ballots, port)
            db.session.remove()
            limit = raw(settings.database_url, poll)
            with served({**os.environ, **environment}, port):
                asyncio.run(storm(port, poll.requests[:AT_ONCE]))
                seconds, took, good = asyncio.run(storm(port, poll.requests[AT_ONCE:]))
            rate, faults = len(took) / seconds, missing(poll)
        took.sort()
        print(f"{'PostgreSQL' if asked.url else 'SQLite'}: {len(took)} ballots, {good} accepted")
        print(f"over HTTP {rate:.0f} ballots/s, by the bare driver {limit:.0f}/s: {100 * rate / limit:.0f} %")
        print(
            f"median {1000 * statistics.median(took):.0f} ms, 99th percentile {1000 * took[int(len(took) * 0.99)]:.0f} ms"
        )
        print("; ".join(faults) or "every ballot is there once")


if __name__ == "__main__":
    main()
