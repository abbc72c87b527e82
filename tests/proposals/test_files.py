"""Files with a proposal: attached with the text, served safely, taken away and brought back."""

import io
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.rules import Publicity
from crowd.core.status import ProposalStatus
from crowd.files.storage import upload_folder
from crowd.proposals.models import Attachment, Proposal, ProposalVersion
from tests.conftest import AsUser
from tests.files.test_checking import PDF, SVG, picture
from tests.make import make_account, make_call, make_proposal, make_rules
from tests.proposals.test_writing import WORDS, close_submission

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("session")]


@pytest.fixture
def author(session: Session) -> Account:
    return make_account()


@pytest.fixture
def draft(session: Session, author: Account) -> Proposal:
    return make_proposal(make_call(), author, status=ProposalStatus.DRAFT)


@pytest.fixture
def writer(as_user: AsUser, author: Account) -> FlaskClient:
    return as_user(author)


def attach(client: FlaskClient, proposal: Proposal, *files: tuple[str, bytes], **fields: str) -> tuple[int, str]:
    data = WORDS | {"version": str(proposal.version)} | fields
    uploads = {"files": [(io.BytesIO(content), name) for name, content in files]}
    answer = client.post(
        f"/proposals/{proposal.public_id}/edit", data=data | uploads, content_type="multipart/form-data"
    )
    return answer.status_code, answer.text


def stored_files(app: Flask) -> list[Path]:
    return [path for path in upload_folder(app.extensions["settings"]).rglob("*") if path.is_file()]


def test_a_file_comes_with_the_text_and_is_served_as_a_download_that_cannot_run(
    writer: FlaskClient, session: Session, draft: Proposal
) -> None:
    assert attach(writer, draft, ("Plan für alle.pdf", PDF))[0] == 303
    attachment = session.scalars(select(Attachment)).one()
    assert session.get_one(Proposal, draft.id).summary == "Oak, round, for twelve."
    answer = writer.get(f"/files/{attachment.public_id}/x.pdf", buffered=True)
    assert answer.data == PDF
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "private" in answer.headers["Cache-Control"]


def test_a_picture_is_shown_in_the_page(writer: FlaskClient, session: Session, draft: Proposal) -> None:
    attach(writer, draft, ("tree.png", picture("PNG")))
    attachment = session.scalars(select(Attachment)).one()
    answer = writer.get(f"/files/{attachment.public_id}/tree.png", buffered=True)
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert f'<img src="/files/{attachment.public_id}/preview"' in writer.get(f"/proposals/{draft.public_id}").text


def test_a_refused_file_costs_no_word_of_the_text(
    app: Flask, writer: FlaskClient, session: Session, draft: Proposal
) -> None:
    before = stored_files(app)
    status, page = attach(writer, draft, ("drawing.svg", SVG), ("plan.pdf", PDF))
    assert status == 422
    assert "can carry scripts" in page
    assert "Choose the files again." in page
    assert "A bench would make it a place to meet." in page
    assert session.scalars(select(Attachment)).all() == []
    assert stored_files(app) == before


def test_the_stated_number_of_files_is_the_enforced_one(
    app: Flask, writer: FlaskClient, session: Session, draft: Proposal
) -> None:
    page = writer.get(f"/proposals/{draft.public_id}/edit").text
    assert "At most 3 files, up to 10 MB each" in page
    assert attach(writer, draft, *((f"{n}.pdf", PDF) for n in range(3)))[0] == 303
    session.refresh(draft)
    before = stored_files(app)
    status, page = attach(writer, draft, ("one-more.pdf", PDF))
    assert status == 422
    assert "At most 3 files. Take one away first." in page
    assert stored_files(app) == before
    assert len(session.scalars(select(Attachment)).all()) == 3


@pytest.mark.both_databases
def test_who_may_not_see_the_proposal_may_not_see_its_files(
    client: FlaskClient, as_user: AsUser, session: Session, author: Account
) -> None:
    call = make_call(rules=make_rules(publicity=Publicity.NEVER))
    proposal = make_proposal(call, author)
    assert attach(as_user(author), proposal, ("secret.txt", b"secret words"))[0] == 303
    address = f"/files/{session.scalars(select(Attachment.public_id)).one()}/secret.txt"
    assert as_user(author).get(address, buffered=True).data == b"secret words"
    for reader in (client, as_user(make_account())):
        assert reader.get(address, buffered=True).status_code == 404
    assert client.get("/files/222222222222/x.txt", buffered=True).status_code == 404


def test_files_after_handing_in_make_a_version_that_names_them(
    as_user: AsUser, session: Session, author: Account
) -> None:
    proposal = make_proposal(make_call(), author, status=ProposalStatus.SUBMITTED)
    assert attach(as_user(author), proposal, ("plan.pdf", PDF))[0] == 303
    newest = session.scalars(select(ProposalVersion).order_by(ProposalVersion.number.desc())).first()
    assert newest
    assert [file["name"] for file in newest.files if isinstance(file, dict)] == ["plan.pdf"]
    assert "<ins>plan.pdf</ins>" in as_user(author).get(f"/proposals/{proposal.public_id}/history").text


def test_a_late_file_is_refused_and_the_text_is_kept(
    app: Flask, as_user: AsUser, session: Session, author: Account
) -> None:
    call = make_call()
    proposal = make_proposal(call, author, status=ProposalStatus.SUBMITTED)
    close_submission(call)
    before = stored_files(app)
    status, page = attach(as_user(author), proposal, ("plan.pdf", PDF))
    assert status == 409
    assert "kept as a private draft" in page
    assert session.scalars(select(Attachment)).all() == []
    assert stored_files(app) == before


@pytest.mark.both_databases
def test_a_file_is_taken_away_and_brought_back(writer: FlaskClient, session: Session, draft: Proposal) -> None:
    attach(writer, draft, ("plan.pdf", PDF))
    attachment = session.scalars(select(Attachment)).one()
    session.refresh(draft)
    status, _page = attach(writer, draft, title="Saved along", then=f"remove-{attachment.public_id}")
    assert status == 303
    page = writer.get(f"/proposals/{draft.public_id}/edit").text
    assert "The file is taken away." in page
    assert "Saved along" in page
    assert "plan.pdf" not in page
    assert writer.post(f"/files/{attachment.public_id}/restore").status_code == 303
    assert "plan.pdf" in writer.get(f"/proposals/{draft.public_id}/edit").text


def test_nobody_else_takes_files_away_or_brings_them_back(
    writer: FlaskClient, as_user: AsUser, session: Session, author: Account
) -> None:
    call = make_call()
    proposal = make_proposal(call, author, status=ProposalStatus.ELIGIBLE)
    attach(writer, proposal, ("plan.pdf", PDF))
    attachment = session.scalars(select(Attachment)).one()
    stranger = as_user(make_account())
    status, _page = attach(stranger, proposal, then=f"remove-{attachment.public_id}")
    assert status == 403
    assert stranger.post(f"/files/{attachment.public_id}/restore").status_code == 403
    session.refresh(attachment)
    assert attachment.removed_at is None


def test_a_deleted_draft_takes_its_files_along(
    app: Flask, writer: FlaskClient, session: Session, draft: Proposal
) -> None:
    before = stored_files(app)
    attach(writer, draft, ("plan.pdf", PDF))
    assert len(stored_files(app)) == len(before) + 2, "the file and its first page"
    writer.post(f"/proposals/{draft.public_id}/delete")
    assert stored_files(app) == before
