"""A person's picture: drawn anew without hidden data, served safely, gone when it is replaced or removed."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.files.storage import file_store
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser
from tests.make import make_account

pytestmark = pytest.mark.one_database

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def photo(kind: str = "JPEG", size: tuple[int, int] = (900, 600)) -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", size, (40, 120, 110)).save(out, kind, exif=exif)
    return out.getvalue()


def upload(client: FlaskClient, data: bytes, name: str = "me.jpg") -> tuple[int, str]:
    answer = client.post("/settings/picture", data={"picture": (io.BytesIO(data), name)})
    return answer.status_code, answer.text


def address(client: FlaskClient, account: Account, words: str) -> str:
    found = re.search(
        rf'<img class="avatar"[^>]*src="([^"]+)" alt="{words}"', client.get(f"/people/{account.public_id}").text
    )
    assert found is not None
    return found[1]


def test_a_picture_is_drawn_anew_in_two_sizes_served_safely_and_replaced(
    app: Flask, as_user: AsUser, session: Session
) -> None:
    ana = make_account("Ana Prieto")
    client, visitor = as_user(ana), app.test_client()
    assert upload(client, photo())[0] == 303
    first = address(visitor, ana, "Ana Prieto")
    answer = visitor.get(first, buffered=True)
    drawn = Image.open(io.BytesIO(answer.data))
    assert (answer.mimetype, drawn.size, dict(drawn.getexif()), b"home" in answer.data) == (
        "image/jpeg",
        (320, 320),
        {},
        False,
    )
    names = ("X-Content-Type-Options", "Content-Security-Policy", "Cache-Control")
    assert [answer.headers[name] for name in names] == [
        "nosniff",
        "default-src 'none'; sandbox",
        "private, max-age=31536000, immutable",
    ]
    session.refresh(ana)
    small = visitor.get(f"/people/{ana.public_id}/picture/{ana.picture_small_key}", buffered=True)
    assert Image.open(io.BytesIO(small.data)).size == (96, 96)
    old = [key or "" for key in (ana.picture_key, ana.picture_small_key)]
    assert upload(client, photo("PNG"), "me.png")[0] == 303
    assert (visitor.get(first).status_code, set(old) & {key for key, _at in file_store().stored()}) == (404, set())
    second = address(visitor, ana, "Ana Prieto")
    assert client.post("/settings/picture/remove").status_code == 303
    assert visitor.get(second).status_code == 404
    assert 'aria-label="Ana Prieto">AP<' in visitor.get(f"/people/{ana.public_id}").text


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (SVG, "me.svg"),
        (SVG, "me.png"),
        (b"%PDF-1.7 x", "me.jpg"),
        (b"", "me.jpg"),
        (photo()[:500], "me.jpg"),
        (b"GIF89a", "a.gif"),
    ],
)
def test_what_is_no_picture_is_refused_in_words_and_nothing_is_stored(
    as_user: AsUser, session: Session, data: bytes, name: str
) -> None:
    ana = make_account("Ana Prieto")
    status, page = upload(as_user(ana), data, name)
    session.refresh(ana)
    assert (status, "picture-error" in page, ana.picture_key) == (422, True, None)


def test_the_stated_limit_is_the_enforced_one(
    as_user: AsUser, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crowd.accounts.views.pictures.MOST_BYTES", len(photo()))
    client = as_user(make_account())
    assert upload(client, photo())[0] == 303
    status, page = upload(client, photo() + b"\0")
    assert (status, "larger than 5 MB" in page) == (422, True)


def test_a_picture_is_seen_at_its_persons_address_only_and_not_of_whom_is_blocked(
    app: Flask, as_user: AsUser, session: Session
) -> None:
    ana, bo = make_account("Ana"), make_account("Bo")
    upload(as_user(ana), photo())
    session.refresh(ana)
    visitor = app.test_client()
    path = f"/people/{ana.public_id}/picture/{ana.picture_key}"
    assert visitor.get(path.replace(ana.public_id, bo.public_id)).status_code == 404
    assert visitor.get(f"/people/{ana.public_id}/picture/..%2f..%2fkeys").status_code == 404
    with transaction(ana):
        ana.blocked_at = utc_now()
    assert visitor.get(path).status_code == 404
