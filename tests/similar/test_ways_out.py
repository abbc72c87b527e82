"""What a writer can do about a similar proposal: support it, join it, say how theirs differs."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.status import JoinStatus, MemberStatus, OrganizationRole, ProposalStatus, StageKind
from crowd.mailing.models import Mail
from crowd.proposals.models import Difference, JoinRequest, Proposal, TeamMember
from crowd.store.db import transaction
from tests.conftest import AsUser, CountQueries, Drain
from tests.make import (
    make_account,
    make_assignment,
    make_call,
    make_juror,
    make_member,
    make_organization,
    make_proposal,
    round_row,
)
from tests.similar.test_similar import QUERY, SHADE, written

TITLE, _, SUMMARY = QUERY.partition(". ")
FORM = {"title": TITLE, "summary": SUMMARY, "body": "", "language": "en", "version": "1"}


@pytest.fixture
def lead(session: Session) -> Account:
    account = make_account("Lena Ortiz")
    with transaction(account):
        account.language = "es"
    return account


@pytest.fixture
def call(session: Session) -> Call:
    return make_call()


@pytest.fixture
def shade(call: Call, lead: Account, drain: Drain) -> Proposal:
    proposal = written(call, SHADE, author=lead)
    drain()
    return proposal


@pytest.fixture
def writer(session: Session) -> Account:
    return make_account("Wim Writer")


def draft_of(call: Call, author: Account) -> Proposal:
    draft = make_proposal(call, author, title=TITLE, status=ProposalStatus.DRAFT)
    with transaction(draft):
        draft.summary, draft.body = SUMMARY, ""
    return draft


def test_the_list_appears_while_one_writes(client: FlaskClient, call: Call, shade: Proposal) -> None:
    page = client.get(f"/calls/{call.public_id}/propose").text
    assert f'data-similar="/calls/{call.public_id}/similar"' in page
    fragment = client.post(f"/calls/{call.public_id}/similar", data={**FORM, "part": "list"}).text
    assert SHADE[0] in fragment
    assert "<html" not in fragment
    assert "1 proposal in this call is like yours." in fragment
    assert f"/proposals/{shade.public_id}/join" in fragment
    nothing = client.post(f"/calls/{call.public_id}/similar", data={"part": "list"}).text
    assert "Write a title and a few sentences" in nothing
    other = {"title": "A choir", "summary": "We sing together on Tuesday evenings in the hall.", "part": "list"}
    assert "No similar proposal is public" in client.post(f"/calls/{call.public_id}/similar", data=other).text


def test_without_script_a_visitor_finds_the_text_again(client: FlaskClient, call: Call, shade: Proposal) -> None:
    page = client.post(f"/calls/{call.public_id}/similar", data=FORM | {"version": "0"}).text
    assert SHADE[0] in page
    assert "Back to what you wrote" in page
    assert SUMMARY in client.get(f"/calls/{call.public_id}/propose").text


def test_without_script_the_button_saves_the_draft_first(
    as_user: AsUser, call: Call, shade: Proposal, writer: Account, session: Session
) -> None:
    answer = as_user(writer).post(f"/calls/{call.public_id}/propose", data={**FORM, "version": "0", "then": "similar"})
    draft = session.scalars(select(Proposal).where(Proposal.status == ProposalStatus.DRAFT)).one()
    assert answer.location == f"/proposals/{draft.public_id}/similar"
    page = as_user(writer).get(answer.location).text
    assert SHADE[0] in page
    assert page.count("How mine differs") == 1


def test_how_mine_differs_is_read_in_screening_and_review(
    as_user: AsUser, writer: Account, session: Session, drain: Drain, lead: Account
) -> None:
    organization = make_organization()
    call = make_call(organization)
    shade = written(call, SHADE, author=lead)
    drain()
    mine = draft_of(call, writer)
    key = f"d-{shade.public_id}-text"
    path = f"/proposals/{mine.public_id}/similar/{shade.public_id}"
    refused = as_user(writer).post(path, data={key: "x" * 1001})
    assert refused.status_code == 422
    assert "x" * 1001 in refused.text
    assert as_user(writer).post(path, data={key: "Mine asks for vines, not trees."}).status_code == 303
    assert as_user(make_account()).post(path, data={key: "No"}).status_code == 404
    with transaction(mine):
        mine.status, mine.submitted_at, mine.number = ProposalStatus.SUBMITTED, mine.edited_at, 7
    moderator = make_member(organization, OrganizationRole.MODERATOR)
    page = as_user(moderator).get(f"/calls/{call.public_id}/screening?proposal={mine.public_id}").text
    assert "Mine asks for vines, not trees." in page
    assert SHADE[0] in page.split("Similar proposals")[1]
    juror = make_account("Juri")
    row = round_row(call, "jury")
    assignment = make_assignment(make_juror(row, juror), mine)
    review = as_user(juror).get(f"/reviews/{assignment.public_id}").text
    assert "Mine asks for vines, not trees." in review
    with transaction(shade):
        shade.status = ProposalStatus.WITHDRAWN
    review = as_user(juror).get(f"/reviews/{assignment.public_id}").text
    assert "Mine asks for vines, not trees." in review
    assert SHADE[0] not in review
    with transaction(shade):
        shade.status = ProposalStatus.ELIGIBLE
    as_user(writer).post(path, data={key: ""})
    assert session.scalars(select(Difference)).all() == []


def test_a_request_to_join_goes_to_the_lead_who_invites(
    as_user: AsUser, shade: Proposal, writer: Account, lead: Account, session: Session, drain: Drain
) -> None:
    path = f"/proposals/{shade.public_id}/join"
    assert as_user(writer).post(path, data={"message": ""}).status_code == 422
    assert as_user(writer).post(path, data={"message": "I know about lime trees."}).status_code == 303
    again = as_user(writer).post(path, data={"message": "Once more"})
    assert again.status_code == 422
    assert "You have asked this team already." in again.text
    drain()
    mail = session.scalars(select(Mail).where(Mail.kind == "join_asked")).one()
    assert mail.to_email == lead.email
    assert mail.subject.startswith("Alguien pide unirse al equipo")
    assert f"/proposals/{shade.public_id}/team" in mail.text
    assert (mail.organization_id, mail.call_id) == (None, None), "no manager reads who asks whom"
    page = as_user(lead).get(f"/proposals/{shade.public_id}/team").text
    assert "I know about lime trees." in page
    asked = session.scalars(select(JoinRequest)).one()
    assert as_user(writer).post(f"/proposals/{shade.public_id}/team/requests/{asked.id}/accept").status_code == 403
    answer = as_user(lead).post(f"/proposals/{shade.public_id}/team/requests/{asked.id}/accept")
    assert answer.status_code == 303
    session.refresh(asked)
    assert asked.status is JoinStatus.ACCEPTED
    member = session.scalars(select(TeamMember).where(TeamMember.account_id == writer.id)).one()
    assert (member.status, member.name) == (MemberStatus.PENDING, "Wim Writer")
    assert session.scalars(select(Mail.to_email).where(Mail.kind == "team_invitation")).all() == [writer.email]
    assert "Wim Writer" not in as_user(make_account()).get(f"/proposals/{shade.public_id}").text


def test_a_declined_request_is_told_to_whoever_asked(
    as_user: AsUser, shade: Proposal, call: Call, writer: Account, lead: Account, session: Session, drain: Drain
) -> None:
    as_user(writer).post(f"/proposals/{shade.public_id}/join", data={"message": "Take me."})
    asked = session.scalars(select(JoinRequest)).one()
    assert as_user(lead).post(f"/proposals/{shade.public_id}/team/requests/{asked.id}/decline").status_code == 303
    assert as_user(lead).post(f"/proposals/{shade.public_id}/team/requests/{asked.id}/decline").status_code == 404
    drain()
    mail = session.scalars(select(Mail).where(Mail.kind == "join_declined")).one()
    assert mail.to_email == writer.email
    assert "Its lead author declined." in mail.text
    fragment = as_user(writer).post(f"/calls/{call.public_id}/similar", data={**FORM, "part": "list"}).text
    assert "The team stays as it is." in fragment


def test_who_may_not_ask(
    as_user: AsUser, client: FlaskClient, shade: Proposal, lead: Account, session: Session
) -> None:
    path, form = f"/proposals/{shade.public_id}/join", {"message": "Hello"}
    assert client.get(path).status_code == 303
    assert as_user(lead).post(path, data=form).status_code == 403
    late = make_proposal(make_call(open_stage=StageKind.VOTING), lead)
    assert as_user(make_account()).post(f"/proposals/{late.public_id}/join", data=form).status_code == 403
    draft = make_proposal(make_call(), lead, status=ProposalStatus.DRAFT)
    assert as_user(make_account()).post(f"/proposals/{draft.public_id}/join", data=form).status_code == 404
    assert session.scalars(select(JoinRequest)).all() == []


def test_the_number_of_questions_does_not_grow(
    client: FlaskClient, call: Call, shade: Proposal, drain: Drain, count_queries: CountQueries
) -> None:
    counts = []
    for more in (0, 2):
        for _ in range(more):
            written(call, SHADE)
        drain()
        client.post(f"/calls/{call.public_id}/similar", data={**FORM, "part": "list"})
        with count_queries() as statements:
            client.post(f"/calls/{call.public_id}/similar", data={**FORM, "part": "list"})
        counts.append(len(statements))
    assert counts[0] == counts[1]
