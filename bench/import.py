"""How long the import of a large election takes: `python -m bench.import [FILE.pb]`, once on SQLite, once on PostgreSQL.

Each run is the whole command on an empty database made by the migrations.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

from flask_migrate import upgrade

from crowd.config import Settings
from crowd.factory import create_app
from tests.databases import scratch_database
from tests.make import make_organization

NEAR = [folder / "shared/data/pabulib/Poland_Lodz_2022.pb" for folder in Path(__file__).absolute().parents]
FILE = next((path for path in NEAR if path.is_file()), NEAR[0])


def measure(backend: str, file: Path) -> tuple[float, dict[str, object]]:
    with tempfile.TemporaryDirectory() as folder, scratch_database(backend, Path(folder), "bench") as url:
        settings = Settings(Path(folder), url, "only for a measurement, long enough", "http://localhost", testing=True)
        app = create_app(settings)
        with app.app_context():
            upgrade()
            slug = make_organization().slug
        began = time.perf_counter()
        result = app.test_cli_runner().invoke(args=["import", "pabulib", str(file), "--organization", slug])
        took = time.perf_counter() - began
        if result.exit_code:
            sys.exit(result.output)
        return took, json.loads(result.stdout.splitlines()[-1])


def main() -> None:
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    for backend in ("sqlite", "postgresql"):
        took, done = measure(backend, file)
        print(f"{backend:<12}{done['ballots']:>8} ballots{done['proposals']:>5} proposals{took:>7.1f} s")


if __name__ == "__main__":
    main()
