"""What the linters cannot say: sizes, names inside an area, and who may import which part of another area."""

import re
from pathlib import Path

import grimp

ROOT = Path(__file__).parent.parent.parent
CROWD = ROOT / "crowd"
MOST_LINES = 300
AREA_FILES = frozenset("models queries commands actions gates forms views handlers jobs cli".split())
SHARED = frozenset("models queries commands actions gates".split())
COMPOSERS = frozenset({"crowd.factory", "crowd.wiring"})
NOT_AREAS = frozenset(
    {
        "core",
        "store",
        "web",
        "mailing",
        "meaning",
        "files",
        "factory",
        "wiring",
        "config",
        "serve",
        "demo",
        "translations",
    }
)
"""Packages that are no area: they have their own file names, and anyone above may import all of them."""


def modules() -> list[Path]:
    return sorted(CROWD.rglob("*.py"))


def test_no_module_is_longer_than_it_should_be() -> None:
    lengths = {str(path.relative_to(CROWD)): len(path.read_text().splitlines()) for path in modules()}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def areas() -> list[Path]:
    return sorted(path for path in CROWD.iterdir() if (path / "__init__.py").exists() and path.name not in NOT_AREAS)


def test_an_area_holds_only_files_of_the_known_names() -> None:
    strange = [
        str(path.relative_to(CROWD))
        for area in areas()
        for path in area.iterdir()
        if path.stem not in AREA_FILES | {"__init__", "__pycache__"} and path.suffix in {".py", ""}
    ]
    assert strange == []


def test_areas_import_of_each_other_only_what_they_share() -> None:
    graph = grimp.build_graph("crowd", cache_dir=None)
    names = {area.name for area in areas()}
    strange = []
    for importer in graph.modules - COMPOSERS:
        for imported in graph.find_modules_directly_imported_by(importer):
            parts, own = imported.split("."), importer.split(".")
            foreign = len(parts) > 1 and parts[1] in names and own[1:2] != parts[1:2]
            if foreign and parts[2:3] and parts[2] not in SHARED:
                strange.append(f"{importer} imports {imported}")
    assert sorted(strange) == []


def test_each_module_has_a_name_of_its_own_kind() -> None:
    """`helpers`, `utils` and their like hide a missing noun."""
    vague = {"util", "utils", "helper", "helpers", "misc", "common", "base"}
    assert [str(path) for path in modules() if path.stem in vague] == []


def users_of(pattern: str, *folders: str) -> set[str]:
    """The modules (below `folders`, by glob) in which `pattern` is found."""
    found = re.compile(pattern)
    paths = {path for folder in folders or ("**/*.py",) for path in CROWD.glob(folder)}
    return {path.relative_to(CROWD).as_posix() for path in paths if found.search(path.read_text())}


def test_only_the_settings_read_the_environment() -> None:
    assert users_of(r"\bos\.(environ|getenv)\b") == {"config.py"}


def test_only_transactions_commit() -> None:
    assert users_of(r"\b(session|driver)\.(commit|rollback)\(") <= {
        "store/db.py",
        "store/jobs.py",
        "store/together.py",
        "web/errors.py",
    }


def test_the_clock_is_read_at_the_edge_only() -> None:
    below = (
        "core/**/*.py",
        "*/actions.py",
        "*/actions/*.py",
        "*/queries.py",
        "*/queries/*.py",
        "*/commands.py",
        "*/models.py",
    )
    assert users_of(r"\butc_now\(|\bdatetime\.(now|utcnow|today)\(|\btime\.time\(|\bfunc\.now\(", *below) == set()
