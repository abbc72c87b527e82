"""What the benchmarks of voting share: an open vote with its voters, a server, a storm of ballots, and the look whether all are there."""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import func, insert, select

from crowd.accounts.gates import login_manager
from crowd.accounts.models import Account, BrowserSession
from crowd.calls.models import Call
from crowd.config import Settings
from crowd.core.status import StageKind
from crowd.factory import create_app
from crowd.store.db import db, transaction, utc_now
from crowd.store.secrets import new_token, token_hash
from crowd.store.types import new_public_ids
from crowd.voting.models import Ballot, Leaf, Voter
from tests.make import VOTE, make_call, make_organization, make_proposal, make_rules, open_all
from tests.services import get_server

CANDIDATES, AT_ONCE = 20, 16
WAIT = 0.2
LENGTH = re.compile(rb"content-length: *(\d+)")


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
    with app.test_request_context(environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        here = login_manager._session_identifier_generator()  # noqa: SLF001 (as login_user)
    requests = [_request(app, call, keys, {"_user_id": token, "_fresh": True, "_id": here}, port) for token in tokens]
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


def _request(app: Flask, call: Call, keys: list[str], signed_in: dict[str, object], port: int) -> bytes:
    """The bytes of one cast, with the cookie of a signed-in browser, as signing in makes it, and the token of its form."""
    plain = secrets.token_hex(20)
    csrf = URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token").dumps(plain)
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    signed = serializer.dumps({"csrf_token": plain, **signed_in}) if serializer else ""
    chosen = secrets.SystemRandom().sample(keys, 3)
    body = urlencode([("csrf_token", csrf), *(("support", key) for key in chosen)])
    head = (
        f"POST /calls/{call.public_id}/vote/cast?round={VOTE.key} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Cookie: {app.config['SESSION_COOKIE_NAME']}={signed}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


@dataclass
class Storm:
    """What became of it: seconds of each answer, and which requests were acknowledged with the way to the receipt."""

    took: list[float] = field(default_factory=list)
    good: set[int] = field(default_factory=set)
    seconds: float = 0.0
    broken: int = 0


def storm(port: int, requests: list[bytes], *, stubborn: Callable[[], bool] = lambda: False) -> Storm:
    """`AT_ONCE` voters, a thread each, post over kept connections. While `stubborn`, whoever gets no answer tries again."""
    found, waiting, lock = Storm(), iter(enumerate(requests)), threading.Lock()

    def voter(_number: int) -> None:
        with closing(Line(port)) as line:
            while True:
                with lock:
                    number, request = next(waiting, (-1, b""))
                if number < 0:
                    return
                took, accepted, broken = _cast(line, request, stubborn=stubborn)
                with lock:
                    found.took.append(took)
                    found.broken += broken
                    if accepted:
                        found.good.add(number)

    begin = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(voter, range(AT_ONCE)))
    found.seconds = time.perf_counter() - begin
    return found


def _cast(line: "Line", request: bytes, *, stubborn: Callable[[], bool]) -> tuple[float, bool, int]:
    """Seconds of the answer that counts, whether it shows the way to the receipt, and how often there was none."""
    broken = 0
    while True:
        begin = time.perf_counter()
        try:
            head = line.ask(request)
        except OSError:
            line.close()
            head = b""
            broken += 1
        accepted = head.startswith(b"HTTP/1.1 303") and b"/vote/receipt?" in head
        if accepted or not stubborn():
            return time.perf_counter() - begin, accepted, broken
        time.sleep(WAIT)


class Line:
    """A connection to the server that is kept from one request to the next, and made anew where it was ended."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def ask(self, request: bytes) -> bytes:
        """The head of the answer, after its body was read."""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=120)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        read, end = b"", -1
        while end < 0:
            read += self._more()
            end = read.find(b"\r\n\r\n")
        head = read[:end].lower()
        length = LENGTH.search(head)
        left = (int(length[1]) if length else 0) - (len(read) - end - 4)
        while left > 0:
            left -= len(self._more())
        if b"connection: close" in head:
            self.close()
        return read[:end]

    def _more(self) -> bytes:
        read = self._socket.recv(65536) if self._socket else b""
        if not read:
            raise ConnectionResetError
        return read

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = None


def start(environment: dict[str, str], port: int) -> subprocess.Popen[bytes]:
    """`flask serve` in a process group of its own; returns once it answers."""
    command = [str(Path(sys.executable).with_name("flask")), "serve"]
    server = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    for _ in range(900):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def kill(server: subprocess.Popen[bytes]) -> None:
    """Everything of it at once, as a power cut of the machine would."""
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


@contextmanager
def served(environment: dict[str, str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server that has started whole: it answers before its job runner and its model of language are loaded."""
    server = start(environment, port)
    try:
        until(lambda: _at_rest(server.pid), "the server comes to rest")
        yield server
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


@contextmanager
def postgres(folder: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """A server from the wheel with its usual settings, its URL, and what kills and restarts it."""
    server = get_server(folder, cleanup_mode="stop")

    def crash() -> None:
        note = folder / "postmaster.pid"
        postmaster = int(note.read_text().splitlines()[0])
        family = [pid for pid, parent in living().items() if postmaster in (pid, parent)]
        os.kill(postmaster, signal.SIGKILL)
        until(lambda: not living().keys() & family, "the processes of PostgreSQL end")
        for lock in (note, *folder.glob(".s.PGSQL.*.lock")):
            lock.unlink(missing_ok=True)  # a dead one that nobody has buried yet would be taken for running
        server.ensure_postgres_running()

    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1), crash
    finally:
        server.cleanup()


def living() -> dict[int, int]:
    """Process → its parent, of all that run; the dead whom nobody has buried yet are none."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                found[int(path.parent.name)] = int(parent)
    return found


def until(holds: Callable[[], bool], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds:.0f} s in vain: {what}")
        time.sleep(0.1)


def _at_rest(group: int) -> bool:
    """Whether the processes of a group do hardly anything for a second."""
    before = _ticks(group)
    time.sleep(1)
    return _ticks(group) - before <= os.sysconf("SC_CLK_TCK") // 20


def _ticks(group: int) -> int:
    """What they have used of the processors so far."""
    spent = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            numbers = path.read_text().rpartition(")")[2].split()
            if int(numbers[2]) == group:
                spent += int(numbers[11]) + int(numbers[12])
    return spent


def environment_of(folder: Path, port: int, url: str | None) -> dict[str, str]:
    found = {
        "APERTURA_DATA": str(folder),
        "APERTURA_PORT": str(port),
        "APERTURA_WORKERS": "2",
        "APERTURA_THREADS": "8",
        "APERTURA_LOG_LEVEL": "WARNING",
        "APERTURA_SECRET_KEY": secrets.token_hex(32),
    }
    return found | ({"APERTURA_DATABASE_URL": url} if url else {})


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def make_app(environment: dict[str, str]) -> Flask:
    return create_app(Settings.from_env(environment))


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
