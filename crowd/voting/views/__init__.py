"""The ballot, the receipt, and the pages of rounds."""

from crowd.voting.views import casting, rounds
from crowd.voting.views.blueprint import bp, rounds_bp

__all__ = ["bp", "casting", "rounds", "rounds_bp"]
