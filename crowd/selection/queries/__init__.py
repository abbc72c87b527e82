"""Reading what is decided: the numbers, the decision room, letters, results, certificates."""

from crowd.selection.queries.numbers import Numbers, RoundNumbers, ranking_of

__all__ = ["Numbers", "RoundNumbers", "ranking_of"]
