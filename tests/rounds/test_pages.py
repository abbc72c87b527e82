"""The page of a round: what everybody sees, and what waits outside the list for the organization's people."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from crowd.core.rules import Audience, Publicity
from crowd.core.status import OrganizationRole, ProposalStatus, StageKind
from crowd.organizations.models import Organization
from crowd.rounds.queries import candidates_of
from crowd.store.db import transaction
from tests.conftest import AsUser
from tests.make import (
    make_account,
    make_call,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    move_stages,
    open_all,
    round_row,
)


def open_call(organization: Organization) -> str:
    call = make_call(organization, open_stage=StageKind.VOTING)
    make_proposal(call, title="On the list")
    make_proposal(call, title="Never screened", status=ProposalStatus.SUBMITTED)
    open_all(call)
    return call.public_id


def test_the_page_tells_the_rules_of_the_round_and_who_stands(session: Session, client: FlaskClient) -> None:
    key = open_call(make_organization())
    page = client.get(f"/calls/{key}/rounds/crowd").text
    for words in (
        "Everybody with a confirmed e-mail address, one ballot each",
        "Support up to 3 proposals.",
        "Each ballot counts one for every proposal it supports.",
        "Counts stay hidden until the round closes",
        "On the list",
    ):
        assert words in page
    assert "Waiting outside" not in page
    assert "Never screened" not in page


def test_moderators_see_what_was_not_screened_in_time(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    key = open_call(organization)
    page = as_user(make_member(organization, OrganizationRole.MODERATOR)).get(f"/calls/{key}/rounds/crowd").text
    assert (
        page.index("Waiting outside") < page.index("Never screened") < page.index("Overdue") < page.index("Screen it")
    )
    assert "Add to the list" not in page


def test_a_manager_adds_a_late_candidate_with_a_public_reason(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    call = make_call(organization, open_stage=StageKind.VOTING)
    open_all(call)
    late = make_proposal(call, title="Found eligible late")
    url, manager = f"/calls/{call.public_id}/rounds/crowd", as_user(make_member(organization))
    add = f"{url}/candidates/{late.public_id}"
    assert "Add to the list" in manager.get(url).text
    refused = manager.post(add, data={f"{late.public_id}-reason": " "})
    assert (refused.status_code, "This is needed." in refused.text) == (422, True)
    assert candidates_of(session, round_row(call).id) == []
    assert manager.post(add, data={f"{late.public_id}-reason": "Screened a day late."}).status_code == 303
    assert [candidate.proposal_id for candidate in candidates_of(session, round_row(call).id)] == [late.id]
    again = manager.post(add, data={f"{late.public_id}-reason": "Once more."})
    assert (again.status_code, "on the list already" in again.text) == (422, True)


def test_nobody_else_adds_a_candidate(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    call = make_call(organization, open_stage=StageKind.VOTING)
    open_all(call)
    late = make_proposal(call)
    add = f"/calls/{call.public_id}/rounds/crowd/candidates/{late.public_id}"
    for account in (make_account(), make_member(organization, OrganizationRole.MODERATOR)):
        assert as_user(account).post(add, data={f"{late.public_id}-reason": "Please."}).status_code == 403
    assert as_user(make_member(organization)).post(f"{add[:-1]}", data={"reason": "x"}).status_code == 404
    assert candidates_of(session, round_row(call).id) == []


def test_candidates_that_are_not_public_are_counted_only(session: Session, client: FlaskClient) -> None:
    call = make_call(rules=make_rules(StageKind.VOTING, publicity=Publicity.NEVER))
    make_proposal(call, title="A secret candidate")
    open_all(call)
    page = client.get(f"/calls/{call.public_id}/rounds/crowd").text
    assert "A secret candidate" not in page
    assert "No candidate of this round is public." in page


def test_a_round_that_may_not_be_seen_does_not_exist(session: Session, client: FlaskClient) -> None:
    hidden = make_call(rules=make_rules(StageKind.VOTING, audience=Audience.MEMBERS))
    shown = make_call(open_stage=StageKind.VOTING)
    for key, name in ((hidden.public_id, "crowd"), (shown.public_id, "nothing"), ("unknown", "crowd")):
        assert client.get(f"/calls/{key}/rounds/{name}").status_code == 404


def test_a_withdrawn_candidate_is_struck_through_in_the_count(session: Session, client: FlaskClient) -> None:
    call = make_call(open_stage=StageKind.VOTING)
    make_proposal(call, title="Stays")
    leaves = make_proposal(call, title="Leaves")
    open_all(call)
    with transaction(leaves):
        leaves.status = ProposalStatus.WITHDRAWN
    move_stages(call, timedelta(days=10))
    page = client.get(f"/calls/{call.public_id}/rounds/crowd").text
    row = page[page.index("<tr data-withdrawn") :]
    assert row.index("Leaves") < row.index("no longer stands") < row.index("</tr>")
    assert page.index("Stays") < page.index("<tr data-withdrawn")
