"""The ballot, the receipt, the ledger, and the pages of rounds."""

from crowd.voting.views import casting, ledger, rounds
from crowd.voting.views.blueprint import bp, rounds_bp

__all__ = ["bp", "casting", "ledger", "rounds", "rounds_bp"]
