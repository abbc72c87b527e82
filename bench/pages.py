"""What the logged-in list of proposals costs, against a bare Flask page with one query and a template of the same size.

    .venv/bin/python bench/pages.py [ROWS]

Both are asked in one run, in turn, in this process, on the same SQLite file; CPU time is what is compared. A call with ROWS
(default 300) proposals is made in a scratch folder.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from flask import Flask, render_template_string
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crowd.accounts.gates import SignedIn
from crowd.config import Settings
from crowd.factory import create_app
from crowd.proposals.models import Proposal
from crowd.store.db import db
from crowd.web.access import public
from tests.make import make_account, make_call, make_proposal

ROUNDS, REPEATS = 15, 20
ROW = """<li class="row"><h3><a href="{{ url_for("pages.proposal", public_id=row.public_id) }}">{{ row.title }}</a></h3>
<p>{{ row.summary }}</p><p><a href="{{ url_for("pages.person", public_id=row.lead.public_id) }}">{{ row.lead.name }}</a></p>
<p>{{ row.status }}</p>{% for part in parts %}<span class="part">{{ part }}</span>{% endfor %}</li>"""


def bare_page(app: Flask, size: int) -> None:
    """`/bare`: one ORM query for the same rows with their leads, one template of the same length with the same links."""
    template = "<!doctype html><title>Bare</title><ul>{% for row in rows %}" + ROW + "{% endfor %}</ul>"
    parts = ["x" * max(1, (size // 30 - 450) // 5)] * 5

    @app.get("/bare")
    @public
    def bare() -> str:
        rows = db.session.scalars(select(Proposal).options(joinedload(Proposal.lead)).limit(30)).all()
        return render_template_string(template, rows=rows, parts=parts)


def cpu(client: FlaskClient, path: str) -> float:
    """CPU milliseconds of one request, the mean of REPEATS."""
    start = time.process_time()
    for _ in range(REPEATS):
        client.get(path).close()
    return (time.process_time() - start) / REPEATS * 1000


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        url = f"sqlite:///{data / 'bench.sqlite'}"
        app = create_app(Settings(data, url, "x" * 40, "http://localhost"))
        with app.app_context():
            upgrade()
            call, person = make_call(), make_account()
            for number in range(rows):
                make_proposal(call, title=f"Proposal number {number}")
            path, key = f"/calls/{call.public_id}/proposals", SignedIn(person).get_id()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie.update(_user_id=key, _fresh=True)
        size = len(client.get(path).data)
        app._got_first_request = False  # noqa: SLF001 (one more route, before the measurement)
        bare_page(app, size)
        report(client, path)


def report(client: FlaskClient, path: str) -> None:
    print("bytes:", len(client.get(path).data), "and", len(client.get("/bare").data))
    pairs = [(cpu(client, path), cpu(client, "/bare")) for _ in range(ROUNDS)]
    page, bare = (statistics.median(values) for values in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"list of proposals {page:.2f} ms, bare page {bare:.2f} ms, ratio {ratio:.2f} (medians of {ROUNDS} rounds)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
