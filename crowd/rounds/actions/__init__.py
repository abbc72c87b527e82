"""Changing rounds: made at publishing, opened with a frozen list, mended in the open."""

from crowd.rounds.actions.candidates import add_candidate, add_ideas, strike, strike_left
from crowd.rounds.actions.opening import ensure_opened, is_due, open_due, open_round
from crowd.rounds.actions.publishing import commit_to_secrets, keep_up, make_rounds, publish_call

__all__ = [
    "add_candidate",
    "add_ideas",
    "commit_to_secrets",
    "ensure_opened",
    "is_due",
    "keep_up",
    "make_rounds",
    "open_due",
    "open_round",
    "publish_call",
    "strike",
    "strike_left",
]
