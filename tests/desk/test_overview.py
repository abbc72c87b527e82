"""The desk's list of open problems, through its page."""

import pytest
from sqlalchemy import update

from crowd.core.status import Outcome, StageKind
from crowd.proposals.models import Proposal
from crowd.selection.models import Verdict
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser, CountQueries
from tests.make import make_call, make_member, make_organization, make_proposal, make_rules

pytestmark = pytest.mark.usefixtures("session")


def test_the_desk_and_the_start_page_tell_the_same_of_open_verdicts_and_unpublished_results(
    as_user: AsUser, count_queries: CountQueries
) -> None:
    organization = make_organization()
    manager = as_user(make_member(organization))
    call = make_call(organization, make_rules(StageKind.SELECTION, title="Green"))
    first, second = make_proposal(call), make_proposal(call)
    desk = f"/calls/{call.public_id}/desk"

    def decide(proposal: Proposal, reason: str) -> None:
        with transaction() as session:
            session.add(Verdict(proposal_id=proposal.id, outcome=Outcome.SELECTED, reason=reason, decided_at=utc_now()))

    with count_queries() as before:
        page = manager.get(desk).text
    assert "2 proposals wait for the decision; results are due" in page
    assert f"{desk.removesuffix('/desk')}/decisions" in page
    assert "Nothing is open" not in page
    assert "“Green”: 2 proposals wait for the decision." in manager.get("/").text
    decide(first, "Wanted.")
    assert "1 proposal waits for the decision; results are due" in manager.get(desk).text
    assert "“Green”: 1 proposal waits for the decision." in manager.get("/").text
    decide(second, "  ")
    assert "1 proposal waits for the decision" in manager.get(desk).text
    with transaction() as session:
        session.execute(update(Verdict).values(reason="Good."))
    with count_queries() as after:
        page = manager.get(desk).text
    assert "All is decided, and the results wait to be published; they are due" in page
    assert f"/calls/{call.public_id}/decisions/publish" in page
    assert len(after) == len(before)
    assert "“Green”: all is decided, and the results wait to be published." in manager.get("/").text
