"""A credit as an Open Badges credential, from its signature to its revocation."""

import gzip
import hashlib
import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.badges.jws import from_base64url, read_token, to_base64url
from crowd.core.events import EventKind
from crowd.credentials.models import Credential, Revocation
from crowd.organizations.models import Organization
from crowd.selection.actions.holding import erase_person
from crowd.store.db import transaction, utc_now
from crowd.store.issuer_keys import FileKeys
from crowd.store.models import Event
from tests.conftest import AsUser
from tests.credentials.claiming import Won, claim, won
from tests.make import make_account

pytestmark = pytest.mark.one_database


@pytest.fixture
def found(session: Session, as_user: AsUser) -> Won:
    return won(session, as_user)


def says(client: FlaskClient, text: str) -> str:
    """What the checking page finds, as a program reads it."""
    answer = client.post("/credentials/check", data={"credential": text}, headers={"Accept": "application/json"})
    word: str = answer.get_json()["finding"]
    return word


def payload_of(row: Credential) -> dict[str, Any]:
    assert row.token is not None
    return dict(read_token(row.token).payload)


def test_a_credential_says_who_what_which_role_and_which_share(
    session: Session, as_user: AsUser, found: Won, client: FlaskClient
) -> None:
    row = claim(session, as_user(found.winner), found)
    data = client.get(f"/credentials/{row.public_id}.json").get_json()
    site, subject = "http://localhost", data["credentialSubject"]
    assert data["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert data["issuer"]["id"] == f"{site}/issuers/{found.organization.public_id}"
    assert subject["id"] == f"{site}/people/{found.winner.public_id}"
    assert [(each["identityType"], each["identityHash"]) for each in subject["identifier"]] == [
        ("name", found.credit.name)
    ]
    assert subject["role"] == "Conceptualization"
    assert [each["targetUrl"] for each in subject["achievement"]["alignment"]] == [
        "https://credit.niso.org/contributor-roles/conceptualization/"
    ]
    assert [each["value"] for each in subject["result"]] == ["100"]
    assert [each["id"] for each in data["evidence"]] == [f"{site}/proposals/{found.proposal.public_id}"]
    assert data["credentialStatus"]["statusListIndex"] == str(row.list_index)
    claims = payload_of(row)
    assert (claims["iss"], claims["sub"], claims["jti"]) == (data["issuer"]["id"], subject["id"], data["id"])


def test_an_address_is_told_as_a_salted_hash_and_only_if_the_person_says_so(
    session: Session, as_user: AsUser, found: Won
) -> None:
    row = claim(session, as_user(found.winner), found, with_address="y")
    told = [each for each in payload_of(row)["credentialSubject"]["identifier"] if each["hashed"]]
    digest = hashlib.sha256(f"{found.winner.email}{told[0]['salt']}".encode()).hexdigest()
    assert [each["identityHash"] for each in told] == [f"sha256${digest}"]
    assert found.winner.email not in json.dumps(payload_of(row))


def test_nobody_else_has_it_signed_and_nobody_without_agreeing_to_be_named(
    session: Session, as_user: AsUser, found: Won, client: FlaskClient
) -> None:
    path = f"{found.certificate}/credential"
    answers = [
        client.post(path, data={"consent": "y"}).status_code,
        as_user(make_account()).post(path, data={"consent": "y"}).status_code,
        as_user(found.manager).post(path, data={"consent": "y"}).status_code,
        as_user(found.winner).post(path, data={}).status_code,
    ]
    assert answers == [303, 404, 403, 422]
    assert session.scalars(select(Credential)).all() == []


def test_the_page_that_is_passed_on_shows_it_to_everybody(
    session: Session, as_user: AsUser, found: Won, client: FlaskClient
) -> None:
    row = claim(session, as_user(found.winner), found)
    page = client.get(f"/credentials/{row.public_id}").text
    assert "This credential holds" in page
    assert f"<bdi>{found.credit.name}</bdi>" in page
    assert f"http://localhost/credentials/{row.public_id}.svg" in page
    assert f'href="/credentials/{row.public_id}"' in client.get(found.certificate).text
    assert client.get(f"/credentials/{row.public_id}.jwt").text == row.token


def test_checking_tells_in_words_what_is_right_and_what_is_not(
    session: Session, as_user: AsUser, found: Won, client: FlaskClient
) -> None:
    row = claim(session, as_user(found.winner), found)
    token = row.token or ""
    header, payload, signature = token.split(".")
    swapped = json.loads(from_base64url(payload)) | {"name": "A greater prize"}
    assert says(client, token) == "genuine"
    assert says(client, f"http://localhost/credentials/{row.public_id}") == "genuine"
    assert says(client, f"/credentials/{row.public_id}.jwt") == "genuine"
    assert says(client, f"https://elsewhere.example/credentials/{row.public_id}") == "unreadable"
    assert says(client, "good morning") == "unreadable"
    assert says(client, f"{header}.{payload}.{'A' * 86}") == "forged"
    forged = f"{header}.{_part(swapped)}.{signature}"
    assert says(client, forged) == "forged"
    abroad = swapped | {"issuer": {"id": "https://elsewhere.example/issuers/x"}}
    assert says(client, f"{header}.{_part(abroad)}.{signature}") == "foreign"
    page = client.post("/credentials/check", data={"credential": token}).text
    assert "It is genuine and holds" in page
    assert found.organization.name in page


def _part(value: dict[str, Any]) -> str:
    return to_base64url(json.dumps(value).encode())


@pytest.mark.parametrize(
    ("revoked", "reason"), [("", Revocation.CORRECTED), ("y", Revocation.TAKEN_BACK)], ids=["corrected", "taken back"]
)
def test_a_corrected_credit_takes_its_credential_back_with_a_reason_and_a_trace(
    session: Session, as_user: AsUser, found: Won, client: FlaskClient, revoked: str, reason: Revocation
) -> None:
    row = claim(session, as_user(found.winner), found)
    token = row.token or ""
    data = {"name": "Iris N. Okafor", "share": "50", "note": "A slip.", **({"revoked": revoked} if revoked else {})}
    assert as_user(found.manager).post(f"{found.certificate}/correct", data=data).status_code == 303
    session.refresh(row)
    assert (says(client, token), row.revoked_for) == ("revoked", reason)
    assert "This credential holds no more" in client.get(f"/credentials/{row.public_id}").text
    traces = session.scalars(select(Event).where(Event.kind == EventKind.CREDENTIAL_REVOKED)).all()
    assert [(trace.actor_id, trace.subject_id, trace.target) for trace in traces] == [
        (found.manager.id, row.id, reason.value)
    ]
    refused = as_user(found.winner).post(f"{found.certificate}/credential", data={"consent": "y"}).status_code
    assert refused == (403 if revoked else 303)


def test_a_selection_taken_back_takes_the_credential_back(
    session: Session, as_user: AsUser, found: Won, client: FlaskClient
) -> None:
    token = claim(session, as_user(found.winner), found).token or ""
    version = session.get_one(type(found.proposal), found.proposal.id).version
    data = {"outcome": "reserve", "reason": "The winner declined.", "note": "Declined.", "version": str(version)}
    answer = as_user(found.manager).post(f"/proposals/{found.proposal.public_id}/correction", data=data)
    assert (answer.status_code, says(client, token)) == (303, "revoked")


@pytest.mark.both_databases
def test_the_status_list_has_one_bit_per_credential_and_at_least_sixteen_kilobytes(
    session: Session, as_user: AsUser, found: Won, client: FlaskClient
) -> None:
    row = claim(session, as_user(found.winner), found)
    address = f"/issuers/{found.organization.public_id}/status/1"

    def bits() -> bytes:
        encoded = client.get(f"{address}.json").get_json()["credentialSubject"]["encodedList"]
        assert encoded[0] == "u"
        return gzip.decompress(from_base64url(encoded[1:]))

    assert bits() == bytes(16_384)
    claim(session, as_user(found.winner), found)
    expected = bytearray(16_384)
    expected[row.list_index // 8] = 0x80 >> (row.list_index % 8)
    assert bits() == bytes(expected)
    assert client.get(f"/issuers/{found.organization.public_id}/status/2").status_code == 404


def test_what_an_old_key_signed_stays_valid_after_rotation(
    app: Flask, session: Session, as_user: AsUser, found: Won, client: FlaskClient
) -> None:
    old = claim(session, as_user(found.winner), found)
    runner = app.test_cli_runner()
    assert "signs with key" in runner.invoke(args=["issuers", "rotate", found.organization.slug]).output
    keys = client.get(f"/issuers/{found.organization.public_id}/jwks.json").get_json()["keys"]
    assert len(keys) == 2
    assert [each["kid"].endswith(old.key) for each in keys] == [False, True]
    assert client.get("/.well-known/jwks.json").get_json()["keys"] == keys
    assert [client.get(each["kid"].removeprefix("http://localhost")).get_json() for each in keys] == keys
    well_known = client.get(f"/.well-known/jwt-vc-issuer/issuers/{found.organization.public_id}").get_json()
    assert well_known == {
        "issuer": f"http://localhost/issuers/{found.organization.public_id}",
        "jwks": {"keys": keys},
    }
    assert says(client, old.token or "") == "genuine"
    listed = runner.invoke(args=["issuers", "keys", found.organization.slug]).output.splitlines()
    assert [line.split()[1] for line in listed] == ["signs", "retired"]


def test_private_keys_are_files_that_only_their_owner_reads_and_retired_ones_are_gone(
    app: Flask, session: Session, as_user: AsUser, found: Won
) -> None:
    claim(session, as_user(found.winner), found)
    keys = FileKeys(app.extensions["settings"].data)
    folder = keys.folder / found.organization.public_id
    app.test_cli_runner().invoke(args=["issuers", "rotate", found.organization.slug])
    assert sorted(path.name for path in folder.iterdir()) == ["0001.public", "0002.ed25519", "0002.public"]
    assert (folder / "0002.ed25519").stat().st_mode & 0o777 == 0o600
    secret = (folder / "0002.ed25519").read_text().strip()
    assert secret not in json.dumps([str(row.__dict__) for row in session.scalars(select(Credential))])


def test_a_renamed_organization_keeps_its_address_as_an_issuer(
    session: Session, as_user: AsUser, found: Won, client: FlaskClient
) -> None:
    token = claim(session, as_user(found.winner), found).token or ""
    with transaction() as writing:
        row = writing.get_one(Organization, found.organization.id)
        row.name, row.slug = "The New Library", "new-library"
    assert says(client, token) == "genuine"
    assert client.get(f"/issuers/{found.organization.public_id}").get_json()["name"] == "The New Library"


def test_whoever_does_not_want_to_be_named_is_a_contributor_everywhere(
    session: Session, as_user: AsUser, found: Won, client: FlaskClient
) -> None:
    mine, name = as_user(found.winner), found.credit.name
    row = claim(session, mine, found)
    token = row.token or ""
    assert mine.post(f"{found.certificate}/be-unnamed").status_code == 303
    session.refresh(row)
    assert (says(client, token), row.revoked_for, row.token) == ("revoked", Revocation.UNNAMED, None)
    for path in (found.certificate, f"/credentials/{row.public_id}", f"/credentials/{row.public_id}.svg"):
        assert name not in client.get(path).text
    assert "a contributor" in client.get(found.certificate).text
    assert client.get(f"/credentials/{row.public_id}.jwt").status_code == 410
    assert mine.post(f"{found.certificate}/credential", data={"consent": "y"}).status_code == 403
    assert mine.post(f"{found.certificate}/be-named").status_code == 303
    assert name in client.get(found.certificate).text


def test_nobody_names_again_by_correction_who_does_not_want_to_be(
    session: Session, as_user: AsUser, found: Won, client: FlaskClient
) -> None:
    as_user(found.winner).post(f"{found.certificate}/be-unnamed")
    data = {"name": "Iris Okafor", "share": "50", "note": "A slip."}
    assert as_user(found.manager).post(f"{found.certificate}/correct", data=data).status_code == 303
    assert "Iris Okafor" not in client.get(found.certificate).text


def test_an_erased_account_leaves_its_credit_to_a_contributor_and_its_name_nowhere(
    session: Session, as_user: AsUser, found: Won, client: FlaskClient
) -> None:
    name = found.credit.name
    token = claim(session, as_user(found.winner), found).token or ""
    data = {"name": f"{name} II", "share": "50", "note": "A slip."}
    as_user(found.manager).post(f"{found.certificate}/correct", data=data)
    newer = claim(session, as_user(found.winner), found).token or ""
    with transaction() as writing:
        erase_person(writing, found.winner.id, now=utc_now())
    assert [says(client, text) for text in (token, newer)] == ["revoked", "revoked"]
    session.expire_all()
    assert session.scalars(select(Credential.token)).all() == [None, None]
    assert session.scalars(select(Credential.revoked_for).order_by(Credential.id)).all() == [
        Revocation.CORRECTED,
        Revocation.ERASED,
    ]
    page = client.get(found.certificate).text
    assert (name in page, "a contributor" in page) == (False, True)
    assert client.get(f"{found.certificate}.pdf").status_code == 200


def test_the_badge_is_a_picture_with_its_text_that_others_may_keep_for_minutes(
    session: Session, as_user: AsUser, found: Won, client: FlaskClient
) -> None:
    with transaction() as writing:
        writing.merge(found.credit).name = "Iris <script>alert(1)</script>"
    row = claim(session, as_user(found.winner), found)
    answer = client.get(f"/credentials/{row.public_id}.svg")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("image/svg+xml", "public, max-age=300")
    assert "<script" not in answer.text
    assert "<title id=" in answer.text
    assert "<desc id=" in answer.text
    assert f">{found.proposal.title}</text>" in answer.text
    as_user(found.winner).post(f"{found.certificate}/be-unnamed")
    assert ">This credential holds no more</text>" in client.get(f"/credentials/{row.public_id}.svg").text


def test_nothing_of_a_rehearsal_is_signed(session: Session, as_user: AsUser, found: Won) -> None:
    with transaction() as writing:
        writing.merge(found.call).is_rehearsal = True
    answer = as_user(found.winner).post(f"{found.certificate}/credential", data={"consent": "y"})
    assert (answer.status_code, session.scalars(select(Credential)).all()) == (403, [])
