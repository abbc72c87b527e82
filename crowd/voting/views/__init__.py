"""The ballot, the receipt, the ledger, and the pages of rounds."""

from crowd.voting.views import casting, electorate, ledger, rounds, signals, voter
from crowd.voting.views.blueprint import bp, rounds_bp

__all__ = ["bp", "casting", "electorate", "ledger", "rounds", "rounds_bp", "signals", "voter"]
