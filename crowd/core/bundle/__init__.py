"""Bundles: all that is needed to count a round again, in one zip. Format `apertura-bundle-1`; this text is its specification.

The same contents make the same bytes (under the same zlib): fixed order, fixed dates. JSON is UTF-8; `.jsonl` files hold an object a
line, canonical: keys sorted by code points, no spaces, no escapes but those JSON demands, each line ended by one line feed. Hashes, keys and
signatures are lower-case hexadecimal, times UTC text (`2026-11-30T12:00:00Z`), money and percents exact numbers as text (`"12.5"`).

| file | holds |
|---|---|
| `rules.json` | `format` · `call` `call_title` `round` `round_title` · `origin`: the name of the ledger, which its heads are signed with · `rules_sha256`: the call's rules · `method` · `terms` · `secret`: ballots without names · `ledger`: false where the votes were cast elsewhere and imported · `electorate`: `kind`, `size` (or null), `voted` (as many as ballots stand) · `opened_at` `closed_at` · `tie_commitment` · `engine` · `key_fingerprint`: SHA-256 of the raw public key |
| `candidates.json` | a list of `id` `name` `cost` (text or null) `struck` (the count runs without it), in the order in which they were frozen |
| `ballots.jsonl` | those standing at the close, in the order of their random ids: `ballot` (the id), `group` (`members` or `public`; only with `member_percent`), `voter` (the name; only in open rounds), and the choices |
| `exclusions.json` | a list of `ballot` `reason` `at`: these are counted in a second count only |
| `leaves.jsonl` | each line, without its line feed, is the data of a leaf, in the order of the tree: `ballot`, `act` (`cast` `change` `withdraw`), `n` (1, 2, 3 … for each ballot: leaves are sealed in shuffled batches, the highest holds), `nonce` (random), and unless withdrawn `group` and the choices as in `ballots.jsonl`; or `act` `beat` and a `nonce` alone, one under each head of a vote that hides its counts |
| `heads.json` | a list of `size` `root` `at` `signature`, as they were published; the last is that of all leaves. What is signed: `crowd.core.signing` |
| `tie.json` | `commitment` = SHA-256(`secret`), published before the first ballot · `secret` · `root` of the last head · `seed` = SHA-256(secret ‖ root), of the bytes |
| `result.json` | `outcome` (see `crowd.core.tally.declared`: a count as of `flask tally --json`, with `counted` `named` `quorum_met` `elected`) · `with_excluded`: the outcome with the excluded ballots, or null |
| `verify.py` | checks all this, see `crowd.core.verifier` |
| `manifest.json` | `format` · `files`: the SHA-256 of each file above |
| `signature.json` | `key`: the raw public key · `signature` of the bytes of `manifest.json`; one canonical line |

Without a ledger there are no `leaves.jsonl`, `heads.json` and `tie.json`; `tie_commitment` is null, ballots name no voter, and ties are settled by the order
of `candidates.json`.

`terms`: `seats` `budget` `rule` (of pb-greedy) `allowance` (points or credits per ballot) `max_choices` `grades` (best first; of majority judgment) `quorum`
(fewest ballots) `threshold` (least percent of the ballots that a winner must be named on) `member_percent`, each null where it does not apply.

Choices are one of `approve` `rank` `score` `points` `grade` as in a JSON profile (`crowd.core.ballot_files.json_profile`; `rank` always as lists of lists), or
`pairs`, a list of [winner, loser], and beside it, where there are any, `passed`: the pairs that the voter could not decide, each as [id, id, why]
(`equal` `unknown` `unlike`), in the order of the ids. No count looks at these.
"""

from crowd.core.bundle.contents import (
    FORMAT,
    Contents,
    RoundFacts,
    ballot_entry,
    beat_line,
    canonical_line,
    group_of,
    leaf_line,
)
from crowd.core.bundle.writing import Counted, Misfit, Written, write_bundle, write_counted

__all__ = [
    "FORMAT",
    "Contents",
    "Counted",
    "Misfit",
    "RoundFacts",
    "Written",
    "ballot_entry",
    "beat_line",
    "canonical_line",
    "group_of",
    "leaf_line",
    "write_bundle",
    "write_counted",
]
