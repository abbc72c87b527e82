"""Changing votes: ballots while a round is open, counts once it is over."""

from crowd.voting.actions.casting import cast_ballot, checked, withdraw_ballot
from crowd.voting.actions.counting import count_round, ensure_counted, snapshot_counts

__all__ = ["cast_ballot", "checked", "count_round", "ensure_counted", "snapshot_counts", "withdraw_ballot"]
