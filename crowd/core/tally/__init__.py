"""Counting ballots: one module per method, pure functions from ballots to a `Tally`."""
