"""The application on a fresh database for every test: SQLite or PostgreSQL, by TEST_BACKEND.

Actions commit for real, so a test is undone by emptying the database, not by rolling back: a copy of the migrated file on
SQLite, DELETE from the tables written to on PostgreSQL.

What runs twice: on SQLite every test; on PostgreSQL those that could end otherwise there. That is every test with a database,
its own (`own_database`) or that of the application, unless its file is marked `one_database`: it looks at what is drawn, said,
sent or reckoned from rows that other tests read and write on both. In such a file those marked `both_databases` run twice all the
same: they ask the database what no other test asks there.
"""

import contextvars
import gc
import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

gc.disable()  # nothing imported is ever garbage

from crowd.accounts.models import Account
from crowd.config import Settings
from crowd.factory import create_app
from crowd.files import typeset
from crowd.store.db import db, utc_now
from crowd.store.jobs import JobRunner
from crowd.store.models import Delivery, Event
from crowd.voting.actions.exposure import Impressions
from crowd.web.templating import keep_compiled
from tests import drawing
from tests.databases import Cleaner, cleaner_for, scratch_database
from tests.make import DEVICE, make_session
from tests.services import Mailbox, mail_server, redis_server

drawing.register()

BACKEND = os.environ.get("TEST_BACKEND", "sqlite")
MOST_ROUNDS = 10
_QUERY = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", re.IGNORECASE)

AsUser = Callable[[Account], FlaskClient]
Drain = Callable[..., None]
CountQueries = Callable[[], AbstractContextManager[list[str]]]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if BACKEND != "sqlite":
        config.hook.pytest_deselected(items=[item for item in items if not may_differ(item)])
        items[:] = filter(may_differ, items)
    if drawing.soaking():
        for item in filter(grows_in_the_soak, items):
            item.add_marker(pytest.mark.soak)
            item.add_marker(pytest.mark.timeout(1800))


def may_differ(item: pytest.Item) -> bool:
    """Whether another database than SQLite could make it fail."""
    marked = {mark.name for mark in item.iter_markers()}
    return bool(marked & {"own_database", "both_databases"}) or (
        "settings" in getattr(item, "fixturenames", ()) and "one_database" not in marked
    )


def grows_in_the_soak(item: pytest.Item) -> bool:
    """The soak draws every property of the core anew and more often, and has axe measure every text of every page."""
    if not isinstance(item, pytest.Function):
        return False
    drawn = hypothesis.is_hypothesis_test(item.obj) and "core" in item.path.parts
    return drawn or "assert_accessible" in item.fixturenames


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)  # rows come and go by thousands, hardly any in circles
    gc.enable()


@contextmanager
def stepping_aside() -> Iterator[None]:
    """Let others see what the test's session made, and the test afterwards what they made."""
    if has_app_context():
        db.session.commit()
    yield
    if has_app_context():
        db.session.rollback()
        db.session.expire_all()


class Visitor(FlaskClient):
    """A test client whose requests share nothing with the test but the database.

    A request inside the test's application context would share its `g`, and with it the signed-in person of the request before.
    """

    def open(self, *args: Any, **options: Any) -> TestResponse:
        with stepping_aside():
            return contextvars.Context().run(super().open, *args, **options)


def compiled_templates(config: pytest.Config) -> Path:
    """Shared by the processes of all runs in this folder."""
    assert config.cache is not None
    return config.cache.mkdir("templates")


def made_fonts(config: pytest.Config) -> Path:
    """The font of certificates, which takes seconds to make; made anew where what makes it has changed."""
    assert config.cache is not None
    return config.cache.mkdir(f"fonts-{sha256(Path(typeset.__file__).read_bytes()).hexdigest()[:12]}")


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Settings]:
    data = tmp_path_factory.mktemp("data")
    (data / "fonts").symlink_to(made_fonts(pytestconfig), target_is_directory=True)
    with scratch_database(BACKEND, data) as url:
        yield Settings(data, url, "a secret for tests only, long enough", "http://localhost", testing=True)


@pytest.fixture(scope="session")
def application(settings: Settings, pytestconfig: pytest.Config) -> Iterator[Flask]:
    """One application per process, on a database made by the migrations. Tests that write use `app`."""
    app = create_app(settings)
    keep_compiled(app, compiled_templates(pytestconfig))
    app.test_client_class = Visitor
    app.config["WTF_CSRF_ENABLED"] = False  # a test of the token itself turns it on; the browser tests have it always
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def cleaner(application: Flask) -> Cleaner:
    with application.app_context():
        return cleaner_for(db.engine)


@pytest.fixture
def app(application: Flask, cleaner: Cleaner) -> Iterator[Flask]:
    """The application, its database holding only what the migrations put there."""
    config = dict(application.config)
    yield application
    application.config.clear()
    application.config.update(config)
    cleaner.clean()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The test's database session, in an application context that lasts as long as the test.

    A request commits it first and expires it afterwards, so rows that the test holds show what the request did.
    """
    with app.app_context():
        yield db.session()
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def as_user(app: Flask) -> AsUser:
    """A client of its own, signed in as this account."""

    def sign_in(account: Account) -> FlaskClient:
        with stepping_aside(), app.app_context():
            key = make_session(account)
        client = app.test_client()
        client.set_cookie("apertura-device", DEVICE)
        with client.session_transaction() as cookie:
            cookie.update(_user_id=key, _fresh=True)
        return client

    return sign_in


@pytest.fixture(autouse=True)
def _own_impressions(monkeypatch: pytest.MonkeyPatch) -> None:
    """What earlier tests opened would be written while a later one counts its questions."""
    monkeypatch.setattr("crowd.voting.views.casting.impressions", Impressions())


@pytest.fixture
def now() -> datetime:
    return utc_now()


@pytest.fixture
def drain(app: Flask) -> Drain:
    """Runs the jobs until no event waits, and fails with what a subscriber or job complained of, unless told to bear it.

    Without the locks that keep two runners apart, which are most of the work where there is little to do; tests/store has them.
    """
    runner: JobRunner = app.extensions["jobs"]

    def run_each() -> None:
        for job in runner.jobs:
            job.run()
            db.session.remove()

    def run(*, bear_failures: bool = False) -> None:
        with stepping_aside(), app.app_context():
            for _ in range(MOST_ROUNDS):
                (runner.run_all if bear_failures else run_each)()
                db.session.rollback()
                if db.session.scalar(select(Event.id).where(Event.delivered_at.is_(None)).limit(1)) is None:
                    break
            complaints = db.session.scalars(select(Delivery.error).where(Delivery.error.is_not(None))).all()
            db.session.remove()
        assert bear_failures or complaints == []

    return run


@pytest.fixture
def count_queries(application: Flask) -> CountQueries:
    """`with count_queries() as statements:` collects what is asked of the database meanwhile."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if _QUERY.match(statement):
                statements.append(statement)

        with application.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return counting


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A real mail server; its `url` goes into a Settings' `mail_url`."""
    with mail_server() as box:
        yield box


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with redis_server() as url:
        yield url
