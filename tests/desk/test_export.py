"""Exports: the same rows as the table, nothing computed, everything read back."""

import csv
import io
import zipfile

import pytest
from sqlalchemy.orm import Session

from crowd.core.fields import AnswerKind, CustomField, SeenBy
from crowd.core.status import OrganizationRole, ProposalStatus
from crowd.files.storage import file_store
from crowd.organizations.models import Organization
from crowd.proposals.models import Attachment, ProposalTag
from crowd.store.db import transaction, utc_now
from crowd.web.sheets import plain_cell
from tests.conftest import AsUser, CountQueries
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, make_rules

pytestmark = pytest.mark.usefixtures("session")
QUERIES = 16
FORMULAS = ["=1+1", "+cmd|'/c calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=2", "'quoted", 'He said "=1"\nand more']


@pytest.fixture
def organization() -> Organization:
    return make_organization()


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_text_like_a_formula_is_only_text_in_csv_and_comes_back(as_user: AsUser, organization: Organization) -> None:
    """A public text beginning like a formula was run when staff opened the sheet (tendenci/tendenci#919)."""
    call = make_call(organization, make_rules(asks_cost=True))
    for text in FORMULAS:
        proposal = make_proposal(call, make_account(text), title=text, cost=12)
        with transaction(proposal) as session:
            proposal.body = text
            session.add(ProposalTag(proposal_id=proposal.id, tag=text[:40]))
    answer = as_user(make_member(organization)).get(f"/calls/{call.public_id}/desk/proposals.csv")
    rows = rows_of(answer.text)
    for column in ("title", "body", "tags", "people"):
        assert [plain_cell(row[column]) for row in rows] == FORMULAS, column
        assert not [row[column] for row in rows if row[column].lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert [row["cost"] for row in rows] == ["12"] * len(FORMULAS)


QUESTIONS = (
    CustomField("place", AnswerKind.SHORT, "Where?"),
    CustomField("uses", AnswerKind.CHOICES, "What for?", choices=("Reading", "Play")),
    CustomField("height", AnswerKind.NUMBER, "How high?", decimals=1, seen_by=SeenBy.ORGANIZERS),
    CustomField("plan", AnswerKind.FILE, "The plan", seen_by=SeenBy.REVIEWERS),
)
ANSWERS = {
    "place": "=HYPERLINK(1)",
    "uses": ["Reading", "Play"],
    "height": "-1.5",
    "plan": {"id": "x", "name": "+plan.pdf", "size": 1, "sha256": "0" * 64},
}


@pytest.mark.parametrize("rows", [1, 3])
def test_every_answer_has_a_column_of_its_own_and_what_was_imported_its_id(
    as_user: AsUser, organization: Organization, count_queries: CountQueries, rows: int
) -> None:
    call = make_call(organization, make_rules(custom_fields=QUESTIONS))
    for number in range(rows):
        proposal = make_proposal(call)
        with transaction(proposal):
            proposal.answers, proposal.external_id = ANSWERS, f"-{number}"
    desk = as_user(make_member(organization, OrganizationRole.MODERATOR))
    path = f"/calls/{call.public_id}/desk/proposals"
    desk.get(f"{path}.csv")
    with count_queries() as queries:
        taken = rows_of(desk.get(f"{path}.csv").text)
    assert len(queries) == QUERIES
    assert [row["external_id"] for row in taken] == [f"'-{number}" for number in range(rows)]
    assert {name: cell for name, cell in taken[-1].items() if name.startswith("answer_")} == {
        "answer_place": "'=HYPERLINK(1)",
        "answer_uses": "Reading | Play",
        "answer_height": "-1.5",
        "answer_plan": "'+plan.pdf",
    }
    with zipfile.ZipFile(io.BytesIO(desk.get(f"{path}.xlsx", buffered=True).data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<is><t>=HYPERLINK(1)</t></is>" in sheet
    assert "<v>-1.5</v>" in sheet
    assert "<f>" not in sheet


def test_a_workbook_holds_texts_as_texts_and_numbers_as_numbers(as_user: AsUser, organization: Organization) -> None:
    call = make_call(organization, make_rules(asks_cost=True))
    make_proposal(call, title="=1+1", cost=7)
    answer = as_user(make_member(organization)).get(f"/calls/{call.public_id}/desk/proposals.xlsx", buffered=True)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<is><t>=1+1</t></is>" in sheet
    assert "<v>7</v>" in sheet


def test_an_export_holds_what_the_filter_finds_and_no_draft(as_user: AsUser, organization: Organization) -> None:
    call = make_call(organization)
    make_proposal(call, title="In", status=ProposalStatus.SUBMITTED)
    make_proposal(call, title="Other")
    make_proposal(call, title="Draft", status=ProposalStatus.DRAFT)
    desk = as_user(make_member(organization))
    path = f"/calls/{call.public_id}/desk/proposals.csv"
    assert [row["title"] for row in rows_of(desk.get(path).text)] == ["In", "Other"]
    assert [row["title"] for row in rows_of(desk.get(f"{path}?status=submitted").text)] == ["In"]


def test_only_managers_take_addresses_along(as_user: AsUser, organization: Organization) -> None:
    call = make_call(organization)
    make_proposal(call, make_account(email="iris@home.example"))
    path = f"/calls/{call.public_id}/desk/proposals.csv"
    assert "iris@home.example" in as_user(make_member(organization)).get(path).text
    moderator = make_member(organization, OrganizationRole.MODERATOR)
    assert "iris@home.example" not in as_user(moderator).get(path).text


def test_a_zip_holds_every_file_in_the_folder_of_its_proposal(
    as_user: AsUser, organization: Organization, session: Session
) -> None:
    call = make_call(organization)
    proposal = make_proposal(call)
    for name, data, removed in (
        ("plan.pdf", b"one", None),
        ("plan.pdf", b"two", None),
        ("../x.pdf", b"3", None),
        ("gone.pdf", b"4", utc_now()),
    ):
        key = file_store().put(data)
        with transaction() as writing:
            writing.add(
                Attachment(
                    proposal_id=proposal.id,
                    filename=name,
                    media_type="application/pdf",
                    size=len(data),
                    sha256="0" * 64,
                    storage_key=key,
                    uploaded_at=utc_now(),
                    removed_at=removed,
                )
            )
    answer = as_user(make_member(organization)).get(f"/calls/{call.public_id}/desk/proposals.zip", buffered=True)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        held = {name: archive.read(name) for name in archive.namelist()}
    table = held.pop("proposals.csv").decode()
    assert held == {"1/plan.pdf": b"one", "1/2-plan.pdf": b"two", "1/_x.pdf": b"3"}
    assert rows_of(table)[0]["files"] == "plan.pdf, plan.pdf, ../x.pdf"
