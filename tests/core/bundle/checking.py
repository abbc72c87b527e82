"""Running the script in this process: its exit code and what it prints."""

import io
from contextlib import redirect_stdout
from typing import Any

from crowd.core.verifier import frame, rule_for


def verify(bundle: bytes, method: str, *, ledger: bool = True) -> tuple[int, str]:
    said = io.StringIO()
    file: Any = io.BytesIO(bundle)
    with redirect_stdout(said):
        code = frame.main(["verify.py", file], rule_for(method, ledger=ledger), b"this script")
    return code, said.getvalue()


def faults(bundle: bytes, method: str) -> list[str]:
    """What it finds wrong, a line each."""
    return [line for line in verify(bundle, method)[1].splitlines() if line.startswith("WRONG")]
