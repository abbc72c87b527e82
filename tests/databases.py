"""Databases of their own for the processes of a test run, and how to empty one quickly."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Engine, event, text

from tests.services import postgres_database, postgres_server

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
_WRITTEN = re.compile(r"\s*(?:WITH .*?)?INSERT INTO \"?(\w+)", re.IGNORECASE | re.DOTALL)


@contextmanager
def scratch_database(backend: str, folder: Path, name: str = "test") -> Iterator[str]:
    """The URL of a new, empty database, on the server shared by this test run or as a file in `folder`."""
    if backend == "sqlite":
        yield f"sqlite:///{folder / name}.sqlite"
        return
    with postgres_server() as server, postgres_database(server, f"apertura_{name}_{WORKER}") as url:
        yield url.replace("postgresql://", "postgresql+psycopg://", 1)


class Cleaner(Protocol):
    def clean(self) -> None: ...


def cleaner_for(engine: Engine) -> Cleaner:
    return FileCopy(engine) if engine.dialect.name == "sqlite" else Truncate(engine)


class FileCopy:
    """SQLite: lay a copy of the file, as it was when this was made, over it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.path = Path(str(engine.url.database))
        self.template = self.path.with_suffix(".template")
        engine.dispose()  # the last connection folds the write-ahead log into the file
        shutil.copyfile(self.path, self.template)

    def clean(self) -> None:
        self.engine.dispose()
        for suffix in ("-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self.template, self.path)


class Truncate:
    """PostgreSQL: empty the tables this process wrote to since the last time."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.written: set[str] = set()
        event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found = _WRITTEN.match(statement)
        if found:
            self.written.add(found[1])

    def clean(self) -> None:
        if self.written:
            with self.engine.begin() as connection:
                connection.execute(text(f"TRUNCATE {', '.join(sorted(self.written))} RESTART IDENTITY CASCADE"))
            self.written.clear()
