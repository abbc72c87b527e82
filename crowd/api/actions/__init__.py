"""Bringing in what happened elsewhere."""

from crowd.api.actions.election_ballots import BallotForm, Ballots, follows_rule, form_of
from crowd.api.actions.importing import Imported, ImportRefused, import_election

__all__ = ["BallotForm", "Ballots", "ImportRefused", "Imported", "follows_rule", "form_of", "import_election"]
