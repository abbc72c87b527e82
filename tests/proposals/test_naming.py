"""Authors of a call with blind reviewers are warned where they name themselves, and hand in all the same."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import typst
from flask import Flask
from sqlalchemy.orm import Session

from crowd.core.rules import Blindness
from crowd.core.status import ProposalStatus, StageKind
from crowd.files.checking import check_file
from crowd.files.storage import file_store
from crowd.files.words import words_of
from crowd.proposals.models import Attachment, Proposal
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser
from tests.make import JURY, make_account, make_call, make_proposal, make_rules


def draft(blindness: Blindness) -> tuple[Proposal, object]:
    rules = make_rules(StageKind.SUBMISSION)
    call = make_call(None, replace(rules, rounds=(rules.rounds[0], replace(JURY, blindness=blindness))))
    author = make_account("Zenobia Quill")
    proposal = make_proposal(call, author, status=ProposalStatus.DRAFT)
    with transaction(proposal):
        proposal.body = "Drawn by Zenobia Quill, who answers at zen@garden.example."
    return proposal, author


def pdf(words: str) -> bytes:
    return bytes(typst.compile(words.encode(), format="pdf"))


def attach(proposal: Proposal, name: str, data: bytes) -> None:
    checked = check_file(name, data)
    with transaction() as session:
        session.add(
            Attachment(
                proposal_id=proposal.id,
                filename=checked.filename,
                media_type=checked.media_type,
                size=len(checked.data),
                sha256="0" * 64,
                storage_key=file_store().put(checked.data),
                uploaded_at=utc_now(),
            )
        )


def test_the_warning_names_the_place_and_the_words_and_forbids_nothing(
    app: Flask, session: Session, as_user: AsUser
) -> None:
    proposal, author = draft(Blindness.DOUBLE)
    attach(proposal, "plan.pdf", pdf("A plan by Zenobia Quill"))
    client = as_user(author)  # type: ignore[arg-type]
    writing = client.get(f"/proposals/{proposal.public_id}/edit").text
    assert "This tells who you are" in writing
    assert "a name of your team" in writing
    page = client.get(f"/proposals/{proposal.public_id}/submit").text
    warned = page.split("This tells who you are")[1].split("</ul>")[0]
    assert [words in warned for words in ("zen@garden.example", "plan.pdf", "Zenobia Quill")] == [True] * 3
    form = {"declarations": ["0", "1"], "version": str(proposal.version)}
    client.post(f"/proposals/{proposal.public_id}/submit", data=form)
    session.expire_all()
    assert proposal.status is not ProposalStatus.DRAFT


@pytest.mark.parametrize("blindness", [Blindness.SINGLE, Blindness.NONE])
def test_where_reviewers_may_know_nobody_is_warned(
    app: Flask, session: Session, as_user: AsUser, blindness: Blindness
) -> None:
    proposal, author = draft(blindness)
    page = as_user(author).get(f"/proposals/{proposal.public_id}/submit").text  # type: ignore[arg-type]
    assert "This tells who you are" not in page
    assert "leave your names out" not in page


def test_words_are_read_from_pdfs_documents_and_plain_text_and_from_nothing_broken(tmp_path: Path) -> None:
    docx = io.BytesIO()
    with zipfile.ZipFile(docx, "w") as archive:
        archive.writestr("word/document.xml", "<w:t>Zenobia</w:t><w:t>Quill</w:t>")
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert "Zenobia Quill" in words_of("application/pdf", pdf("A plan by Zenobia Quill"))
    assert words_of(word, docx.getvalue()).split() == ["Zenobia", "Quill"]
    assert words_of("text/plain", "Zenobia Quill ñ".encode()) == "Zenobia Quill ñ"
    assert [words_of(kind, b"none of it") for kind in ("application/pdf", word, "image/png")] == ["", "", ""]
