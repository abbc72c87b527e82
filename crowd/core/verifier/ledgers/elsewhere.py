from typing import Any

from crowd.core.verifier.frame import Bundle

CANNOT = """What this script cannot know:
- whether the key and this script are the genuine ones: compare the numbers above with the page of the round, and with what others were shown;
- whether these are the ballots that were cast: the vote was held elsewhere and came here as a finished list, so there are no receipts and no
  ledger, and nothing here shows that no ballot was changed, added or left out before; compare them with where they came from;
- who the voters were, and whether each had the right to vote."""


def kept(b: Bundle, rules: Any) -> Any:
    """No ledger: the votes were cast elsewhere. No seed either, so ties were settled by the order of the list."""
    there = {"leaves.jsonl", "heads.json", "tie.json"}.intersection(b.zip.namelist())
    b.need(not rules["ledger"] and rules["electorate"]["kind"] == "roll" and not there, "holds a ledger, or should")
    yield "none: there is no tree to check, because the votes were cast elsewhere and came here as a finished list"
    return {}, b"", ""
