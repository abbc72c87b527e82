"""What a blind or recused reviewer may not know stands in no response of the whole site, in no notice and in no mail."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.conversation.models import Comment
from crowd.core.rules import Blindness
from crowd.core.status import JurorStatus
from crowd.mailing.models import Mail
from crowd.proposals.actions import declare_conflict
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser, Drain
from tests.make import make_account, make_juror, make_member
from tests.reviews.conftest import account_of
from tests.reviews.walking import NAMES, TITLE, Stage, staged, telling, told

pytestmark = pytest.mark.one_database


def _juror(stage: Stage) -> Account:
    return account_of(stage.jurors[1])


def _another_juror(stage: Stage) -> Account:
    return account_of(stage.jurors[2])


def _chair(stage: Stage) -> Account:
    return account_of(stage.jurors[0])


def _invited(stage: Stage) -> Account:
    person = make_account("Someone Asked")
    make_juror(stage.scene.round, email=person.email, status=JurorStatus.INVITED)
    return person


def _manager_on_the_jury(stage: Stage) -> Account:
    person = make_member(stage.scene.organization)
    make_juror(stage.scene.round, person)
    return person


@pytest.mark.parametrize(
    "who",
    [
        _juror,
        _manager_on_the_jury,
        *(pytest.param(who, marks=pytest.mark.soak) for who in (_another_juror, _chair, _invited)),
    ],
)
def test_no_answer_of_the_site_tells_a_blind_reviewer_who_the_authors_are(
    app: Flask, session: Session, as_user: AsUser, drain: Drain, who: Callable[[Stage], Account]
) -> None:
    stage = staged()
    viewer = who(stage)
    client = as_user(viewer)
    client.post(f"/proposals/{stage.bench.public_id}/comments", data={"body": "And the birds?"})
    mine = session.scalars(select(Comment).where(Comment.author_id == viewer.id).order_by(Comment.id.desc())).first()
    if mine is not None:
        reply = {"body": "They like it.", "parent": mine.public_id}
        as_user(stage.scene.authors[0]).post(f"/proposals/{stage.bench.public_id}/comments", data=reply)
    drain()
    assert telling(app, stage, client, NAMES) == set()
    assert told(session, viewer, NAMES) == []
    by_name = client.get(f"/calls/{stage.scene.call.public_id}/proposals?q=Zenobia")
    assert TITLE not in by_name.text
    profile = client.get(f"/people/{stage.scene.authors[0].public_id}")
    assert TITLE not in profile.text
    assert client.get(f"/proposals/{stage.bench.public_id}").status_code == 200


def test_the_same_walk_finds_the_names_for_everybody_else(app: Flask, session: Session, as_user: AsUser) -> None:
    """So that the walk above is known to look where names are."""
    stage = staged()
    bench = f"/proposals/{stage.bench.public_id}"
    public = {bench, f"{bench}/comments", f"{bench}/history", f"/calls/{stage.scene.call.public_id}/proposals"}
    where = f"{bench}(/|$)|/calls/[^/]+/proposals"
    assert telling(app, stage, app.test_client(), NAMES, where) >= public
    assert telling(app, stage, as_user(stage.scene.manager), NAMES, f"{where}|/calls/[^/]+/desk") > public
    single = staged(blindness=Blindness.SINGLE)
    its_page = f"/proposals/{single.bench.public_id}"
    assert telling(app, single, as_user(_juror(single)), NAMES, f"{its_page}$") == {its_page}


@pytest.mark.parametrize(
    "who", [_chair, *(pytest.param(who, marks=pytest.mark.soak) for who in (_juror, _another_juror))]
)
def test_a_recused_reviewer_meets_the_proposal_nowhere(
    app: Flask, session: Session, as_user: AsUser, drain: Drain, who: Callable[[Stage], Account]
) -> None:
    stage = staged(blindness=Blindness.SINGLE)
    viewer = who(stage)
    drain()
    client = as_user(viewer)
    where = "/(calls/[^/]+/)?(proposals|reviews|comments|people)"
    before = telling(app, stage, client, (TITLE, stage.bench.public_id), where)
    client.post(f"{stage.scene.url}/conflicts?round=jury", data={"conflict": stage.bench.public_id})
    drain()
    client.get(stage.scene.url + "?round=jury&view=mine")  # says that it is stored
    assert len(before) > 5
    assert telling(app, stage, client, (TITLE,)) == set()
    assert TITLE not in client.get(f"/calls/{stage.scene.call.public_id}/proposals?q=bench").text
    as_user(stage.scene.authors[0]).post(f"/proposals/{stage.bench.public_id}/comments", data={"body": "Any news?"})
    drain()
    assert told(session, viewer, (TITLE,)) == []
    assert TITLE in as_user(stage.scene.manager).get(f"/proposals/{stage.bench.public_id}").text


def test_what_was_hidden_comes_with_the_results(app: Flask, session: Session, as_user: AsUser) -> None:
    stage = staged()
    with transaction(stage.scene.call) as writing:
        declare_conflict(writing, stage.bench, account_of(stage.jurors[2]).id, reason="", actor_id=None, now=utc_now())
        stage.scene.call.results_published_at = utc_now()
    for juror in stage.jurors[1:]:
        assert "Zenobia Quill" in as_user(account_of(juror)).get(f"/proposals/{stage.bench.public_id}").text


@pytest.mark.both_databases
def test_what_was_told_before_a_conflict_is_told_no_more(
    app: Flask, session: Session, as_user: AsUser, drain: Drain
) -> None:
    stage = staged(blindness=Blindness.SINGLE)
    viewer = account_of(stage.jurors[1])
    client, thread = as_user(viewer), f"/proposals/{stage.bench.public_id}/comments"
    reply = {"body": "An old one.", "parent": stage.comments[0].public_id}
    as_user(stage.scene.authors[0]).post(thread, data=reply)
    drain()
    assert "has an answer" in client.get("/notifications").text
    letters = select(Mail.kind).where(Mail.account_id == viewer.id, Mail.kind == "answer_to_mine")
    assert len(session.scalars(letters).all()) == 1
    client.post(f"{stage.scene.url}/conflicts?round=jury", data={"conflict": stage.bench.public_id})
    drain()
    as_user(stage.scene.authors[0]).post(thread, data=reply | {"body": "Older than the library."})
    drain()
    assert "has an answer" not in client.get("/notifications").text
    assert session.scalars(letters).all() == []
