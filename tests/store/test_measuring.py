"""SQLite knows how its rows are spread once it is worth knowing."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from crowd.store import db as store
from tests.make import make_call, make_proposal


def test_a_grown_file_is_sampled_and_a_small_one_left_alone(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    sqlite = session.get_bind().dialect.name == "sqlite"
    make_proposal(make_call())
    session.commit()
    monkeypatch.setattr(store, "SMALL_FILE", 10**9)
    assert store.measure_file() is False
    monkeypatch.setattr(store, "SMALL_FILE", 1)
    assert store.measure_file() is sqlite
    if sqlite:
        known = text("SELECT count(*) > 0 FROM sqlite_stat1 WHERE tbl = 'proposals' AND idx IS NOT NULL")
        assert session.scalar(known) == 1
