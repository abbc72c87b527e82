"""What the organization entered for somebody is corrected by the organization until that person takes it over."""

import io
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.fields import AnswerKind, CustomField
from crowd.core.status import OrganizationRole, ProposalStatus
from crowd.mailing.models import Mail
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal, ProposalVersion
from crowd.store.db import transaction
from tests.conftest import AsUser, Drain
from tests.files.test_checking import PDF, SVG
from tests.filling import fields_of
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, make_rules, move_stages
from tests.proposals.test_entering import PAPER, enter

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("session")]


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def call(organization: Organization) -> Call:
    return make_call(organization, make_rules(paper_days=5, max_attachments=1))


@pytest.fixture
def clerk(organization: Organization, as_user: AsUser) -> FlaskClient:
    return as_user(make_member(organization, OrganizationRole.MODERATOR, make_account("Clara Clerk")))


@pytest.fixture
def entered(call: Call, clerk: FlaskClient, session: Session) -> Proposal:
    assert enter(clerk, call)[0] == 303
    return session.scalars(select(Proposal)).one()


def correct(client: FlaskClient, proposal: Proposal, files: list[tuple[str, bytes]], **changes: str) -> tuple[int, str]:
    address = f"/proposals/{proposal.public_id}/edit"
    data: dict[str, object] = {**fields_of(client.get(address).text, address), **changes}
    if files:
        data["files"] = [(io.BytesIO(content), name) for name, content in files]
    answer = client.post(address, data=data, content_type="multipart/form-data")
    return answer.status_code, answer.text


def test_files_come_with_the_sheet(organization: Organization, clerk: FlaskClient, session: Session) -> None:
    signed = CustomField("signed", AnswerKind.FILE, "The signed sheet", required=True)
    call = make_call(organization, make_rules(custom_fields=(signed,), max_attachments=1))
    address = f"/calls/{call.public_id}/enter"
    blank = fields_of(clerk.get(address).text, address)

    def send(**files: tuple[str, bytes]) -> tuple[int, str]:
        data = blank | PAPER | {name: (io.BytesIO(content), called) for name, (called, content) in files.items()}
        answer = clerk.post(address, data=data, content_type="multipart/form-data")
        return answer.status_code, answer.text

    status, page = send(files=("drawing.svg", SVG))
    assert status == 422
    assert '<a href="#answer_signed">' in page
    assert "can carry scripts" in page
    assert 'value="Rosa Díaz"' in page
    assert send(answer_signed=("sheet.pdf", PDF), files=("plan.pdf", PDF))[0] == 303
    proposal = session.scalars(select(Proposal)).one()
    assert proposal.status is ProposalStatus.SUBMITTED
    assert "sheet.pdf" in clerk.get(f"/proposals/{proposal.public_id}").text
    version = session.scalars(select(ProposalVersion)).one()
    assert [file["name"] for file in version.files if isinstance(file, dict)] == ["plan.pdf"]
    assert version.answers == proposal.answers


def test_a_typing_error_is_corrected_marked_and_kept_as_a_version(
    client: FlaskClient, as_user: AsUser, clerk: FlaskClient, entered: Proposal, drain: Drain, session: Session
) -> None:
    page = f"/proposals/{entered.public_id}"
    assert f'href="{page}/edit"' in clerk.get(page).text
    assert f"{page}/edit" not in client.get(page).text
    assert correct(clerk, entered, [("map.pdf", PDF)], title="A bench of oak")[0] == 303
    session.refresh(entered)
    assert (entered.title, entered.lead_id) == ("A bench of oak", None)
    versions = session.scalars(select(ProposalVersion).order_by(ProposalVersion.number)).all()
    assert [version.title for version in versions] == ["A bench", "A bench of oak"]
    assert [len(version.files) for version in versions] == [0, 1]
    for reader in (client, clerk):
        assert "Corrected by the organization" in reader.get(page).text
        history = reader.get(f"{page}/history").text
        assert history.count("Corrected by the organization on behalf of the author") == 1
        assert history.count("Entered on behalf of the author, on paper") == 1
    assert "Clara Clerk" not in client.get(f"{page}/history").text
    drain()
    mail = session.scalars(select(Mail).where(Mail.kind == "entry_claim")).one()
    link = re.search(r"/entries/[\w-]+", mail.text)
    assert link
    assert "Corrected by the organization" in client.get(link[0]).text
    rosa = as_user(make_account("Rosa D."))
    assert rosa.post(f"{link[0]}/claim").status_code == 303
    assert clerk.get(f"{page}/edit").status_code == 403
    assert "until that person takes it over" in clerk.post(f"{page}/edit", data=PAPER).text
    assert correct(rosa, entered, [], title="My bench")[0] == 303
    assert client.get(f"{page}/history").text.count("Corrected by the organization on behalf") == 1


def test_staff_correct_what_was_asked_and_no_more_than_the_stage_allows(
    as_user: AsUser, clerk: FlaskClient, organization: Organization, entered: Proposal, call: Call, session: Session
) -> None:
    page = f"/proposals/{entered.public_id}/edit"
    own = make_proposal(call, status=ProposalStatus.SUBMITTED)
    assert clerk.get(f"/proposals/{own.public_id}/edit").status_code == 403
    rosa = make_member(organization, OrganizationRole.MODERATOR, make_account(email="rosa@example.org"))
    assert as_user(rosa).get(page).status_code == 403  # what came from herself
    with transaction(entered):
        entered.status, entered.correction_due = ProposalStatus.CORRECTION, entered.edited_at + timedelta(days=2)
    screening = clerk.get(f"/calls/{call.public_id}/screening?proposal={entered.public_id}").text
    assert "Its author has no account" in screening
    assert f'href="{page}"' in screening
    assert correct(clerk, entered, [], summary="Oak, from here.")[0] == 303
    session.refresh(entered)
    assert entered.status is ProposalStatus.SUBMITTED
    blank = fields_of(clerk.get(page).text, page)
    move_stages(call, timedelta(days=60))
    late = clerk.post(page, data=blank | {"title": "Typed too late"})
    assert late.status_code == 403
    assert 'value="Typed too late"' in late.text
    assert "can no longer be entered" in late.text
    move_stages(call, -timedelta(days=60))
    with transaction(entered):
        entered.in_round = True
    assert "stands on a list" in clerk.get(page).text
    session.refresh(entered)
    assert entered.title == "A bench"
