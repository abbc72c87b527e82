"""Taking one's data along."""

import csv
import io
import json
import zipfile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.store.models import Event
from tests.conftest import AsUser, Drain
from tests.make import make_account
from tests.privacy.scene import BODY, EMAIL, NAME, Scene, make_everywhere

pytestmark = pytest.mark.one_database


@pytest.fixture
def scene(session: Session, as_user: AsUser, drain: Drain) -> Scene:
    return make_everywhere(as_user, drain)


def taken_by(client: FlaskClient) -> zipfile.ZipFile:
    answer = client.get("/settings/data.zip")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    return zipfile.ZipFile(io.BytesIO(answer.data))


def test_all_that_is_kept_about_somebody_comes_as_json_and_as_csv(
    scene: Scene, session: Session, as_user: AsUser
) -> None:
    taken = taken_by(as_user(scene.person))
    tables = {name.removesuffix(".json"): json.loads(taken.read(name)) for name in taken.namelist() if ".json" in name}
    assert {f"{name}.csv" for name in tables} <= set(taken.namelist())
    assert (tables["account"][0]["email"], tables["account"][0]["name"]) == (EMAIL, NAME)
    counts = {name: len(rows) for name, rows in tables.items()}
    expected = {"votes": 1, "comments": 2, "credits": 1, "credentials": 1, "prizes": 1, "objections": 1}
    assert {name: counts[name] for name in expected} == expected
    rows = list(csv.DictReader(io.StringIO(taken.read("comments.csv").decode("utf-8-sig"))))
    assert [row["body"] for row in rows] == [BODY, BODY]
    assert session.scalars(select(Event.actor_id).where(Event.kind == "account:data_exported")).all() == [
        scene.person.id
    ]


@pytest.mark.both_databases
def test_nothing_of_others_and_no_secret_is_in_it(scene: Scene, as_user: AsUser) -> None:
    taken = taken_by(as_user(scene.person))
    whole = b"".join(taken.read(name) for name in taken.namelist())
    assert scene.owner.email.encode() not in whole
    assert scene.person.unsubscribe_key.encode() not in whole
    somebody = taken_by(as_user(make_account("Somebody Else")))
    everything = b"".join(somebody.read(name) for name in somebody.namelist())
    assert (b"Zenobia" in everything, BODY.encode() in everything) == (False, False)
