"""Pages ask the database the same number of questions with 1, 3 and 300 rows, and stay quick with 10,000."""

import re
import time
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.actor import Actor
from crowd.core.shuffle import Shuffle, shuffled
from crowd.core.status import StageKind
from crowd.desk.commands import Query
from crowd.desk.commands import Sort as DeskSort
from crowd.desk.queries import Scope, list_table
from crowd.proposals.models import Proposal
from crowd.store.db import transaction
from crowd.store.search import index_new, index_text
from tests.conftest import AsUser, CountQueries
from tests.make import make_account, make_call, make_many_proposals, make_member, make_organization, make_proposal

pytestmark = pytest.mark.usefixtures("session")
ROW = re.compile(r'class="row-title"')
TITLE = re.compile(r"<bdi>(Proposal \d+)</bdi>")
NEXT = re.compile(r'href="([^"]*after=[^"]*)"')
PATIENCE = 1.5
"""Seconds for a page of the largest lists, on a busy machine."""


def test_the_directory_asks_the_same_for_1_3_and_300_calls(client: FlaskClient, count_queries: CountQueries) -> None:
    organization, asked, made = make_organization(), [], 0
    for calls in (1, 3, 300):
        for _ in range(calls - made):
            make_call(organization)
        made = calls
        with count_queries() as statements:
            page = client.get("/calls")
        assert len(ROW.findall(page.text)) == min(calls, 20)
        asked.append(len(statements))
    assert len(set(asked)) == 1


def test_the_page_of_a_proposal_asks_the_same_among_1_3_and_300(
    session: Session, as_user: AsUser, count_queries: CountQueries
) -> None:
    reader, asked = as_user(make_account()), []
    for others in (0, 2, 299):
        call = make_call()
        make_many_proposals(call, others)
        proposal = make_proposal(call)
        with count_queries() as statements:
            assert reader.get(f"/proposals/{proposal.public_id}").status_code == 200
        asked.append(len(statements))
    assert len(set(asked)) == 1


def words_of(number: int) -> str:
    """One word in nearly every text, one in the oldest alone: beyond what is read in the order of the newest."""
    return " ".join(word for word, held in (("garden", number % 20), ("lantern", number >= 350)) if held)


@pytest.mark.parametrize("word", ["garden", "lantern"])
def test_words_of_more_texts_than_are_counted_are_met_once_each_in_every_order(
    session: Session, as_user: AsUser, word: str
) -> None:
    organization = make_organization()
    call = make_call(organization, open_stage=StageKind.VOTING)
    make_many_proposals(call, 1400)
    with transaction() as writing:
        rows = writing.scalars(select(Proposal).where(Proposal.call_id == call.id).order_by(Proposal.number)).all()
        texts = [(row.id, row.title, words_of(number)) for number, row in enumerate(rows)]
        index_new(writing, "proposal", texts, within=call.id)
    manager, path = as_user(make_member(organization)), f"/calls/{call.public_id}"
    found = [row for number, row in enumerate(rows) if word in words_of(number)]
    newest, shuffle = [row.title for row in found], Shuffle.of("a")
    assert walked(session, call.id, DeskSort.NEWEST, word) == newest
    assert walked(session, call.id, DeskSort.TITLE, word) == sorted(newest)
    own = [row.title for row in shuffled(found, shuffle, lambda row: int(getattr(row, shuffle.column)))]
    for address, order in (
        ("desk/proposals?sort=newest", newest),
        ("proposals?sort=newest", newest),
        ("proposals?sort=shuffled&seed=a", own),
    ):
        titles = first_titles(manager, f"{path}/{address}&q={word}")
        assert titles == order[: len(titles)]
        assert len(titles) >= 3 * 24


def walked(session: Session, call_id: int, sort: DeskSort, word: str) -> list[str]:
    """All titles of the desk's table, in pages of 200."""
    scope, titles, cursor = Scope(call_id, 0, Actor()), list[str](), None
    while True:
        page = list_table(session, scope, Query(q=word), sort, cursor, 200).page
        titles += [row.title for row in page.items]
        if page.next is None:
            return titles
        cursor = page.next


def first_titles(client: FlaskClient, address: str) -> list[str]:
    """Those of the first three pages."""
    titles = []
    for _ in range(3):
        page = client.get(address).text
        titles += TITLE.findall(page)
        address = unescape(NEXT.findall(page)[0])
    return titles


def seconds(client: FlaskClient, path: str) -> float:
    """The quicker of two visits: the first one also compiles."""
    times = []
    for _ in range(2):
        start = time.perf_counter()
        assert client.get(path).status_code == 200
        times.append(time.perf_counter() - start)
    return min(times)


@pytest.mark.soak
@pytest.mark.parametrize("stage", [StageKind.SUBMISSION, StageKind.VOTING])
def test_a_list_of_10000_proposals_and_a_search_in_it_are_quick(
    session: Session, as_user: AsUser, stage: StageKind
) -> None:
    call = make_call(open_stage=stage)
    make_many_proposals(call, 10_000)
    with transaction() as writing:
        for id_, title in writing.execute(select(Proposal.id, Proposal.title)).all():
            index_text(writing, "proposal", id_, title, "a garden behind the library", within=call.id)
    reader = as_user(make_account())
    path = f"/calls/{call.public_id}/proposals"
    assert "10,000 proposals" in reader.get(path).text
    assert [seconds(reader, path + query) < PATIENCE for query in ("", "?sort=newest", "?q=garden", "?q=9999")] == [
        True
    ] * 4
