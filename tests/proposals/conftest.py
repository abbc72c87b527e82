"""Addresses of parts that are not installed yet lead nowhere instead of failing the page."""

from typing import Any

import pytest
from flask import Flask


@pytest.fixture(autouse=True)
def _bear_missing_parts(application: Flask) -> None:
    def nowhere(_error: Exception, endpoint: str, _values: dict[str, Any]) -> str:
        return f"/missing/{endpoint}"

    application.url_build_error_handlers[:] = [nowhere]
