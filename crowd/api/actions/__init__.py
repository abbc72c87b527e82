"""Bringing in what happened elsewhere."""

from crowd.api.actions.importing import Imported, ImportRefused, import_election

__all__ = ["ImportRefused", "Imported", "import_election"]
