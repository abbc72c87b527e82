"""The start page: what it tells strangers, and what needs the signed-in."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.rules import Audience
from crowd.core.status import AssignmentStatus, JurorStatus, MemberStatus, OrganizationStatus, ProposalStatus, StageKind
from crowd.organizations.gates import actor_of
from crowd.pages.queries.desk import list_needs
from crowd.proposals.models import TeamMember
from crowd.reviews.models import Assignment, Juror
from crowd.rounds.models import CallRound
from crowd.store.db import transaction, utc_now
from crowd.voting.models import Voter
from tests.conftest import AsUser, CountQueries
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, make_rules

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("session")]


def needs(session: Session, account: Account) -> list[tuple[str, int]]:
    return [(need.kind, need.count) for need in list_needs(session, actor_of(session, account.id), utc_now())]


def round_of(session: Session, call: Call, key: str) -> CallRound:
    return session.scalars(select(CallRound).where(CallRound.call_id == call.id, CallRound.key == key)).one()


def open_round(session: Session, call: Call, key: str) -> CallRound:
    row = round_of(session, call, key)
    with transaction(row):
        row.opened_at = utc_now()
    return row


def test_strangers_see_public_open_calls_and_no_others(client: FlaskClient) -> None:
    make_call(rules=make_rules(title="Open to all"))
    make_call(rules=make_rules(title="For members", audience=Audience.MEMBERS))
    make_call(rules=make_rules(title="By link only", audience=Audience.UNLISTED))
    make_call(rules=make_rules(StageKind.VOTING, title="Being voted"))
    make_call(make_organization(status=OrganizationStatus.REQUESTED), make_rules(title="Not approved"))
    page = client.get("/").text
    shown = [t for t in ("Open to all", "For members", "By link only", "Being voted", "Not approved") if t in page]
    assert shown == ["Open to all"]


def test_results_are_told_as_numbers(client: FlaskClient) -> None:
    call = make_call(rules=make_rules(StageKind.RESULTS, title="The decided one"))
    for status in (ProposalStatus.SELECTED, ProposalStatus.NOT_SELECTED, ProposalStatus.NOT_SELECTED):
        make_proposal(call, status=status)
    assert "The decided one" not in client.get("/").text
    with transaction(call):
        call.results_published_at = utc_now()
    page = client.get("/").text
    assert "3 proposals handed in. 1 was selected, and here is why." in page


def test_a_draft_needs_its_lead_while_submission_is_open(session: Session) -> None:
    lead, call, late = make_account(), make_call(), make_call(rules=make_rules(StageKind.VOTING))
    make_proposal(call, lead, status=ProposalStatus.DRAFT)
    make_proposal(late, lead, status=ProposalStatus.DRAFT)
    assert needs(session, lead) == [("draft", 1)]
    assert needs(session, make_account()) == []


def test_a_correction_needs_its_team_until_its_date(session: Session) -> None:
    lead, call = make_account(), make_call(rules=make_rules(StageKind.SCREENING))
    proposal = make_proposal(call, lead, status=ProposalStatus.CORRECTION)
    assert needs(session, lead) == [("correction", 1)]
    with transaction(proposal):
        proposal.correction_due = utc_now() - timedelta(minutes=1)
    assert needs(session, lead) == []


def test_an_invitation_to_a_team_waits_for_its_answer(session: Session, as_user: AsUser) -> None:
    invited, proposal = make_account(), make_proposal(make_call())
    with transaction() as writing:
        writing.add(
            TeamMember(
                proposal_id=proposal.id,
                account_id=invited.id,
                name=invited.name,
                email=invited.email,
                email_folded=invited.email_folded,
                share=0,
                status=MemberStatus.PENDING,
                invited_at=utc_now(),
            )
        )
    assert needs(session, invited) == [("team_invitation", 1)]
    path = f"/team/my-{proposal.public_id}"
    assert path in as_user(invited).get("/").text
    assert as_user(invited).get(path).status_code == 200
    assert as_user(make_account()).get(path).status_code == 404
    assert as_user(invited).post(f"{path}/accept").status_code == 303
    assert needs(session, invited) == []


def test_an_open_vote_needs_those_who_have_not_voted(session: Session) -> None:
    call = make_call(rules=make_rules(StageKind.VOTING))
    voter, unverified = make_account(), make_account(verified=False)
    assert needs(session, voter) == []
    row = open_round(session, call, "crowd")
    assert needs(session, voter) == [("ballot", 1)]
    assert needs(session, unverified) == []
    with transaction() as writing:
        writing.add(Voter(round_id=row.id, account_id=voter.id, cast_at=utc_now()))
    assert needs(session, voter) == []


@pytest.mark.both_databases
def test_a_juror_is_told_how_many_reviews_are_open(session: Session) -> None:
    call = make_call(rules=make_rules(StageKind.REVIEW))
    account, row = make_account(), open_round(session, call, "jury")
    proposals = [make_proposal(call) for _ in range(3)]
    with transaction() as writing:
        juror = Juror(
            round_id=row.id,
            account_id=account.id,
            email=account.email,
            email_folded=account.email_folded,
            name=account.name,
            status=JurorStatus.ACCEPTED,
            token_hash="one",
            copied_hash="two",
            invited_at=utc_now(),
        )
        writing.add(juror)
        writing.flush()
        for proposal, status in zip(
            proposals, (AssignmentStatus.ASSIGNED, AssignmentStatus.ASSIGNED, AssignmentStatus.SUBMITTED), strict=True
        ):
            writing.add(
                Assignment(
                    round_id=row.id, juror_id=juror.id, proposal_id=proposal.id, assigned_at=utc_now(), status=status
                )
            )
    assert needs(session, account) == [("review", 2)]


def test_staff_are_told_what_waits_for_screening_but_not_their_own(session: Session) -> None:
    organization = make_organization()
    manager, call = make_member(organization), make_call(organization)
    make_proposal(call, status=ProposalStatus.SUBMITTED)
    make_proposal(call, manager, status=ProposalStatus.SUBMITTED)
    assert needs(session, manager) == [("screening", 1)]


def test_managers_are_told_when_the_decision_is_due(session: Session) -> None:
    organization = make_organization()
    manager = make_member(organization)
    call = make_call(organization, make_rules(StageKind.SELECTION))
    make_proposal(call)
    make_proposal(call)
    assert needs(session, manager) == [("decision", 2)]
    with transaction(call):
        call.results_published_at = utc_now()
    assert needs(session, manager) == []


@pytest.mark.both_databases
def test_admins_are_told_of_organizations_that_wait(session: Session) -> None:
    make_organization(status=OrganizationStatus.REQUESTED)
    assert needs(session, make_account(admin=True)) == [("organizations", 1)]
    assert needs(session, make_account()) == []


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_start_page_costs_the_same_queries_whatever_it_shows(
    as_user: AsUser, count_queries: CountQueries, rows: int
) -> None:
    organization = make_organization()
    manager = make_member(organization)
    for _ in range(rows):
        call = make_call(organization)
        make_proposal(call, manager, status=ProposalStatus.DRAFT)
        make_proposal(call, status=ProposalStatus.SUBMITTED)
    person = as_user(manager)
    with count_queries() as queries:
        assert person.get("/").status_code == 200
    assert len(queries) == 20


def test_a_need_is_a_sentence_that_ends_in_its_act(as_user: AsUser) -> None:
    lead, call = make_account(), make_call()
    proposal = make_proposal(call, lead, title="A pond", status=ProposalStatus.DRAFT)
    page = as_user(lead).get("/").text
    assert "Your proposal “A pond” is a draft: it is not handed in yet." in page
    assert f'href="/proposals/{proposal.public_id}/edit"' in page


def test_the_foot_of_a_page_turns_it_into_the_other_language_and_back(client: FlaskClient, as_user: AsUser) -> None:
    for reader in (client, as_user(make_account())):
        for language, other in (("en", "es"), ("es", "en")):
            page = reader.get("/calls").text
            assert f'<html lang="{language}"' in page
            foot = page[page.index('<form method="post" action="/language"') :]
            (name, value), *_rest = re.findall(r'<button type="submit" name="(\w+)" value="(\w+)"', foot)
            assert value == other
            answer = reader.post("/language", data={name: value, "next": "/calls"})
            assert answer.headers["Location"] == "/calls"
