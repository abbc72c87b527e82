"""The desk's list of open problems, through its page."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from crowd.core.rules import Field, FieldKind
from crowd.core.status import OrganizationRole, Outcome, ProposalStatus, StageKind
from crowd.proposals.models import Proposal
from crowd.selection.models import Verdict
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser, CountQueries
from tests.make import JURY, VOTE, make_call, make_member, make_organization, make_proposal, make_rules

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


def test_moderators_are_told_what_they_can_mend_and_no_more(as_user: AsUser) -> None:
    organization = make_organization()
    call = make_call(organization, make_rules(StageKind.SELECTION))
    make_proposal(call)
    make_proposal(call, status=ProposalStatus.SUBMITTED)
    desk = f"/calls/{call.public_id}/desk"
    manager = as_user(make_member(organization)).get(desk).text
    moderator = as_user(make_member(organization, OrganizationRole.MODERATOR)).get(desk).text
    assert "unscreened" in manager
    assert f"{desk.removesuffix('/desk')}/decisions" in manager
    assert "unscreened" in moderator
    assert "for the decision" not in moderator
    assert f'href="{desk.removesuffix("/desk")}/decisions"' not in moderator


def test_a_round_that_never_opened_says_so_wherever_one_looks_for_it(client: FlaskClient, as_user: AsUser) -> None:
    organization = make_organization()
    later = replace(JURY, field=Field(FieldKind.BEST, source="crowd", best=1))
    key = make_call(organization, make_rules(StageKind.SELECTION, rounds=(VOTE, later))).public_id
    manager = as_user(make_member(organization))
    assert "without having opened: its list was never confirmed" in manager.get(f"/calls/{key}/desk").text
    for reader, told in ((client, 0), (manager, 1)):
        page = reader.get(f"/calls/{key}/rounds/jury").text
        assert "It closed without having opened" in page
        assert page.count("A stage that is over is not opened again") == told
        assert "Confirm the list" not in page
    assert "It closed without having opened" in manager.get(f"/calls/{key}/reviews").text
