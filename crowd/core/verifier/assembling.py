"""The text of the script for one method."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

from crowd.core.verifier import ed25519, frame
from crowd.core.verifier.frame import Rule
from crowd.core.verifier.kinds import approve, score
from crowd.core.verifier.methods import approval, totals

PARTS: Mapping[str, tuple[ModuleType, ...]] = {
    "approval": (approve, approval),
    "score": (score, totals),
}
"""By method: the module of its ballots, that of its count, and as needed others that this one uses."""

HEAD = '''"""Checks the result of one vote ({method}) from its bundle, without the software that ran it.

    python3 verify.py BUNDLE.zip

Needs Python 3.10 or newer and nothing else; nothing is written, nothing is asked of the network. How to read it: the first part opens
the bundle and knows who stands and what a ballot weighs, the checks follow in the order in which they run, then ballots and count
of this method; the routine for signatures is the last. Begin with `main`.
"""
'''
TAIL = """
if __name__ == "__main__":
    with open(__file__, "rb") as this:
        sys.exit(main(sys.argv, Rule(KIND, FORM, read, named, count), this.read()))
"""
_IMPORT = re.compile(r"(?:from|import) .+\n")


def _rule(ballots: ModuleType, counting: ModuleType) -> Rule:
    return Rule(ballots.KIND, ballots.FORM, ballots.read, ballots.named, counting.count)


RULES: Mapping[str, Rule] = {method: _rule(*parts[:2]) for method, parts in PARTS.items()}


@cache
def script_for(method: str) -> str:
    """The script that checks a bundle of this method. KeyError for a method that is none."""
    ballots, counting, *more = PARTS[method]
    texts = [Path(str(module.__file__)).read_text("utf-8") for module in (frame, ballots, *more, counting, ed25519)]
    imports = {"import sys\n"}
    bodies = []
    for text in texts:
        head, body = _apart(text)
        imports |= head
        bodies.append(re.sub(r"\n{3,}", "\n\n", re.sub(r"  # noqa: .*", "", body)).strip())
    outside = sorted(
        (line for line in imports if "crowd." not in line), key=lambda line: (line.startswith("from"), line)
    )
    return "\n".join([HEAD.format(method=method), "".join(outside), "\n\n".join(bodies), TAIL])


def _apart(text: str) -> tuple[set[str], str]:
    """The lines that import, and the rest without the docstring of the module."""
    if text.startswith('"""'):
        text = text[text.index('"""', 3) + 3 :]
    lines = text.splitlines(keepends=True)
    return {line for line in lines if _IMPORT.match(line)}, "".join(line for line in lines if not _IMPORT.match(line))
