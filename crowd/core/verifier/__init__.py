"""`verify.py`, the script in each bundle: put together from `frame`, `ed25519`, and what the method in use needs, as they stand here.

The modules are ordinary ones, and `flask verify` runs them as such; the script is their text in one file, without the imports of one
another. Of a vote that was held elsewhere and imported there is no ledger, and
another piece says so. They use nothing but the standard library, and share no code with the counts in `tally`: they are a second opinion.
"""

from crowd.core.verifier import corrections, frame, selection
from crowd.core.verifier.assembling import RULES, rule_for, script_for, script_sha256, selection_script

__all__ = ["RULES", "corrections", "frame", "rule_for", "script_for", "script_sha256", "selection", "selection_script"]
