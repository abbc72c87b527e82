"""What stands on every page of a call."""

from flask import Flask

from crowd.calls.gates import find_call
from crowd.core.status import StageKind
from crowd.pages.views.call_head import CallHead, call_head
from crowd.store.db import db
from tests.make import make_call


def head_of(app: Flask, public_id: str, tab: str = "call") -> CallHead:
    with app.test_request_context("/calls"):
        found = find_call(db.session(), public_id)
        assert found is not None
        return call_head(found, tab)


def test_the_head_states_the_facts_and_where_the_call_stands(app: Flask) -> None:
    with app.app_context():
        call = make_call(open_stage=StageKind.SUBMISSION)
    head = head_of(app, call.public_id)
    assert [stage.state for stage in head.stages] == ["current", *["next"] * 5]
    assert [fact.term for fact in head.facts] == [
        "What you get",
        "Who decides",
        "Who may take part",
        "Proposals: open until",
        "Answers within",
    ]
