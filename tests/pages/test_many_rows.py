"""Pages ask the database the same number of questions with 1, 3 and 300 rows, and stay quick with 10,000."""

import re
import time

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.status import StageKind
from crowd.proposals.models import Proposal
from crowd.store.db import transaction
from crowd.store.search import index_text
from tests.conftest import AsUser, CountQueries
from tests.make import make_account, make_call, make_many_proposals, make_organization, make_proposal

pytestmark = pytest.mark.usefixtures("session")
ROW = re.compile(r'class="row-title"')
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
