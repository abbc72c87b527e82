"""Settings are read once, typed, and all faults are told at once."""

from pathlib import Path

import pytest

from crowd.config import Settings, SettingsError


def read(data: Path, **values: str) -> Settings:
    return Settings.from_env(
        {"APERTURA_DATA": str(data)} | {f"APERTURA_{name}": value for name, value in values.items()}
    )


def faults(data: Path, **values: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read(data, **values)
    return caught.value.faults


def test_nothing_set_is_a_working_installation_on_sqlite(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert (settings.database_url, settings.base_url, settings.port, settings.demo) == (
        f"sqlite:///{tmp_path}/apertura.sqlite",
        "http://127.0.0.1:5000",
        5000,
        False,
    )


def test_the_secret_is_made_once_and_kept_for_the_owner_alone(tmp_path: Path) -> None:
    first, second = read(tmp_path), read(tmp_path)
    kept = tmp_path / "keys" / "secret_key"
    assert first.secret_key == second.secret_key == kept.read_text()
    assert len(first.secret_key) >= 32
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_server_database_needs_its_secret_named(tmp_path: Path) -> None:
    told = faults(tmp_path, DATABASE_URL="postgresql://localhost/apertura")
    assert ["SECRET_KEY" in fault for fault in told] == [True]
    assert not (tmp_path / "keys").exists()


def test_a_fault_elsewhere_asks_for_no_secret_and_makes_none(tmp_path: Path) -> None:
    assert faults(tmp_path, PORT="many") == ["APERTURA_PORT: a whole number is needed, not 'many'"]
    assert not (tmp_path / "keys").exists()


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    told = faults(
        tmp_path,
        PORT="many",
        DEMO="perhaps",
        BASE_URL="ftp://x",
        DATABASE_URL="mysql://x",
        SECRET_KEY="short",
        COLOUR="red",
        LOG_LEVEL="loud",
    )
    names = ["PORT", "DEMO", "BASE_URL", "DATABASE_URL", "SECRET_KEY", "COLOUR", "LOG_LEVEL"]
    assert sorted(name for name in names if any(f"APERTURA_{name}" in fault for fault in told)) == sorted(names)


def test_no_fault_repeats_a_secret(tmp_path: Path) -> None:
    told = faults(tmp_path, SECRET_KEY="hunter2", MAIL_URL="nonsense://user:hunter2@host")
    assert [fault for fault in told if "hunter2" in fault] == []


def test_plain_postgresql_addresses_get_their_driver(tmp_path: Path) -> None:
    urls = [read(tmp_path, DATABASE_URL=f"{name}://h/d", SECRET_KEY="k" * 32) for name in ("postgres", "postgresql")]
    assert {settings.database_url for settings in urls} == {"postgresql+psycopg://h/d"}
