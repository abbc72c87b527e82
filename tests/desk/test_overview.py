"""The desk's list of open problems, through its page."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from crowd.core.rules import Electorate, Field, FieldKind
from crowd.core.status import OrganizationRole, Outcome, ProposalStatus, StageKind
from crowd.proposals.models import Proposal
from crowd.selection.models import Verdict
from crowd.store.db import transaction, utc_now
from crowd.voting.models import Elector, VoterCode
from tests.conftest import AsUser, CountQueries
from tests.make import (
    JURY,
    VOTE,
    make_account,
    make_call,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    round_row,
)

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


def test_reports_and_votes_without_voters_lead_to_where_they_are_mended(
    as_user: AsUser, count_queries: CountQueries
) -> None:
    organization = make_organization()
    rounds = (
        replace(VOTE, electorate=Electorate.INVITED),
        replace(VOTE, key="codes", electorate=Electorate.CODES, secret=True),
    )
    call = make_call(organization, make_rules(rounds=rounds))
    proposals = [make_proposal(call) for _ in range(2)]
    manager, moderator = (
        as_user(make_member(organization, role)) for role in (OrganizationRole.MANAGER, OrganizationRole.MODERATOR)
    )
    desk, url = f"/calls/{call.public_id}/desk", f"/calls/{call.public_id}"
    with count_queries() as before:
        page = manager.get(desk).text
    assert page.count("but nobody may vote: no address is on the list, or no code is made.") == 2
    for key in ("crowd", "codes"):
        assert f'href="{url}/rounds/{key}/electorate"' in page
    assert "nobody may vote" not in moderator.get(desk).text
    assert "reported" not in page
    for proposal in proposals:
        report = {"code": "spam", "text": "An advertisement."}
        assert as_user(make_account()).post(f"/proposals/{proposal.public_id}/report", data=report).status_code == 303
    with transaction() as session:
        address = {"email": "a@example.org", "email_folded": "a@example.org", "added_at": utc_now()}
        session.add(Elector(round_id=round_row(call).id, **address))
        code = {"code_hash": "0" * 64, "batch": 1, "made_at": utc_now()}
        session.add(VoterCode(round_id=round_row(call, "codes").id, **code))
    with count_queries() as after:
        page = manager.get(desk).text
    assert "nobody may vote" not in page
    for reader in (manager, moderator):
        assert "2 reported texts wait for a decision." in reader.get(desk).text
        assert f'href="{url}/reports"' in reader.get(desk).text
    assert len(after) == len(before)
