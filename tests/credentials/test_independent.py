"""Libraries that know nothing of this project verify its credentials: openbadgeslib, joserfc, and jsonschema by a schema of Open Badges 3.0.

1EdTech's own schema files come in no package; where they lie in `openbadges/` of the folder that `TEST_DATA` names, they are asked too.
"""

import base64
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.errors import SecurityWarning
from joserfc.jwk import KeySet, OKPKey
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3.verifier import OB3Verifier, verify_endorsement_jwt
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.badges.examining import Finding, Keys, examine
from crowd.core.badges.jws import jwk, thumbprint, to_base64url, write_token
from crowd.core.badges.open_badge import Award, Holder, Issuer, Role, open_badge
from crowd.selection.models import Endorsement
from crowd.store.db import utc_now
from crowd.store.issuer_keys import FileKeys, is_signed
from tests.conftest import AsUser
from tests.credentials.claiming import Won, claim, won

pytestmark = pytest.mark.one_database


def read_schemas(path: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text())] if path.is_file() else []


NEAR = [Path(__file__).parents[2 + up] / "shared" / "data" for up in (1, 2)]
DATA = Path(os.environ.get("TEST_DATA") or next((path for path in NEAR if path.is_dir()), NEAR[0])) / "openbadges"
SCHEMA = json.loads((Path(__file__).parent / "open_badges_3.schema.json").read_text())
PROFILE = {**SCHEMA["$defs"]["Profile"], "$defs": SCHEMA["$defs"]}
SCHEMAS = {
    "credential": [SCHEMA, *read_schemas(DATA / "ob_v3p0_achievementcredential_schema.json")],
    "profile": [PROFILE, *read_schemas(DATA / "ob_v3p0_profile_schema.json")],
}
REQUIRED: list[tuple[str | int, ...]] = [
    *((name,) for name in ("@context", "id", "type", "issuer", "validFrom", "credentialSubject")),
    *(("issuer", name) for name in ("id", "type")),
    *(("credentialSubject", name) for name in ("type", "achievement")),
    *(("credentialSubject", "achievement", name) for name in ("id", "type", "name", "description", "criteria")),
    *(("credentialSubject", "identifier", 0, name) for name in ("type", "hashed", "identityHash", "identityType")),
    *(("credentialSubject", "achievement", "alignment", 0, name) for name in ("type", "targetName", "targetUrl")),
    *(
        ("credentialSubject", "achievement", "resultDescription", 0, name)
        for name in ("id", "type", "name", "resultType")
    ),
    *(("evidence", 0, name) for name in ("type",)),
    *(
        ("credentialStatus", name)
        for name in ("id", "type", "statusPurpose", "statusListIndex", "statusListCredential")
    ),
    *(("credentialSchema", 0, name) for name in ("id", "type")),
]
"""Where something stands that the data models require, or whose presence they tie to that of its object."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."


@pytest.fixture
def found(session: Session, as_user: AsUser) -> Won:
    return won(session, as_user)


def downloader(client: FlaskClient) -> Callable[[str], bytes]:
    """What the library would fetch over the network, from this site."""

    def fetch(url: str, *_more: Any, **_options: Any) -> bytes:
        answer = client.get(url.removeprefix("http://localhost"))
        assert answer.status_code == 200
        data: bytes = answer.data
        return data

    return fetch


def verifier(client: FlaskClient, found: Won) -> OB3Verifier:
    """With the issuer's key as it is published."""
    keys = client.get(f"/issuers/{found.organization.public_id}/jwks.json").get_json()["keys"]
    return OB3Verifier(OKPKey.import_key(keys[0]).as_pem(private=False))


def test_an_independent_library_verifies_signature_recipient_and_status_until_it_is_taken_back(
    session: Session, as_user: AsUser, found: Won, client: FlaskClient
) -> None:
    token = claim(session, as_user(found.winner), found).token or ""
    independent, fetch = verifier(client, found), downloader(client)
    recipient = f"http://localhost/people/{found.winner.public_id}"
    read = independent.verify(token, expected_recipient=recipient, check_status=True, download=fetch)
    assert (read.issuer.name, read.recipient_id) == (found.organization.name, recipient)
    data = {"name": "Iris N. Okafor", "share": "50", "note": "A slip."}
    assert as_user(found.manager).post(f"{found.certificate}/correct", data=data).status_code == 303
    with pytest.raises(LibOpenBadgesException, match="revocation"):
        independent.verify(token, check_status=True, download=fetch)


def test_another_library_finds_the_key_by_its_name_among_those_at_the_well_known_address(
    session: Session, as_user: AsUser, found: Won, client: FlaskClient
) -> None:
    token = claim(session, as_user(found.winner), found).token or ""
    keys = KeySet.import_key_set(client.get("/.well-known/jwks.json").get_json())
    lists = client.get(f"/issuers/{found.organization.public_id}/status/1").text
    for signed in (token, lists):
        with pytest.warns(SecurityWarning, match="EdDSA"):
            read = jws.deserialize_compact(signed, keys, algorithms=["EdDSA"])
        assert json.loads(read.payload)["iss"] == f"http://localhost/issuers/{found.organization.public_id}"


def test_an_independent_library_verifies_what_the_organization_says_while_it_stands(
    session: Session, as_user: AsUser, found: Won, client: FlaskClient
) -> None:
    data = {"text": "She drew every plank herself.", "for_organization": "y"}
    as_user(found.manager).post(f"{found.certificate}/endorse", data=data)
    row = session.scalars(select(Endorsement)).one()
    token = client.get(f"/endorsements/{row.public_id}.jwt").text
    keys = client.get(f"/issuers/{found.organization.public_id}/jwks.json").get_json()["keys"]
    read = verify_endorsement_jwt(token, endorser_pubkey_pem=OKPKey.import_key(keys[0]).as_pem(private=False))
    assert (read["endorses"], read["comment"]) == (f"http://localhost{found.certificate}", data["text"])
    as_user(found.winner).post(f"/endorsements/{row.public_id}/remove")
    assert client.get(f"/endorsements/{row.public_id}.jwt").status_code == 404


def faults(schema: dict[str, Any], document: Any) -> list[str]:
    checker = jsonschema.validators.validator_for(schema)
    found = checker(schema, format_checker=jsonschema.FormatChecker()).iter_errors(document)
    return [f"{list(error.absolute_path)}: {error.message}" for error in found]


def test_the_schema_is_one() -> None:
    for schema in (SCHEMA, PROFILE):
        jsonschema.Draft202012Validator.check_schema(schema)


def test_credential_and_issuer_keep_to_the_schema_of_open_badges_3(
    session: Session, as_user: AsUser, found: Won, client: FlaskClient
) -> None:
    row = claim(session, as_user(found.winner), found, with_address="y")
    shown = {
        "credential": client.get(f"/credentials/{row.public_id}.json").get_json(),
        "profile": client.get(f"/issuers/{found.organization.public_id}").get_json(),
    }
    signed_part = json.loads(_bytes((row.token or "").split(".")[1]))
    for name, document in [*shown.items(), ("credential", signed_part)]:
        for schema in SCHEMAS[name]:
            assert faults(schema, document) == []


@pytest.mark.parametrize("place", REQUIRED, ids=lambda place: ".".join(map(str, place)))
def test_a_credential_without_what_is_required_is_none(
    signed: tuple[str, bytes, str], place: tuple[str | int, ...]
) -> None:
    badge = json.loads(_bytes(signed[0].split(".")[1]))
    assert faults(SCHEMA, badge) == []
    at: Any = badge
    for step in place[:-1]:
        at = at[step]
    del at[place[-1]]
    told = faults(SCHEMA, badge)
    if place[0] == "issuer" and len(place) > 1:  # neither an address nor a profile
        assert [each.split(":")[0] for each in told] == ["['issuer']"]
    else:
        assert told == [f"{list(place[:-1])}: {place[-1]!r} is a required property"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"@context": ["https://www.w3.org/ns/credentials/v2"]}, ["@context"]),
        ({"@context": ["https://www.w3.org/2018/credentials/v1", "https://example.org"]}, ["@context"]),
        ({"type": ["VerifiableCredential"]}, ["type"]),
        ({"type": ["OpenBadgeCredential"]}, ["type"]),
        ({"validFrom": "yesterday"}, ["validFrom"]),
        ({"validFrom": "2026-11-30T10:00:00"}, ["validFrom"]),
        ({"id": "a credential"}, ["id"]),
        ({"credentialSubject": {}}, ["credentialSubject"]),
        ({"credentialStatus": {"type": "BitstringStatusListEntry"}}, ["credentialStatus"]),
    ],
)
def test_a_credential_that_says_it_otherwise_is_none(
    signed: tuple[str, bytes, str], change: dict[str, Any], where: list[str]
) -> None:
    badge = json.loads(_bytes(signed[0].split(".")[1])) | change
    told = faults(SCHEMA, badge)
    assert told != []
    assert all(each.startswith(str(where)[:-1]) for each in told)


ISSUER = "https://site.example/issuers/abc"
NOW = utc_now()


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, bytes, str]:
    """A credential, the public key and its address."""
    keys = FileKeys(tmp_path_factory.mktemp("keys"))
    key = keys.signing_key("abc")
    award = Award(
        url="https://site.example/calls/a/results",
        name="Contribution to “A bench”",
        description="Ana contributed to “A bench”.",
        criteria="It was selected.",
        roles=(Role("Software", "https://credit.niso.org/contributor-roles/software/"), Role("Idea")),
        share=3333,
        share_name="Agreed share",
        work_url="https://site.example/proposals/p",
        work_name="A bench",
        language="en",
        awarded_at=NOW,
    )
    holder, issuer = Holder("https://site.example/people/a", "Ana"), Issuer(ISSUER, "City Library")
    badge = open_badge("https://site.example/credentials/c", award, holder, issuer, (f"{ISSUER}/status/1", 7), NOW)
    kid = f"{ISSUER}/keys/{key.name}"
    return write_token(badge, kid, lambda data: keys.sign("abc", key, data)), key.public, kid


def public_key(public: bytes, kid: str) -> OKPKey:
    return OKPKey.import_key({**jwk(public, kid)})


def found_in(text: str, public: bytes, kid: str) -> Finding:
    known = Keys(ISSUER, {kid: public})
    return examine(text, lambda issuer: known if issuer == ISSUER else None, is_signed, NOW).finding


def test_the_unchanged_credential_is_genuine(signed: tuple[str, bytes, str]) -> None:
    token, public, kid = signed
    assert found_in(token, public, kid) is Finding.GENUINE
    OB3Verifier(public_key(public, kid).as_pem(private=False)).verify(token)
    assert public_key(public, kid).thumbprint() == thumbprint(public)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_changed_character_anywhere_makes_it_worthless(signed: tuple[str, bytes, str], data: st.DataObject) -> None:
    """Here for every change; in the library wherever the change alters a byte (it reads base64url less strictly)."""
    token, public, kid = signed
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from(LETTERS.replace(token[place], "")))
    changed = f"{token[:place]}{letter}{token[place + 1 :]}"
    assert found_in(changed, public, kid) is not Finding.GENUINE
    if place < len(token) - 1:
        with pytest.raises(LibOpenBadgesException):
            OB3Verifier(public_key(public, kid).as_pem(private=False)).verify(changed)


@given(data=st.data())
def test_a_changed_claim_signed_by_another_key_is_no_credential_of_this_issuer(
    signed: tuple[str, bytes, str], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    token, public, kid = signed
    payload = json.loads(_bytes(token.split(".")[1]))
    name = data.draw(st.sampled_from(sorted(payload)))
    others = FileKeys(tmp_path_factory.mktemp("others"))
    foreign = others.signing_key("abc")
    forged = write_token({**payload, name: "x"}, kid, lambda signed_: others.sign("abc", foreign, signed_))
    assert found_in(forged, public, kid) in {Finding.FORGED, Finding.FOREIGN, Finding.NO_BADGE}


def _bytes(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


@pytest.mark.parametrize("last", range(1, 16))
def test_bits_left_over_in_the_last_character_cannot_be_used_to_write_it_otherwise(
    signed: tuple[str, bytes, str], last: int
) -> None:
    token, public, kid = signed
    alphabet = LETTERS[:64]
    other = alphabet[alphabet.index(token[-1]) ^ last]
    assert found_in(token[:-1] + other, public, kid) is Finding.UNREADABLE
    assert to_base64url(_bytes((token[:-1] + other).split(".")[2])) == token.split(".")[2]
