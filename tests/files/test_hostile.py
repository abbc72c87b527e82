"""What is uploaded to do harm: refused in words, or made harmless. Written here, so that nothing dangerous lies in the project."""

import io
import struct
import zipfile
import zlib

import pikepdf
import pytest
from flask.testing import FlaskClient
from pikepdf import Array, Dictionary, Name
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, stream_encode_multipart

from crowd.core.errors import InvalidInput
from crowd.core.status import ProposalStatus
from crowd.files.checking import MOST_BYTES, check_file
from crowd.proposals.models import Attachment
from tests.conftest import AsUser
from tests.files.test_checking import HTML, PDF, SVG, archive, pdf_of, picture
from tests.make import make_account, make_call, make_proposal, make_rules

pytestmark = pytest.mark.one_database

CONTENT = b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"


def packed(parts: dict[str, bytes], *, first: bytes = b"", locked: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in {"[Content_Types].xml": CONTENT, "word/document.xml": b"<w/>", **parts}.items():
            made.writestr(name, content)
    data = bytearray(out.getvalue())
    if locked:  # the flag of encryption, in the directory and in each entry
        for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = data.find(mark)
            while at >= 0:
                data[at + place] |= 1
                at = data.find(mark, at + 4)
    return first + bytes(data)


def png(*chunks: tuple[bytes, bytes], width: int = 4, height: int = 4) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = zlib.compress(b"\x00" * (min(width, 5000) + 1) * min(height, 5000))
    more = b"".join(chunk(*each) for each in chunks)
    return b"\x89PNG\r\n\x1a\n" + head + more + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


BILLION = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
RELS = b'<Relationships><Relationship Id="r" Type="http://x/relationships/%s" Target="https://evil.example/" TargetMode="External"/></Relationships>'

REFUSED = [
    ("a.svg", SVG, "file_with_scripts"),
    ("a.png", HTML, "file_with_scripts"),
    ("a.svgz", b"\x1f\x8b\x08" + zlib.compress(SVG), "file_with_scripts"),
    ("a.txt", b"\xef\xbb\xbf  <SCRIPT>alert(1)</SCRIPT>", "file_with_scripts"),
    ("a.hta", b"text", "file_with_scripts"),
    ("a.jpg", PDF, "file_misnamed"),
    ("a.pdf", picture("JPEG"), "file_misnamed"),
    ("a.php", b"plain words", "file_misnamed"),
    ("a.png.exe", picture("PNG"), "file_misnamed"),
    ("a.txt", b"nul\x00byte", "file_kind"),
    ("a.txt", "UTF-16 words".encode("utf-16"), "file_kind"),
    ("a.exe", b"MZ\x90\x00", "file_kind"),
    ("a.zip", archive("a.txt"), "file_kind"),
    ("a.jar", archive("META-INF/MANIFEST.MF", "a.class"), "file_kind"),
    ("a.pdf", b"", "file_empty"),
    ("a.txt", b"x" * (MOST_BYTES + 1), "file_too_large"),
    ("a.pdf", b"%PDF-1.7\nnothing more", "pdf_broken"),
    ("a.pdf", pdf_of(encryption=pikepdf.Encryption(owner="o", user="u"), deterministic_id=False), "pdf_locked"),
    ("a.png", png(width=60_000, height=60_000), "picture_too_large"),
    ("a.png", picture("PNG")[:45], "picture_broken"),
    ("a.docx", packed({"word/a.xml": b" " * 40_000_000}), "document_bomb"),
    ("a.docx", packed({f"word/{n}.xml": b"<x/>" for n in range(2_001)}), "document_bomb"),
    ("a.docx", packed({"word/vbaProject.bin": b"x"}), "document_macros"),
    ("a.docx", packed({"word/embeddings/oleObject1.bin": b"x"}), "document_macros"),
    ("a.docx", packed({"word/evil.exe": b"MZ"}), "document_macros"),
    ("a.docx", packed({"../../etc/cron.d/x": b"x"}), "document_broken"),
    ("a.docx", packed({"word/a.xml": BILLION}), "document_broken"),
    ("a.docx", packed({"word/_rels/document.xml.rels": RELS % b"attachedTemplate"}), "document_reaches_out"),
    ("a.docx", packed({}, locked=True), "document_locked"),
    ("a.docx", b"MZ" + packed({}), "file_kind"),
]


@pytest.mark.parametrize(
    ("name", "data", "code"), REFUSED, ids=[f"{name}-{code}-{n}" for n, (name, _, code) in enumerate(REFUSED)]
)
def test_it_is_refused(name: str, data: bytes, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_file(name, data)
    assert refused.value.code == code


def armed(pdf: pikepdf.Pdf) -> None:
    """Scripts on opening, in the names, in an annotation and a form; a file inside; a program to start; an author."""
    script = Dictionary(S=Name.JavaScript, JS="app.alert('HARM')")
    pdf.Root.OpenAction = script
    pdf.Root.AA = Dictionary(WC=script)
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["x", pdf.make_indirect(script)])))
    pdf.attachments["evil.exe"] = b"MZ HARM"
    pdf.docinfo["/Author"] = "Jane Doe"
    with pdf.open_metadata() as metadata:
        metadata["dc:creator"] = ["Jane Doe"]
    actions = (script, Dictionary(S=Name.Launch, F="HARM.exe"), Dictionary(S=Name.URI, URI="https://example.org/"))
    pdf.pages[0].obj.Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action) for action in actions]
    )


def test_a_pdf_loses_scripts_files_and_names_and_keeps_its_links() -> None:
    checked = check_file("plan.pdf", pdf_of(armed) + b"\n<script>HARM</script>")
    with pikepdf.open(io.BytesIO(checked.data)) as again:
        words = "".join(repr(item) for item in again.objects) + repr(again.trailer)
        unpacked = io.BytesIO()
        again.save(unpacked, stream_decode_level=pikepdf.StreamDecodeLevel.all, compress_streams=False)
    for harm in ("HARM", "JavaScript", "EmbeddedFile", "Launch", "Jane Doe"):
        assert harm not in words
        assert harm.encode() not in unpacked.getvalue()
    assert "https://example.org/" in words
    assert checked.preview is not None
    with Image.open(io.BytesIO(checked.preview)) as drawn:
        assert drawn.format == "WEBP"
        assert max(drawn.size) == 640


def test_pictures_lose_their_place_and_whatever_hangs_on_them() -> None:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (40.0, 24.0, 59.0), 3: "W", 4: (3.0, 42.0, 9.0)}
    for name, data in (
        ("a.jpg", picture("JPEG", exif=exif) + SVG + PDF),
        ("a.webp", picture("WEBP", exif=exif)),
        ("a.png", png((b"tEXt", b"Comment\x00<script>alert(1)</script>")) + HTML),
        ("a.gif", picture("GIF", comment=b"<script>alert(1)</script>") + b"PK\x03\x04"),
    ):
        checked = check_file(name, data)
        with Image.open(io.BytesIO(checked.data)) as again:
            assert not again.getexif().get_ifd(0x8825)
        for harm in (b"<script", b"%PDF", b"PK\x03\x04", b"<svg"):
            assert harm not in checked.data


def test_a_document_loses_its_people_its_thumbnail_and_the_places_of_its_pictures() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Jane Doe"
    data = packed(
        {
            "docProps/core.xml": b"<cp:coreProperties><dc:creator>Jane Doe</dc:creator></cp:coreProperties>",
            "docProps/thumbnail.jpeg": picture("JPEG"),
            "_rels/.rels": b'<Relationships><Relationship Type="http://x/metadata/thumbnail" Target="x"/></Relationships>',
            "word/_rels/document.xml.rels": RELS % b"hyperlink",
            "word/comments.xml": b'<w:comment w:author="Jane Doe" w:initials="JD">Good</w:comment>',
            "word/media/image1.jpeg": picture("JPEG", exif=exif),
        }
    )
    with zipfile.ZipFile(io.BytesIO(check_file("plan.docx", data).data)) as again:
        parts = {name: again.read(name) for name in again.namelist()}
    assert all(b"Jane Doe" not in content for content in parts.values())
    assert parts["word/comments.xml"] == b'<w:comment w:author="" w:initials="">Good</w:comment>'
    assert parts["_rels/.rels"] == b"<Relationships></Relationships>"
    assert parts["docProps/thumbnail.jpeg"] == b""
    assert b"evil.example" in parts["word/_rels/document.xml.rels"], "a link to be clicked stays"


def send(client: FlaskClient, path: str, form: dict[str, str], files: list[tuple[str, bytes]]) -> TestResponse:
    """Post a form with files; the test client itself would leave a large body open on the disk."""
    fields = MultiDict([*form.items(), *(("files", FileStorage(io.BytesIO(data), name)) for name, data in files)])
    stream, length, boundary = stream_encode_multipart(fields, use_tempfile=False)
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(path, input_stream=stream, content_length=length, content_type=kind)


def test_tduck_42_each_is_named_in_words_and_the_form_is_kept(
    as_user: AsUser, client: FlaskClient, session: Session
) -> None:
    """An SVG with a script, HTML named as PNG, a PDF named as JPG, one byte too many: at once, and no word is lost."""
    author = make_account()
    draft = make_proposal(make_call(rules=make_rules(max_attachments=5)), author, status=ProposalStatus.DRAFT)
    files = [
        ("a.svg", SVG),
        ("b.png", HTML),
        ("c.jpg", PDF),
        ("d.txt", b"x" * (MOST_BYTES + 1)),
        ("../../e.txt", b"fine"),
    ]
    form = {"title": "Typed with care", "summary": "In short", "body": "At length", "language": "en", "version": "1"}
    answer = send(as_user(author), f"/proposals/{draft.public_id}/edit", form, files)
    assert answer.status_code == 422
    for words in (
        "“a.svg” is a web page or a drawing that can carry scripts",
        "“b.png” is a web page or a drawing that can carry scripts",
        "“c.jpg” is not what its name says: its content is PDF",
        "“d.txt” is larger than 10 MB",
        "Typed with care",
        "At length",
    ):
        assert words in answer.text
    assert session.scalars(select(Attachment)).all() == []
    good = [("../../e.txt", b"fine"), ("p.pdf", pdf_of(armed))]
    again = send(as_user(author), f"/proposals/{draft.public_id}/edit", form, good)
    assert again.status_code == 303
    text, pdf = session.scalars(select(Attachment).order_by(Attachment.id))
    assert (text.filename, text.preview_key) == ("e.txt", None)
    page = as_user(author).get(f"/proposals/{draft.public_id}").text
    assert f'<img src="/files/{pdf.public_id}/preview" alt="First page of p.pdf"' in page
    shown = as_user(author).get(f"/files/{pdf.public_id}/preview")
    assert (shown.mimetype, shown.headers["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    for path in (
        f"/files/{pdf.public_id}/preview",
        f"/files/{pdf.public_id}/p.pdf",
        f"/files/{text.public_id}/preview",
    ):
        assert client.get(path).status_code == 404
