"""The desk and the public list of a call with 100,000 proposals against one with 100, in one database and one process.

    .venv/bin/python -m bench.desk [ROWS] [--url postgresql+psycopg://…] [--rounds N]

Every offered filter and order, the first page and the one after 500 cursors: the questions asked of the database must be as many,
the median processor time (this process, and on PostgreSQL its server's backend too) at most 1.3 times that of the small call with
the same page size. Text search is told apart, in milliseconds. Then the exports of the large call, with the most memory used.
"""

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sqlalchemy import event, select, text

from bench.filling import SMALL, Filled, fill, find_filled
from crowd.accounts.models import Account
from crowd.config import Settings
from crowd.core.shuffle import Shuffle
from crowd.desk.commands import Sort as DeskSort
from crowd.desk.queries import keys_of
from crowd.desk.queries.table import PAGE as DESK_PAGE
from crowd.factory import create_app
from crowd.pages.queries.proposal_page import PAGE as LIST_PAGE
from crowd.pages.queries.proposal_page import Sort as ListSort
from crowd.pages.queries.proposal_page import keys_of as list_keys
from crowd.proposals.actions import fold_counts
from crowd.proposals.models import Proposal
from crowd.rounds.models import Candidate
from crowd.store.db import db, measure_file, transaction
from crowd.store.paging import Key, encode_cursor
from tests.make import make_session

CURSORS = 500
MOST = 1.3
MOST_OF_SEARCH = 100
SEED = "bench"
SEARCHED = {"proposals": ("newest", "shuffled"), "desk/proposals": ("newest", "title", "number")}
WORDS = (
    "",  # the page without a search, to compare
    "nowhere",
    "heron",  # in 20 texts
    "7712",  # the beginning of a word or part of one in some titles
    "Proposal 77123",
    "arden",  # a part of words, in 6 % of the titles
    "ferry",  # in 2,000 texts
    "almanac",  # in the oldest 5,000: last where the newest come first
    "lantern",  # in every third text
    "lantern almanac",
    "garden",  # in nearly all, as are the following
    "proposal",
    "señalización",
    "g",
    "garden light",
)


@dataclass(frozen=True)
class Address:
    """One page of both calls. `cursor`: the large call's place after 500 cursors; the small call shows its first page then.
    `small`: the small call's path where it differs, as each has labels of its own.
    """

    name: str
    path: str
    cursor: str = ""
    small: str = ""

    def of_small(self, call: Filled) -> str:
        return f"/calls/{call.key}/{self.small or self.path}"

    def of_large(self, call: Filled) -> str:
        sign = "&" if "?" in self.path else "?"
        return f"/calls/{call.key}/{self.path}{f'{sign}after={self.cursor}' if self.cursor else ''}"


def deep_cursor(large: Filled, keys: list[Key] | tuple[Key, ...], size: int, *, reviewed: bool = False) -> str:
    """The cursor of the row before page 501, as the page before it would have given it."""
    columns = select(*(key.column for key in keys)).select_from(Proposal)
    if reviewed:
        columns = columns.join(Candidate, Candidate.proposal_id == Proposal.id).where(
            Candidate.round_id == large.round_id
        )
    where = columns.where(Proposal.call_id == large.call_id, Proposal.submitted_at.is_not(None))
    place = min(CURSORS * size, large.rows - 2 * size) - 1
    row = db.session.execute(where.order_by(*(key.ordered() for key in keys)).offset(place).limit(1)).one()
    return encode_cursor(list(row))


def desk_addresses(small: Filled, large: Filled) -> Iterator[Address]:
    path = "desk/proposals"
    for sort in DeskSort:
        cursor = deep_cursor(large, tuple(keys_of(sort)), DESK_PAGE, reviewed=sort is DeskSort.REVIEWS)
        yield Address(f"desk, by {sort}", f"{path}?sort={sort}")
        yield Address(f"desk, by {sort}, deep", f"{path}?sort={sort}", cursor)
    for name, query in large.filters.items():
        own = small.filters[name]
        yield Address(f"desk, {name}", f"{path}?{query}", small=f"{path}?{own}")
        yield Address(f"desk, {name}, by title", f"{path}?{query}&sort=title", small=f"{path}?{own}&sort=title")
    cursor = deep_cursor(large, tuple(keys_of(DeskSort.TITLE)), DESK_PAGE)
    half, own = (f"{path}?{call.filters['label on half']}&sort=title" for call in (large, small))
    yield Address("desk, half labelled, by title, deep", half, cursor, own)
    yield Address("desk, overview", "desk")


def list_addresses(large: Filled) -> Iterator[Address]:
    for sort in (ListSort.NEWEST, ListSort.SUPPORTED):
        cursor = deep_cursor(large, list_keys(sort, mine=False), LIST_PAGE)
        yield Address(f"list, {sort}", f"proposals?sort={sort}")
        yield Address(f"list, {sort}, deep", f"proposals?sort={sort}", cursor)
    shuffle = Shuffle.of(SEED)
    column = Proposal.__table__.c[shuffle.column]
    order = column.desc() if shuffle.descending else column.asc()
    beyond = column <= shuffle.start if shuffle.descending else column >= shuffle.start
    row = db.session.execute(
        select(column, Proposal.id)
        .where(Proposal.call_id == large.call_id, beyond)
        .order_by(order, Proposal.id)
        .offset(min(CURSORS * LIST_PAGE, large.rows // 4))
        .limit(1)
    ).first()
    yield Address("list, shuffled", f"proposals?sort=shuffled&seed={SEED}")
    if row is not None:
        cursor = encode_cursor([0, row[0], row[1]])
        yield Address("list, shuffled, deep", f"proposals?sort=shuffled&seed={SEED}", cursor)
    yield Address("list, status", "proposals?sort=newest&status=eligible")
    yield Address("list, tag on half", "proposals?sort=newest&tag=half")
    yield Address("list, rare tag", "proposals?sort=newest&tag=rare")
    yield Address("list, mine", "proposals?sort=newest&mine=1")
    yield Address("list, cards", "proposals?sort=newest&view=cards")


class Clock:
    """Processor milliseconds of this process and, on PostgreSQL, of the server's process that answers it."""

    def __init__(self) -> None:
        self.stat: Path | None = None
        if db.engine.dialect.name == "postgresql":
            pid = db.session.scalar(text("SELECT pg_backend_pid()"))
            path = Path(f"/proc/{pid}/schedstat")
            self.stat = path if path.exists() else None
            db.session.commit()

    def now(self) -> float:
        server = int(self.stat.read_text().split()[0]) / 1e6 if self.stat else 0.0
        return time.process_time() * 1000 + server


def signed_in(app: Flask, key: str) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie.update(_user_id=key, _fresh=True)
    return client


def ask(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")
    answer.close()


def compare(
    client: FlaskClient, address: Address, small: Filled, large: Filled, clock: Clock, asked: list[str], rounds: int
) -> tuple[int, int, float, float]:
    """Questions and median milliseconds of the small and the large call, asked in turn."""
    paths = address.of_small(small), address.of_large(large)
    questions, times = [], ([], [])  # type: tuple[list[int], tuple[list[float], list[float]]]
    for path in paths:
        ask(client, path)
        asked.clear()
        ask(client, path)
        questions.append(sum(not statement.startswith(("BEGIN", "ROLLBACK")) for statement in asked))
    for _ in range(rounds):
        for path, into in zip(paths, times, strict=True):
            start = clock.now()
            ask(client, path)
            into.append(clock.now() - start)
    return questions[0], questions[1], statistics.median(times[0]), statistics.median(times[1])


def measure(app: Flask, small: Filled, large: Filled, manager: str, rounds: int) -> bool:
    asked: list[str] = []
    client = signed_in(app, manager)
    with app.app_context():
        clock = Clock()
        event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        addresses = [*desk_addresses(small, large), *list_addresses(large)]
        db.session.remove()
    table, held = Table("page", "questions", "100 rows, ms", "all rows, ms", "ratio"), True
    for address in track(addresses, "pages", transient=True):
        few, many, quick, slow = compare(client, address, small, large, clock, asked, rounds)
        good = few == many and slow <= MOST * quick
        held &= good
        ratio = f"{slow / quick:.2f}{'' if good else ' !'}"
        table.add_row(
            address.name, str(few) if few == many else f"{few} / {many}", f"{quick:.1f}", f"{slow:.1f}", ratio
        )
    Console(width=120).print(table)
    return held


def search(app: Flask, large: Filled, manager: str, rounds: int) -> None:
    """Median milliseconds of processor time, whole pages."""
    client = signed_in(app, manager)
    with app.app_context():
        clock = Clock()
    pages = [f"{page}?sort={sort}&q=" for page, sorts in SEARCHED.items() for sort in sorts]
    table = Table("words", *pages)
    for words in track(WORDS, "search", transient=True):
        medians = []
        for page in pages:
            times = []
            for _ in range(rounds):
                start = clock.now()
                ask(client, f"/calls/{large.key}/{page}{words}")
                times.append(clock.now() - start)
            medians.append(statistics.median(times))
        table.add_row(
            words or "(none)", *(f"{median:.0f}{' !' if median > MOST_OF_SEARCH else ''}" for median in medians)
        )
    Console(width=160).print(table)


def most_memory() -> float:
    """The most memory this process ever held, in MiB. Read from Linux: `ru_maxrss` begins with what the parent held."""
    return int(re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[0]) / 1024


def export(app: Flask, call: str, manager: str) -> None:
    """In a process that has done nothing else."""
    client = signed_in(app, manager)
    client.get(f"/calls/{call}/desk").close()
    before = most_memory()
    for kind in ("csv", "xlsx", "zip"):
        start, size = time.process_time(), 0
        answer = client.get(f"/calls/{call}/desk/proposals.{kind}")
        for piece in answer.iter_encoded():
            size += len(piece)
        answer.close()
        seconds = time.process_time() - start
        print(
            f"{kind}: {size / 1e6:.1f} MB in {seconds:.0f} s of processor time,",
            f"most memory {most_memory():.0f} MiB (before: {before:.0f})",
            flush=True,
        )


def prepared(app: Flask, rows: int) -> tuple[Filled, Filled, str]:
    """The two calls, made unless the database has them, and a session of their manager."""
    with app.app_context():
        upgrade()
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA cache_size=-400000"))
            db.engine.dispose()
        start = time.perf_counter()
        known = find_filled()
        if not known:
            fill(min(rows, SMALL))
            fill(rows)
            with transaction() as session:
                fold_counts(session)  # as the job of each minute does
            if db.engine.dialect.name == "postgresql":
                with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.execute(text("VACUUM ANALYZE"))
            measure_file()  # and that of each hour
            print(f"filled with {rows:,} proposals in {time.perf_counter() - start:.0f} s", flush=True)
        small, large = find_filled()
        manager = make_session(db.session.get_one(Account, large.manager_id))
        db.session.remove()
    return small, large, manager


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", nargs="?", type=int, default=100_000)
    parser.add_argument("--url", default="")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", default="pages,search,export")
    parser.add_argument("--data", default="", help="a folder that is kept and used again")
    parser.add_argument("--export", help="CALL:SESSION, in a process of its own")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(asked.data or scratch)
        data.mkdir(exist_ok=True)
        url = asked.url or f"sqlite:///{data / 'bench.sqlite'}"
        app = create_app(Settings(data, url, "x" * 40, "http://localhost"))
        if asked.export:
            export(app, *asked.export.split(":"))
            return
        small, large, manager = prepared(app, asked.rows)
        with app.app_context():
            db.engine.dispose()
        if "export" in asked.only:
            again = ["-m", "bench.desk", "--url", url, "--data", str(data), f"--export={large.key}:{manager}"]
            subprocess.run([sys.executable, *again], check=True)
        held = measure(app, small, large, manager, asked.rounds) if "pages" in asked.only else True
        if "search" in asked.only:
            search(app, large, manager, max(asked.rounds, 5))
    raise SystemExit(0 if held else 1)


if __name__ == "__main__":
    main()
