"""The prize ledger: what was given to whom, and what became of it. A record; no money moves here."""
