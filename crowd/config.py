"""Settings, read from the environment once. Nothing else in the project reads it."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "APERTURA_"
NAMES = frozenset(
    """DATA DATABASE_URL REDIS_URL SECRET_KEY BASE_URL PORT MAIL_URL MAIL_FROM STORAGE_URL TRUSTED_PROXIES DEMO DEMO_PASSWORD
    SELF_SERVICE SITE_NAME LOG_LEVEL WORKERS THREADS""".split()
)

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class SettingsError(Exception):
    """All faults of the environment at once, one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Settings:
    """`mail_url` is `smtp://[user:password@]host:port[?starttls=1]` or `smtps://…`, or empty: mails wait in the outbox.

    `redis_url` names the job queue for workers of their own (`flask jobs work`); empty: a queue in `data`.
    """

    data: Path
    database_url: str
    secret_key: str
    base_url: str
    port: int = 5000
    redis_url: str = ""
    mail_url: str = ""
    mail_from: str = ""
    storage_url: str = ""
    trusted_proxies: int = 0
    demo: bool = False
    demo_password: str = "apertura-demo"
    self_service: bool = False
    site_name: str = "Apertura"
    log_level: str = "INFO"
    workers: int = 1
    threads: int = 8
    testing: bool = False

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def hostname(self) -> str:
        return urlsplit(self.base_url).hostname or "localhost"

    @property
    def is_local(self) -> bool:
        """Meant for this machine alone, where the same address has several names."""
        return self.hostname in LOOPBACK

    @property
    def hosts(self) -> list[str]:
        """Names under which it answers."""
        return ["127.0.0.1", "localhost"] if self.is_local else [self.hostname]

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def sender(self) -> str:
        return self.mail_from or f"noreply@{self.hostname}"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read and type every `APERTURA_…` variable. Raises SettingsError naming all faults."""
        return _Reader(environ).settings()


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self.values = {key.removeprefix(PREFIX): value for key, value in environ.items() if key.startswith(PREFIX)}
        self.faults = [f"{PREFIX}{name}: no such setting" for name in sorted(self.values.keys() - NAMES)]

    def text(self, name: str, default: str = "") -> str:
        return self.values.get(name, "") or default

    def whole(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        if value.isdecimal():
            return int(value)
        self.faults.append(f"{PREFIX}{name}: a whole number is needed, not {value!r}")
        return default

    def flag(self, name: str) -> bool:
        value = self.text(name, "0").lower()
        if value not in {"0", "1", "true", "false", "yes", "no"}:
            self.faults.append(f"{PREFIX}{name}: 1 or 0 is needed, not {value!r}")
        return value in {"1", "true", "yes"}

    def url(self, name: str, default: str, schemes: frozenset[str]) -> str:
        value = self.text(name, default).rstrip("/")
        if value and value.split(":", 1)[0] not in schemes:
            self.faults.append(
                f"{PREFIX}{name}: must begin with one of {', '.join(sorted(schemes))}, not {value.split(':', 1)[0]!r}"
            )
        return value

    def database(self, data: Path) -> str:
        value = self.text("DATABASE_URL", f"sqlite:///{data / 'apertura.sqlite'}")
        for plain in ("postgres://", "postgresql://"):
            if value.startswith(plain):
                value = "postgresql+psycopg://" + value.removeprefix(plain)
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            self.faults.append(f"{PREFIX}DATABASE_URL: must be sqlite:///… or postgresql://…")
        return value

    def storage(self) -> str:
        value = self.url("STORAGE_URL", "", frozenset({"file", "s3"}))
        if value.startswith("s3:") and not urlsplit(value).hostname:
            self.faults.append(f"{PREFIX}STORAGE_URL: s3://bucket/prefix names no bucket")
        return value

    def level(self) -> str:
        value = self.text("LOG_LEVEL", "INFO").upper()
        if value not in LEVELS:
            self.faults.append(f"{PREFIX}LOG_LEVEL: must be one of {', '.join(LEVELS)}, not {value!r}")
        return value

    def secret(self, data: Path, *, sqlite: bool) -> str:
        value = self.text("SECRET_KEY")
        if value and len(value) < 32:
            self.faults.append(f"{PREFIX}SECRET_KEY: at least 32 characters are needed")
        if not value and not sqlite:
            self.faults.append(f"{PREFIX}SECRET_KEY: is required when the database is not SQLite")
        if value or self.faults:
            return value
        return _kept_secret(data / "keys" / "secret_key")

    def settings(self) -> Settings:
        data = Path(self.text("DATA", "var")).absolute()
        port = self.whole("PORT", 5000)
        base_url = self.url("BASE_URL", f"http://127.0.0.1:{port}", frozenset({"http", "https"}))
        database_url = self.database(data)
        values = Settings(
            data=data,
            database_url=database_url,
            secret_key="",
            base_url=base_url,
            port=port,
            redis_url=self.url("REDIS_URL", "", frozenset({"redis", "rediss", "unix"})),
            mail_url=self.url("MAIL_URL", "", frozenset({"smtp", "smtps"})),
            mail_from=self.text("MAIL_FROM"),
            storage_url=self.storage(),
            trusted_proxies=self.whole("TRUSTED_PROXIES", 0),
            demo=self.flag("DEMO"),
            demo_password=self.text("DEMO_PASSWORD", "apertura-demo"),
            self_service=self.flag("SELF_SERVICE"),
            site_name=self.text("SITE_NAME", "Apertura"),
            log_level=self.level(),
            workers=self.whole("WORKERS", 1),
            threads=self.whole("THREADS", 8),
        )
        secret_key = self.secret(data, sqlite=values.sqlite)
        if self.faults:
            raise SettingsError(self.faults)
        return replace(values, secret_key=secret_key)


def _kept_secret(path: Path) -> str:
    """The secret kept in `path` (mode 0600), made on the first start. Of several first starts at once, one secret wins."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip()
