"""The certificate as an accessible PDF: tagged, titled, in a language, its picture described."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from flask.testing import FlaskClient
from pdfminer.high_level import extract_text
from sqlalchemy.orm import Session

from crowd.store.db import transaction
from tests.conftest import AsUser
from tests.credentials.claiming import Won, won

pytestmark = pytest.mark.one_database


@pytest.fixture
def found(session: Session, as_user: AsUser) -> Won:
    return won(session, as_user)


def elements(node: Any) -> Iterator[Any]:
    """Structure elements below a node, in reading order."""
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from elements(child)


@pytest.mark.parametrize(
    ("language", "words", "picture"),
    [
        ("en", "This certifies that", "QR code with the address"),
        ("es", "Se certifica que", "Código QR"),
    ],
)
def test_the_certificate_is_tagged_titled_and_in_the_language_of_whoever_is_credited(
    session: Session, as_user: AsUser, found: Won, client: FlaskClient, language: str, words: str, picture: str
) -> None:
    with transaction() as writing:
        writing.merge(found.winner).language = language
    answer = client.get(f"{found.certificate}.pdf", headers={"Accept-Language": "en"})
    with pikepdf.open(BytesIO(answer.data)) as pdf:
        root = pdf.Root
        tags = [(str(each.S), str(each.get("/Alt", ""))) for each in elements(root.StructTreeRoot)]
        with pdf.open_metadata() as metadata:
            said = (metadata["pdfuaid:part"], metadata["dc:title"])
        assert (bool(root.MarkInfo.Marked), bool(root.ViewerPreferences.DisplayDocTitle)) == (True, True)
        assert str(root.Lang) == language
        assert str(pdf.docinfo["/Title"]) == said[1]
        links = [str(each.A.URI) for each in pdf.pages[0].Annots]
    assert said[0] == "1"
    assert found.credit.name in said[1]
    assert [tag for tag, _alt in tags].count("/H1") == 1
    assert [alt.startswith(picture) for tag, alt in tags if tag == "/Figure"] == [True]
    assert links == [f"http://localhost{found.certificate}"]
    text = extract_text(BytesIO(answer.data))
    assert words in text
    assert found.credit.name in text


def test_what_is_in_another_language_is_marked_as_such(
    session: Session, as_user: AsUser, found: Won, client: FlaskClient
) -> None:
    with transaction() as writing:
        writing.merge(found.proposal).language = "es"
    with pikepdf.open(BytesIO(client.get(f"{found.certificate}.pdf").data)) as pdf:
        said = [str(each.Lang) for each in elements(pdf.Root.StructTreeRoot) if "/Lang" in each]
    assert "es" in said
