"""Bringing in what happened elsewhere."""

from crowd.api.actions.election_rules import counts_greedily
from crowd.api.actions.importing import Imported, ImportRefused, import_election

__all__ = ["ImportRefused", "Imported", "counts_greedily", "import_election"]
