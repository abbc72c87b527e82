"""The picture of a call: drawn anew, described, seen by whoever may see the call, taken away."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.rules import Audience
from crowd.core.status import OrganizationRole
from crowd.organizations.models import Organization
from tests.conftest import AsUser
from tests.make import make_account, make_call, make_member, make_organization, make_rules

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("session")]


@pytest.fixture
def organization() -> Organization:
    return make_organization()


def photo(width: int = 1700, height: int = 900) -> bytes:
    """A JPEG on its side that tells where it was taken."""
    picture, out = Image.new("RGB", (height, width), "seagreen"), io.BytesIO()
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "SECRET-PLACE"
    exif.get_ifd(0x8825)[2] = (52.0, 30.0, 0.0)
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def stored(app: Flask) -> set[str]:
    uploads = app.extensions["settings"].data / "uploads"
    return {path.name for path in uploads.rglob("*") if path.is_file()}


def choose(
    writer: FlaskClient, call: Call, data: bytes, alt: str = "Beds of lavender", name: str = "garden.jpg"
) -> int:
    fields = {"alt": alt, "picture": (io.BytesIO(data), name)} if data else {"alt": alt}
    return writer.post(f"/calls/{call.public_id}/cover", data=fields).status_code


def test_a_picture_is_shown_in_sizes_without_what_was_hidden_in_it_and_taken_away(
    client: FlaskClient, as_user: AsUser, organization: Organization, app: Flask, session: Session
) -> None:
    call, writer = make_call(organization), as_user(make_member(organization))
    before = stored(app)
    assert choose(writer, call, photo()) == 303
    for page in (f"/calls/{call.public_id}", "/calls", f"/organizations/{organization.slug}"):
        assert 'alt="Beds of lavender"' in client.get(page).text, page
    addresses = re.findall(rf"/calls/{call.public_id}/cover/\w+/[\w.]+", client.get(f"/calls/{call.public_id}").text)
    assert sorted(address.rsplit("/", 1)[1] for address in set(addresses)) == [
        "1600.webp",
        "480.webp",
        "960.webp",
        "picture.jpg",
    ]
    for address in set(addresses):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
        assert b"SECRET-PLACE" not in answer.data
        with Image.open(io.BytesIO(answer.data)) as shown:
            assert shown.width > shown.height
            assert not shown.getexif()
    assert choose(writer, call, b"", alt="Lavender in June") == 303
    assert 'alt="Lavender in June"' in client.get(f"/calls/{call.public_id}").text
    assert client.get(addresses[0].replace(addresses[0].split("/")[4], "0" * 16)).status_code == 404
    assert writer.post(f"/calls/{call.public_id}/cover/remove").status_code == 303
    assert client.get(addresses[0]).status_code == 404
    assert "Lavender" not in client.get(f"/calls/{call.public_id}").text
    assert stored(app) == before


def test_what_is_no_picture_is_refused_in_words_and_the_description_is_kept(
    as_user: AsUser, organization: Organization
) -> None:
    call, writer = make_call(organization), as_user(make_member(organization))
    for data, name in ((b"<svg onload=alert(1)/>", "x.svg"), (b"not a picture", "x.png"), (photo(300, 200), "x.jpg")):
        answer = writer.post(
            f"/calls/{call.public_id}/cover", data={"alt": "Mine", "picture": (io.BytesIO(data), name)}
        )
        assert answer.status_code == 422
        assert "x." in answer.text
        assert 'value="Mine"' in answer.text
    assert choose(writer, call, photo(), alt=" ") == 422
    assert choose(writer, call, b"") == 422


def test_only_managers_choose_it_and_a_members_call_shows_it_to_members_alone(
    client: FlaskClient, as_user: AsUser, organization: Organization, session: Session
) -> None:
    call = make_call(organization, make_rules(audience=Audience.MEMBERS))
    moderator = as_user(make_member(organization, OrganizationRole.MODERATOR))
    assert choose(moderator, call, photo()) == 403
    assert choose(as_user(make_member(organization)), call, photo()) == 303
    session.refresh(call)
    assert call.cover
    address = f"/calls/{call.public_id}/cover/{call.cover['sha256'][:16]}/480.webp"
    assert client.get(address).status_code == 404
    assert as_user(make_account()).get(address).status_code == 404
    assert moderator.get(address).headers["Cache-Control"].startswith("private,")


def test_a_cloned_call_has_the_picture_and_its_words_under_files_of_its_own(
    as_user: AsUser, organization: Organization, session: Session
) -> None:
    call, writer = make_call(organization), as_user(make_member(organization))
    assert choose(writer, call, photo()) == 303
    cloned = writer.post(f"/calls/{call.public_id}/clone")
    made = session.scalars(select(Call).where(Call.id != call.id)).one()
    assert made.public_id in cloned.headers["Location"]
    assert writer.post(f"/calls/{call.public_id}/cover/remove").status_code == 303
    session.refresh(made)
    assert made.cover is not None
    assert made.cover["alt"] == "Beds of lavender"
    version = made.cover["sha256"][:16]
    for name in made.cover["files"]:
        assert writer.get(f"/calls/{made.public_id}/cover/{version}/{name}").status_code == 200
