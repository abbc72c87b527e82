from typing import Any

from crowd.core.verifier.frame import Election, sha256


def by_lot(e: Election, tied: Any) -> list[str]:
    return sorted(tied, key=lambda name: sha256(e.seed + name.encode()))
