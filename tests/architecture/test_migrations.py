"""The migrations, as an operator runs them: up, down to nothing, up again, and nothing left that the models say otherwise."""

import re
from pathlib import Path

import pytest
from flask_migrate import check, downgrade, upgrade

from crowd.config import Settings
from crowd.factory import create_app
from crowd.store.db import db
from tests.databases import scratch_database

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_migrations_run_up_down_and_up_and_match_the_models(backend: str, tmp_path: Path) -> None:
    with scratch_database(backend, tmp_path, "migrations") as url:
        app = create_app(Settings(tmp_path, url, "k" * 40, "http://localhost"))
        with app.app_context():
            upgrade()
            downgrade(revision="base")
            upgrade()
            check()
            db.engine.dispose()


def test_migrations_stand_in_one_line() -> None:
    revisions: dict[str, str | None] = {}
    for path in (ROOT / "migrations" / "versions").glob("*.py"):
        text = path.read_text()
        names = dict(re.findall(r"^(revision|down_revision)\b.*?= (.+)$", text, re.MULTILINE))
        revisions[names["revision"]] = names["down_revision"]
    parents = sorted(str(parent) for parent in revisions.values())
    assert len(parents) == len(set(parents))


def test_migrations_never_import_the_application() -> None:
    versions = (ROOT / "migrations" / "versions").glob("*.py")
    assert [
        path.name for path in versions if re.search(r"^\s*(from|import) crowd\b", path.read_text(), re.MULTILINE)
    ] == []
