"""A text without names, stored for reviewers who may not know the authors."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from crowd.core.rules import Blindness
from crowd.store.db import transaction
from tests.conftest import AsUser
from tests.make import make_juror
from tests.reviews.conftest import account_of
from tests.reviews.walking import NAMES, staged, telling

pytestmark = pytest.mark.one_database


@pytest.mark.both_databases
def test_a_text_without_names_is_all_that_blind_reviewers_read(app: Flask, session: Session, as_user: AsUser) -> None:
    stage = staged()
    with transaction(stage.bench):
        stage.bench.summary, stage.bench.body = "Zenobia draws benches.", "I, Zenobia Quill, drew it."
    page = f"{stage.scene.url}/proposals/{stage.bench.public_id}/text"
    manager = as_user(stage.scene.manager)
    assert "I, Zenobia Quill, drew it." in manager.get(page).text
    form = {"summary": "A round bench.", "body": "The author drew it.", "files_kept_back": "y"}
    assert manager.post(page, data=form).status_code == 303
    reviewer = as_user(account_of(stage.jurors[1]))
    assert telling(app, stage, reviewer, NAMES) == set()
    assert "The author drew it." in reviewer.get(f"/proposals/{stage.bench.public_id}").text
    assert "A round bench." in reviewer.get(f"/calls/{stage.scene.call.public_id}/proposals").text
    assert reviewer.get(f"/proposals/{stage.bench.public_id}/history").status_code == 404
    assert reviewer.get(f"/files/{stage.file.public_id}/x.txt").status_code == 404
    everybody = app.test_client().get(f"/proposals/{stage.bench.public_id}").text
    assert "I, Zenobia Quill, drew it." in everybody
    session.expire_all()
    assert stage.bench.body == "I, Zenobia Quill, drew it."
    manager.post(page, data={"act": "drop"})
    assert "I, Zenobia Quill, drew it." in reviewer.get(f"/proposals/{stage.bench.public_id}").text


@pytest.mark.both_databases
def test_nobody_with_a_stake_and_no_plain_reviewer_stores_a_text_for_the_others(
    app: Flask, session: Session, as_user: AsUser
) -> None:
    stage = staged()
    page = f"{stage.scene.url}/proposals/{stage.bench.public_id}/text"
    make_juror(stage.scene.round, stage.scene.authors[0], chair=True)
    form = {"summary": "", "body": "Nothing."}
    for person in (account_of(stage.jurors[1]), stage.scene.authors[0], stage.scene.authors[1]):
        assert as_user(person).post(page, data=form).status_code in {403, 404}
    single = staged(blindness=Blindness.SINGLE)
    elsewhere = f"{single.scene.url}/proposals/{single.bench.public_id}/text"
    assert as_user(single.scene.manager).post(elsewhere, data=form).status_code == 404
