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

_COUNTERS = """
    SELECT owner.relname, counter.relname FROM pg_class counter
    JOIN pg_depend ON pg_depend.objid = counter.oid AND pg_depend.deptype IN ('a', 'i')
    JOIN pg_class owner ON owner.oid = pg_depend.refobjid
    WHERE counter.relkind = 'S'
"""


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
    return FileCopy(engine) if engine.dialect.name == "sqlite" else Delete(engine)


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


class Delete:
    """PostgreSQL: empty the tables this process wrote to since the last time, and count from 1 again.

    DELETE takes 2 ms where TRUNCATE takes 200 (it makes new files). Foreign keys sleep meanwhile, which a superuser may order.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.written: set[str] = set()
        with engine.connect() as connection:
            rows = connection.execute(text(_COUNTERS))
            self.counters: dict[str, str] = dict(iter(rows))
        event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found = _WRITTEN.match(statement)
        if found:
            self.written.add(found[1])

    def clean(self) -> None:
        if not self.written:
            return
        steps = ["SET LOCAL session_replication_role = replica"]
        steps += [f"DELETE FROM {table}" for table in sorted(self.written)]
        steps += [f"ALTER SEQUENCE {self.counters[t]} RESTART" for t in sorted(self.written & self.counters.keys())]
        with self.engine.begin() as connection:
            connection.exec_driver_sql("; ".join(steps))
        self.written.clear()
