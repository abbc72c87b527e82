"""Reading votes: one's own ballot, the roll, the ledger, counts where they may be known."""

from crowd.voting.queries.ballots import (
    MyBallot,
    ballot_texts,
    changed_since_read,
    count_ballots,
    my_ballot,
    on_roll,
    own_choices,
    set_aside_in,
    standing,
    versions_marked,
    versions_to_read,
)
from crowd.voting.queries.counts import (
    Participation,
    StoredTally,
    latest_bundle,
    latest_tally,
    participation,
    shows_supports,
    uncovered_tallies,
)
from crowd.voting.queries.roll import (
    count_codes,
    keys_saying,
    list_electors,
    list_set_aside,
    list_signals,
    who_may_vote,
)

__all__ = [
    "MyBallot",
    "Participation",
    "StoredTally",
    "ballot_texts",
    "changed_since_read",
    "count_ballots",
    "count_codes",
    "keys_saying",
    "latest_bundle",
    "latest_tally",
    "list_electors",
    "list_set_aside",
    "list_signals",
    "my_ballot",
    "on_roll",
    "own_choices",
    "participation",
    "set_aside_in",
    "shows_supports",
    "standing",
    "uncovered_tallies",
    "versions_marked",
    "versions_to_read",
    "who_may_vote",
]
