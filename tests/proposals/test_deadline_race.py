"""Many hand in around the closing second, over real connections: each is taken or refused by the clock behind the lock, none is lost."""

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from crowd.calls.models import Call, CallStage
from crowd.core.status import MemberStatus, ProposalStatus, StageKind
from crowd.mailing.models import Mail
from crowd.proposals.models import Proposal, ProposalVersion, TeamMember
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser, Drain, stepping_aside
from tests.make import make_account, make_call, make_proposal

TAKEN, REFUSED = "Your proposal is handed in.", "Your draft is kept; it was not handed in."


@dataclass
class Entry:
    """One person's request: when it left and came back, and what the page said."""

    key: str
    cookie: str
    after: float
    sent: datetime | None = None
    answered: datetime | None = None
    status: int = 0
    location: str = ""
    page: str = ""


@contextmanager
def serving(app: Flask) -> Iterator[int]:
    """The application behind a socket; gives its port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join(timeout=30)


def close_at(call: Call, moment: datetime) -> None:
    with transaction() as session:
        stages = session.scalars(select(CallStage).where(CallStage.call_id == call.id)).all()
        first = next(stage for stage in stages if stage.kind is StageKind.SUBMISSION)
        assert first.closes_at
        gap = first.closes_at - moment
        for stage in stages:
            stage.opens_at -= gap
            stage.closes_at = stage.closes_at and stage.closes_at - gap


def post(port: int, entry: Entry, fields: list[tuple[str, str]]) -> None:
    headers = {"Host": "localhost", "Cookie": entry.cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    entry.sent = utc_now()
    connection.request("POST", f"/proposals/{entry.key}/submit", urlencode(fields), headers)
    answer = connection.getresponse()
    entry.page, entry.status, entry.answered = answer.read().decode(), answer.status, utc_now()
    entry.location = answer.headers.get("Location", "")
    connection.close()


def warm_up(port: int, entry: Entry) -> None:
    """The first page that a process draws takes a second longer than any after."""
    post(port, entry, [("version", "1")])
    assert entry.status == 422


def hand_in(port: int, entry: Entry, closing: datetime) -> None:
    time.sleep(max((closing - utc_now()).total_seconds() + entry.after, 0))
    post(port, entry, [("declarations", "0"), ("declarations", "1"), ("version", "1")])


@pytest.mark.parametrize(
    ("count", "spread"), [(24, 0.4), pytest.param(200, 2.0, marks=[pytest.mark.soak, pytest.mark.timeout(600)])]
)
def test_each_is_taken_or_refused_by_the_locked_clock_and_told_which(
    app: Flask, as_user: AsUser, session: Session, drain: Drain, count: int, spread: float
) -> None:
    call, entries = make_call(), []
    for place in range(count):
        author = make_account(f"Person {place}")
        draft = make_proposal(call, author, status=ProposalStatus.DRAFT, title=f"Idea {place}")
        cookie = as_user(author).get_cookie("apertura")
        assert cookie
        # A third in good time, the rest from shortly before the closing second to shortly after.
        after = -60.0 if place % 3 == 0 else spread * (2 * place / count - 1)
        entries.append(Entry(draft.public_id, f"apertura={cookie.value}", after))
    with serving(app) as port, stepping_aside():
        warm_up(port, entries[0])
        closing = utc_now() + timedelta(seconds=2 + count / 40)
        close_at(call, closing)
        threads = [threading.Thread(target=hand_in, args=(port, entry, closing)) for entry in entries]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert {entry.status for entry in entries} <= {303, 409}
    taken = {entry.key for entry in entries if entry.status == 303}
    for entry in entries:
        assert entry.sent is not None
        assert entry.answered is not None
        if entry.key in taken:
            assert entry.location == f"/proposals/{entry.key}/receipt"
            assert entry.sent < closing
        else:
            assert REFUSED in entry.page
            assert entry.answered >= closing
    rows = {row.public_id: row for row in session.scalars(select(Proposal))}
    assert len(rows) == count
    for place, entry in enumerate(entries):
        row = rows[entry.key]
        assert (row.title, row.body) == (
            f"Idea {place}",
            "The tree stands alone.\n\nA bench would make it a place to meet.",
        )
        if entry.key in taken:
            assert row.submitted_at is not None
            assert row.submitted_at < closing
        else:
            assert (row.status, row.number, row.submitted_at) == (ProposalStatus.DRAFT, None, None)
    numbers = sorted(rows[key].number or 0 for key in taken)
    session.refresh(call)
    assert numbers == list(range(1, len(taken) + 1))
    assert call.proposals_count == call.last_number == len(taken)
    assert session.scalar(select(func.count()).select_from(ProposalVersion)) == len(taken)
    assert 0 < len(taken) < count

    drain()
    receipts = session.scalars(select(Mail.account_id).where(Mail.kind == "proposal_received")).all()
    members = select(TeamMember.account_id, Proposal.public_id).join(Proposal, Proposal.id == TeamMember.proposal_id)
    authors = dict(session.execute(members.where(TeamMember.status == MemberStatus.ACCEPTED)).all())
    assert sorted(authors[id_] for id_ in receipts) == sorted(taken)
