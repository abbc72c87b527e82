"""One account voting at four worker processes at once: one ballot, a count that agrees, no server error."""

import http.client
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from crowd.accounts.models import Account
from crowd.config import Settings
from crowd.core.status import StageKind
from crowd.factory import create_app
from crowd.store.db import db, transaction, utc_now
from crowd.voting.actions import count_round
from crowd.voting.models import Ballot
from crowd.voting.queries import latest_tally
from tests.conftest import BACKEND
from tests.databases import scratch_database
from tests.make import (
    make_account,
    make_call,
    make_proposal,
    make_rules,
    make_session,
    move_stages,
    open_all,
    round_row,
)
from tests.serving import serve
from tests.voting.conftest import marks_in

pytestmark = [pytest.mark.own_database, pytest.mark.soak, pytest.mark.timeout(900)]
AT_ONCE = 50
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Tab:
    """A signed-in browser at the live server, as plain values for threads."""

    url: str
    cookie: str
    token: str

    def post(self, path: str, choice: list[str]) -> int:
        fields = [("csrf_token", self.token), *(("support", key) for key in choice)]
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=120)
        connection.request("POST", path, urlencode(fields), headers)
        status = connection.getresponse().status
        connection.close()
        return status


@dataclass(frozen=True)
class Installation:
    """The served installation, and an application on the same database."""

    app: Flask
    url: str

    def tab(self, account: Account, page: str) -> Tab:
        client = self.app.test_client()
        with client.session_transaction(base_url=self.url) as cookie:
            cookie.update(_user_id=make_session(account), _fresh=True)
        text = client.get(page, base_url=self.url).text
        sent = client.get_cookie("apertura", domain="127.0.0.1")
        assert sent is not None
        return Tab(self.url, f"apertura={sent.value}", TOKEN.findall(text)[0])


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with (
        scratch_database(BACKEND, tmp_path, "workers") as url,
        serve(tmp_path / "data", database_url=url, secret_key="x" * 40, workers="4", threads="4") as server,
    ):
        assert server.environ is not None
        app = create_app(Settings.from_env(server.environ))
        with app.app_context():
            yield Installation(app, server.url)
            db.session.remove()
            db.engine.dispose()


def together(work: Callable[[int], int]) -> Counter[int]:
    gate = Barrier(AT_ONCE)

    def one(n: int) -> int:
        gate.wait(60)
        return work(n)

    db.session.commit()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = Counter(pool.map(one, range(AT_ONCE)))
    db.session.expire_all()
    return answers


def test_fifty_votes_of_one_account_at_four_workers_leave_one_ballot_and_the_count_agrees(
    installation: Installation,
) -> None:
    call = make_call(rules=make_rules(StageKind.VOTING))
    keys = [make_proposal(call, title=f"Proposal {n}").public_id for n in range(5)]
    open_all(call)
    here = f"/calls/{call.public_id}/vote"
    tab = installation.tab(make_account(), f"{here}?round=crowd")
    assert together(lambda n: tab.post(f"{here}/cast?round=crowd", [keys[n % 5]])) == {303: AT_ONCE}
    assert len(db.session.scalars(select(Ballot)).all()) == len(marks_in(db.session())) == 1
    chance = random.Random(7)
    plans = [(chance.choice(["cast", "cast", "withdraw"]), chance.sample(keys, 2)) for _ in range(AT_ONCE)]
    assert together(lambda n: tab.post(f"{here}/{plans[n][0]}?round=crowd", plans[n][1])) == {303: AT_ONCE}
    assert len(db.session.scalars(select(Ballot)).all()) == 1
    assert tab.post(f"{here}/cast?round=crowd", [keys[3]]) == 303
    db.session.commit()
    db.session.expire_all()
    assert marks_in(db.session()) == [{keys[3]: 1}]
    move_stages(call, timedelta(days=6))
    row = round_row(call)
    with transaction(row) as write:
        count_round(write, row, utc_now())
    stored = latest_tally(db.session(), row.id)
    assert stored is not None
    assert +Counter(stored.tally.votes) == {keys[3]: 1}
    assert row.ballots_count == stored.tally.ballots == 1
