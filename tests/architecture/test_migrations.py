"""The migrations, as an operator runs them: up, down to nothing, up again, and nothing left that the models say otherwise."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import scratch_database

ROOT = Path(__file__).parent.parent.parent


WALK = """
from app import app
from flask_migrate import check, downgrade, upgrade

with app.app_context():
    upgrade()
    downgrade(revision="base")
    upgrade()
    check()
"""


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_migrations_run_up_down_and_up_and_match_the_models(backend: str, tmp_path: Path) -> None:
    with scratch_database(backend, tmp_path, "migrations") as url:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("APERTURA_")}
        settings = {"APERTURA_DATA": str(tmp_path), "APERTURA_DATABASE_URL": url, "APERTURA_SECRET_KEY": "k" * 40}
        finished = subprocess.run(
            [sys.executable, "-c", WALK],
            cwd=ROOT,
            env=clean | settings,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
    assert finished.returncode == 0, finished.stdout + finished.stderr


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
