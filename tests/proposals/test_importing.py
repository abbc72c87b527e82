"""Proposals from a table: faults by line and column, nothing stored unless meant, never twice, thousands in seconds."""

import csv
import io
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from crowd.calls.models import Call
from crowd.core.fields import AnswerKind, CustomField
from crowd.core.status import EntryChannel, OrganizationRole, ProposalStatus
from crowd.mailing.models import Mail
from crowd.organizations.models import Organization
from crowd.proposals.jobs import mail_due_claims
from crowd.proposals.models import Proposal, ProposalVersion, TeamMember
from crowd.web.sheets import csv_text, typed_cell
from tests.conftest import AsUser, CountQueries
from tests.make import make_account, make_call, make_member, make_organization, make_rules

pytestmark = pytest.mark.usefixtures("session")

FIELDS = (
    CustomField("size", AnswerKind.NUMBER, "Square metres", required=True, decimals=1),
    CustomField("uses", AnswerKind.CHOICES, "What for?", choices=("Reading", "Play")),
)
COLUMNS = ("external_id", "title", "summary", "text", "cost", "author", "email", "tags", "language", "size", "uses")
GOOD = (
    "a1",
    "=Bench;",
    "Oak.",
    "Round\nthe tree.",
    "1.200",
    "Rosa Díaz",
    "rosa@example.org",
    "Seats, wood",
    "es",
    "12,5",
    "Play | Reading",
)


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def call(organization: Organization) -> Call:
    return make_call(organization, make_rules(custom_fields=FIELDS, asks_cost=True))


@pytest.fixture
def manager(organization: Organization, as_user: AsUser) -> FlaskClient:
    return as_user(make_member(organization))


def table(*rows: tuple[str, ...], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([COLUMNS, *rows])
    return out.getvalue()


def changed(**cells: str) -> tuple[str, ...]:
    return tuple(cells.get(name, cell) for name, cell in zip(COLUMNS, GOOD, strict=True))


def look(manager: FlaskClient, call: Call, data: bytes) -> TestResponse:
    files = {"sheet": (io.BytesIO(data), "ideas.csv")}
    return manager.post(f"/calls/{call.public_id}/import", data=files, follow_redirects=True)


def store(manager: FlaskClient, page: TestResponse, act: str = "import") -> TestResponse:
    action = re.search(r'action="(/calls/\w+/import/\w+)"', page.text)
    assert action
    return manager.post(action[1], data={"act": act})


def test_faults_are_named_by_line_and_column_and_nothing_is_stored_until_they_are_left_out(
    manager: FlaskClient, call: Call, session: Session
) -> None:
    rows = (
        GOOD,
        changed(external_id="a2", title="", size="big"),
        changed(external_id="a3", cost="dear", email="nobody", language="xx"),
        changed(external_id="a1"),
        changed(external_id="a5", author="", uses="Swim"),
    )
    page = look(manager, call, table(*rows).encode())
    faults = re.findall(r'data-label="Line">(\d+)</td><td data-label="Column"><bdi>(.*?)</bdi>', page.text)
    assert faults == [
        ("4", "title"),
        ("4", "Square metres"),
        ("6", "email"),
        ("6", "cost"),
        ("6", "language"),
        ("8", "external_id"),
        ("10", "author"),
        ("10", "What for?"),
    ]
    assert "The same proposal stands in line 2." in page.text
    assert store(manager, page).status_code == 422
    assert session.scalar(select(func.count()).select_from(Proposal)) == 0
    assert store(manager, page, "leave-out").status_code == 303
    proposal = session.scalars(select(Proposal)).one()
    assert (proposal.title, proposal.cost, proposal.external_id) == ("=Bench;", 1200, "a1")
    assert proposal.answers == {"size": "12.5", "uses": ["Reading", "Play"]}
    assert (proposal.status, proposal.entered, proposal.lead_id) == (
        ProposalStatus.SUBMITTED,
        EntryChannel.IMPORT,
        None,
    )
    version = session.scalars(select(ProposalVersion)).one()
    assert version.sha256 == proposal.receipt_sha256
    assert session.scalars(select(TeamMember.name)).one() == "Rosa Díaz"
    shown = manager.get(f"/calls/{call.public_id}/proposals?q=round").text
    assert "Entered by the organization from a file" in shown
    assert store(manager, page, "leave-out").status_code == 422  # once


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(",", "utf-8"), (";", "cp1252"), ("\t", "utf-16"), (";", "utf-8-sig")]
)
def test_any_usual_delimiter_and_encoding_is_read_and_a_file_is_imported_once(
    manager: FlaskClient, call: Call, session: Session, delimiter: str, encoding: str
) -> None:
    data = table(GOOD, changed(external_id="a2", title="Señal"), delimiter=delimiter).encode(encoding)
    assert store(manager, look(manager, call, data)).status_code == 303
    again = look(manager, call, data)
    assert "2 are here already and stay as they are." in again.text
    assert sorted(session.scalars(select(Proposal.title))) == ["=Bench;", "Señal"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no column “title”"),
        (b"name,words\na,b\n", "no column “title”"),
        (b"title,summary\n", "no line of data"),
        (b"title,title\na,b\n", "stands there twice"),
        (b'title,text\n"a"b,c\n', "Line 2"),
        (b"\x00\x01\x02title", "cannot be read"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "cannot be read"),
    ],
)
def test_what_is_no_table_of_proposals_is_refused_in_words(
    manager: FlaskClient, call: Call, data: bytes, words: str
) -> None:
    answer = look(manager, call, data)
    assert answer.status_code == 422
    assert words in answer.text


def test_what_an_export_escaped_is_read_back_as_it_was() -> None:
    for text in ("=1+1", "+49", "-3", "@x", "'quoted", "'=x", "plain", "'Twas", "\ttab", " =x"):
        cell = next(csv.reader(io.StringIO(csv_text(["a"], [{"a": text}]).split("\r\n", 1)[1], newline="")))[0]
        assert typed_cell(cell) == text
    assert typed_cell("'Twas the night") == "'Twas the night"


def test_only_managers_import(call: Call, organization: Organization, as_user: AsUser) -> None:
    moderator = as_user(make_member(organization, OrganizationRole.MODERATOR))
    assert look(moderator, call, table(GOOD).encode()).status_code == 403


@pytest.mark.parametrize("many", [500, pytest.param(5000, marks=pytest.mark.soak)])
def test_thousands_of_lines_take_few_queries(
    manager: FlaskClient, call: Call, session: Session, count_queries: CountQueries, many: int
) -> None:
    rows = [changed(external_id=f"n{number}", title=f"Idea {number}") for number in range(many)]
    page = look(manager, call, table(*rows).encode())
    with count_queries() as queries:
        assert store(manager, page).status_code == 303
    assert session.scalar(select(func.count()).select_from(Proposal)) == many
    assert len(queries) < 100
    session.refresh(call)
    assert (call.proposals_count, call.last_number) == (many, many)


def test_the_terminal_says_the_same_and_stores_only_when_all_is_right(
    app: Flask, call: Call, session: Session, tmp_path: Path
) -> None:
    file = tmp_path / "ideas.csv"
    runner = app.test_cli_runner()
    session.commit()
    file.write_text(table(GOOD, changed(external_id="a2", size="")))
    faulty = runner.invoke(args=["import", "proposals", str(file), "--call", call.public_id])
    assert faulty.exit_code == 2
    assert "line 4, size: This is needed." in faulty.stderr
    assert '"stored": 0' in faulty.stdout
    file.write_text(table(GOOD))
    dry = runner.invoke(args=["import", "proposals", str(file), "--call", call.public_id, "--dry-run"])
    assert (dry.exit_code, '"stored": 0' in dry.stdout) == (0, True)
    done = runner.invoke(args=["import", "proposals", str(file), "--call", call.public_id])
    assert (done.exit_code, '"stored": 1' in done.stdout) == (0, True)


def test_the_people_named_are_mailed_the_way_to_take_theirs_over_once_and_only_if_asked(
    manager: FlaskClient, call: Call, as_user: AsUser, session: Session
) -> None:
    page = look(manager, call, table(GOOD, changed(external_id="a2", title="A tree", email="")).encode())
    assert "Mail a link to the people named" in page.text
    action = re.search(r'action="(/calls/\w+/import/\w+)"', page.text)
    assert action
    assert manager.post(action[1], data={"act": "import", "tell": "y"}).status_code == 303
    assert (mail_due_claims(), mail_due_claims()) == (1, 0)
    mail = session.scalars(select(Mail).where(Mail.kind == "entry_claim")).one()
    assert (mail.to_email, mail.language) == ("rosa@example.org", "es")
    link = re.search(r"/entries/[\w-]+", mail.text)
    assert link
    rosa = make_account("Rosa D.", email="rosa@example.org")
    assert as_user(rosa).post(f"{link[0]}/claim").status_code == 303
    assert session.scalars(select(Proposal.lead_id).where(Proposal.external_id == "a1")).one() == rosa.id
    store(manager, look(manager, call, table(changed(external_id="a3")).encode()))
    assert mail_due_claims() == 0
