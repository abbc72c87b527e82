"""Changing votes: ballots while a round is open, counts once it is over, the bundle of each count."""

from crowd.voting.actions.bundling import write_missing_bundle
from crowd.voting.actions.casting import cast_ballot, cast_paper, withdraw_ballot
from crowd.voting.actions.counting import count_in_steps, count_round, ensure_counted, snapshot_counts
from crowd.voting.actions.erasing import erase_person
from crowd.voting.actions.moving import move_votes, move_votes_back
from crowd.voting.actions.papers import fill_in, fill_in_lately
from crowd.voting.actions.sealing import seal
from crowd.voting.actions.together import put_in_with_others

__all__ = [
    "cast_ballot",
    "cast_paper",
    "count_in_steps",
    "count_round",
    "ensure_counted",
    "erase_person",
    "fill_in",
    "fill_in_lately",
    "move_votes",
    "move_votes_back",
    "put_in_with_others",
    "seal",
    "snapshot_counts",
    "withdraw_ballot",
    "write_missing_bundle",
]
