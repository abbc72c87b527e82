"""Password hashes as cheap as they can be: these tests make hundreds."""

import pytest
from argon2 import PasswordHasher

from crowd.store import secrets

CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_HASHER", CHEAP)
