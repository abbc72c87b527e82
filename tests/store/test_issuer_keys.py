"""Keys of issuers: made once however many ask at once, retired for good, and replaceable by a key service."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from crowd.store.issuer_keys import ISSUER_KEYS, FileKeys, IssuerKey, is_signed
from tests.conftest import AsUser
from tests.credentials.claiming import claim, won


class KeyService:
    """Stands in for a service that keeps the private keys to itself."""

    def __init__(self, folder: Path) -> None:
        self.within, self.asked = FileKeys(folder), 0

    def keys(self, issuer: str) -> tuple[IssuerKey, ...]:
        return self.within.keys(issuer)

    def signing_key(self, issuer: str) -> IssuerKey:
        return self.within.signing_key(issuer)

    def sign(self, issuer: str, key: IssuerKey, data: bytes) -> bytes:
        self.asked += 1
        return self.within.sign(issuer, key, data)

    def rotate(self, issuer: str) -> IssuerKey:
        return self.within.rotate(issuer)


def test_of_many_first_uses_at_once_one_key_wins(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _turn: FileKeys(tmp_path).signing_key("abc").public, range(24)))
    assert set(made) == {FileKeys(tmp_path).signing_key("abc").public}
    assert len(FileKeys(tmp_path).keys("abc")) == 1


def test_a_retired_key_signs_no_more_but_what_it_signed_can_be_checked(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path)
    old = keys.signing_key("abc")
    signature = keys.sign("abc", old, b"a credit")
    new = keys.rotate("abc")
    assert [key.public for key in keys.keys("abc")] == [new.public, old.public]
    assert is_signed(old.public, b"a credit", signature)
    with pytest.raises(LookupError):
        keys.sign("abc", old, b"another")


@pytest.mark.parametrize("issuer", ["", "../secret", "A", "a/b"])
def test_no_name_of_an_issuer_leads_out_of_the_folder(tmp_path: Path, issuer: str) -> None:
    with pytest.raises(ValueError, match="^"):  # noqa: RUF043 (any words)
        FileKeys(tmp_path).signing_key(issuer)


def test_a_key_service_stands_in_for_the_files(
    app: Flask, session: Session, as_user: AsUser, client: FlaskClient, tmp_path: Path
) -> None:
    service, found = KeyService(tmp_path), won(session, as_user)
    app.extensions[ISSUER_KEYS] = service
    try:
        row = claim(session, as_user(found.winner), found)
        answer = client.post(
            "/credentials/check", data={"credential": row.token}, headers={"Accept": "application/json"}
        )
    finally:
        del app.extensions[ISSUER_KEYS]
    assert (answer.get_json()["finding"], service.asked) == ("genuine", 1)
    assert row.key == service.signing_key(found.organization.public_id).name
