"""Pages of the ledger: a call's for its managers, one's own for receivers."""

from crowd.awards.views import editing, ledger, own, settling, words
from crowd.awards.views.blueprint import bp

__all__ = ["bp", "editing", "ledger", "own", "settling", "words"]
