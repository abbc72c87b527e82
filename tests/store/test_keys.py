"""The key that signs: made once, readable to nobody else."""

from pathlib import Path

from crowd.core.verifier.ed25519 import is_signed
from crowd.store.keys import FILE, ledger_key


def test_the_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first = ledger_key(tmp_path)
    ledger_key.cache_clear()
    again = ledger_key(tmp_path)
    assert again.public == first.public
    assert [path.name for path in (tmp_path / "keys").iterdir()] == [FILE.name]
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_what_it_signs_the_script_can_check(tmp_path: Path) -> None:
    key = ledger_key(tmp_path)
    assert is_signed(key.public, b"a head", key.sign(b"a head"))
    assert ledger_key(tmp_path / "other").fingerprint != key.fingerprint
