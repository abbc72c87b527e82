"""What pages cost: the logged-in list of proposals against a bare Flask page, and the questions that pages ask of the database.

    .venv/bin/python -m bench.pages [ROWS]

A call with ROWS (default 300) proposals is made in a scratch folder. The list and the bare page are asked in one run, in turn, in
this process, on the same SQLite file, with the same signed cookie; CPU time is what is compared.

The bare page is a Flask application of its own with Flask-SQLAlchemy and nothing else: no hooks, no headers, no compression, no
translations. It reads the session, asks one question (the same number of proposals with their leads) and renders one template of
the same size to the byte, with the same links. It reads no account, though the list must: that would be a second question.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from flask import Flask, render_template_string, session
from flask.testing import FlaskClient
from flask_migrate import upgrade
from rich.progress import track
from sqlalchemy import event, select
from sqlalchemy.orm import joinedload

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.config import Settings
from crowd.factory import create_app
from crowd.pages.queries.proposal_page import PAGE
from crowd.proposals.models import Proposal
from crowd.store.db import db
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, make_session

ROUNDS, REPEATS = 15, 20
TEMPLATE = """<!doctype html><title>{{ session["_user_id"] }}</title><ul>{% for row in rows %}
<li class="row"><h3><a href="{{ url_for("proposal", public_id=row.public_id) }}">{{ row.title }}</a></h3>
<p>{{ row.summary }}</p><p><a href="{{ url_for("person", public_id=row.lead.public_id) }}">{{ row.lead.name }}</a></p>
<p>{{ row.status }}</p>{% for part in parts %}<span class="part">{{ part }}</span>{% endfor %}</li>{% endfor %}</ul>"""


def bare_app(settings: Settings, padding: int) -> Flask:
    """One ORM query, one template; `padding` bytes make it as long as the list."""
    app = Flask("bare")
    app.config.update(SQLALCHEMY_DATABASE_URI=settings.database_url, SECRET_KEY=settings.secret_key)
    app.config["SESSION_COOKIE_NAME"] = "apertura"
    db.init_app(app)
    app.add_url_rule("/proposals/<public_id>", "proposal", lambda public_id: public_id)
    app.add_url_rule("/people/<public_id>", "person", lambda public_id: public_id)
    parts = ["x" * (padding // PAGE // 5)] * 5

    @app.get("/bare")
    def bare() -> str:
        signed_in = session["_user_id"]
        rows = db.session.scalars(select(Proposal).options(joinedload(Proposal.lead)).limit(PAGE)).all()
        return render_template_string(TEMPLATE, rows=rows, parts=parts, person=signed_in) + "x" * (padding % (PAGE * 5))

    return app


def cpu(client: FlaskClient, path: str) -> float:
    """CPU milliseconds of one request, the mean of REPEATS."""
    start = time.process_time()
    for _ in range(REPEATS):
        client.get(path).close()
    return (time.process_time() - start) / REPEATS * 1000


def signed_in(app: Flask, key: str) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie.update(_user_id=key, _fresh=True)
    return client


def key_of(person: Account) -> str:
    return make_session(person)


def fill(rows: int) -> tuple[Call, Account, Account]:
    """A call in its submission stage with `rows` proposals, a person without a role, and the manager."""
    organization = make_organization()
    call, person, manager = make_call(organization), make_account(), make_member(organization)
    for number in track(range(rows), "proposals", transient=True):
        make_proposal(call, title=f"Proposal number {number}")
    return call, person, manager


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        settings = Settings(data, f"sqlite:///{data / 'bench.sqlite'}", "x" * 40, "http://localhost")
        app = create_app(settings)
        with app.app_context():
            upgrade()
            call, person, manager = fill(rows)
            list_path = f"/calls/{call.public_id}/proposals"
            proposal = db.session.scalars(select(Proposal.public_id).limit(1)).one()
            keys = key_of(person), key_of(manager)
        compare(settings, signed_in(app, keys[0]), list_path, keys[0])
        paths = {
            "directory of calls": "/calls",
            "page of a call": f"/calls/{call.public_id}",
            "list of proposals": list_path,
            "page of a proposal": f"/proposals/{proposal}",
            "decision room": f"/calls/{call.public_id}/decisions",
        }
        count(app, signed_in(app, keys[1]), paths)


def compare(settings: Settings, client: FlaskClient, path: str, key: str) -> None:
    size = len(client.get(path).data)
    unpadded = len(signed_in(bare_app(settings, 0), key).get("/bare").data)
    bare = signed_in(bare_app(settings, size - unpadded), key)
    sizes = len(client.get(path).data), len(bare.get("/bare").data)
    pairs = [(cpu(client, path), cpu(bare, "/bare")) for _ in track(range(ROUNDS), "rounds", transient=True)]
    ours, theirs = (statistics.median(values) for values in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"list of proposals {ours:.2f} ms, bare page {theirs:.2f} ms, ratio {ratio:.2f}", end=" ")
    print(f"(medians of {ROUNDS} rounds; {sizes[0]} and {sizes[1]} bytes)")


def count(app: Flask, client: FlaskClient, paths: dict[str, str]) -> None:
    """How many questions a manager's page asks, and its CPU time."""
    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    for name, path in paths.items():
        client.get(path).close()
        asked.clear()
        answer = client.get(path)
        questions = sum(not statement.startswith("BEGIN") for statement in asked)
        print(f"{name}: {answer.status_code}, {questions} questions, {cpu(client, path):.1f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
