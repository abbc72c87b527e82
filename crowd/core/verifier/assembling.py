"""The text of the script for one method."""

import hashlib
import re
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

from crowd.core.verifier import corrections, ed25519, frame, selection
from crowd.core.verifier.frame import Rule
from crowd.core.verifier.kinds import approve, grade, pairs, points, rank, score
from crowd.core.verifier.ledgers import elsewhere, tree
from crowd.core.verifier.methods import (
    bradley_terry,
    irv,
    majority_judgment,
    pb_equal_shares,
    pb_greedy,
    schulze,
    star,
    stv_scottish,
    totals,
)
from crowd.core.verifier.shared import duels, equals, first, groups, shown, single, tiers

PARTS: Mapping[str, tuple[ModuleType, ModuleType, ModuleType, *tuple[ModuleType, ...]]] = {
    "approval": (approve, groups, totals, tiers, first, shown),
    "score": (score, groups, totals, tiers, first, shown),
    "star": (score, groups, star, tiers, duels),
    "irv": (rank, groups, irv, tiers, first, single),
    "stv-scottish": (rank, equals, stv_scottish, single),
    "schulze": (rank, groups, schulze, first, duels, shown),
    "majority-judgment": (grade, groups, majority_judgment, tiers, first),
    "cumulative": (points, groups, totals, tiers, first, shown),
    "quadratic": (points, groups, totals, tiers, first, shown),
    "pb-greedy": (approve, equals, pb_greedy, tiers),
    "pb-equal-shares": (approve, equals, pb_equal_shares, tiers),
    "bradley-terry": (pairs, equals, bradley_terry, first),
}
"""By method: how a ballot is read, what it weighs, how is counted, and what that uses."""

EXPLAINED = ("rounds", "ties")
COUNTED_AGAIN: Mapping[str, Collection[str]] = {
    **dict.fromkeys(("approval", "score", "cumulative", "quadratic", "schulze", "pb-greedy"), EXPLAINED),
    "irv": ("rounds",),
    "majority-judgment": ("ties",),
    "bradley-terry": ("ties",),
}
"""What explains the result, and is counted again, not only signed: all that leaves the script short."""

HEAD = '''"""Checks the result of a vote by {method} without the software that ran it: python3 verify.py BUNDLE.zip

Needs Python 3.10 or newer, writes nothing, asks nothing of the network. Read it from `main` on; the routine of RFC 8032 for signatures is last."""
'''
TAIL = """
if __name__ == "__main__":
{signed}    with open(__file__, "rb") as this:
        sys.exit(main(sys.argv, Rule("{method}", KIND, FORM, read, weighed, count, kept, CANNOT), this.read()))
"""
START = '\n\nif __name__ == "__main__":\n'
_IMPORT = re.compile(r"(?:from|import) .+\n")


def _only_signed(method: str) -> str:
    """A line about what stands in the result and is not counted again."""
    left = [f"`{key}`" for key in EXPLAINED if key not in COUNTED_AGAIN.get(method, ())]
    return (
        f"\n- whether {' and '.join(left)} in result.json are right: signed, but only what follows is counted again."
        if left
        else ""
    )


def _rule(method: str, part: ModuleType) -> Rule:
    ballots, weighing, counting, *_ = PARTS[method]
    read, weighed, count = ballots.read, weighing.weighed, counting.count
    return Rule(method, ballots.KIND, ballots.FORM, read, weighed, count, part.kept, part.CANNOT + _only_signed(method))


RULES: Mapping[str, Rule] = {method: _rule(method, tree) for method in PARTS}
ELSEWHERE: Mapping[str, Rule] = {method: _rule(method, elsewhere) for method in PARTS}
"""Of bundles without a ledger: the votes were cast elsewhere and imported."""


def rule_for(method: str, *, ledger: bool) -> Rule:
    return (RULES if ledger else ELSEWHERE)[method]


@cache
def script_for(method: str, *, ledger: bool = True) -> str:
    """The script that checks a bundle of this method. KeyError for a method that is none."""
    ballots, weighing, counting, *more = PARTS[method]
    modules = (frame, tree if ledger else elsewhere, ballots, weighing, *more, counting, ed25519)
    texts = [_apart(Path(str(module.__file__)).read_text("utf-8")) for module in modules]
    imports = {"import sys\n"}.union(*(head for head, _ in texts))
    outside = sorted(
        (line for line in imports if "crowd." not in line), key=lambda line: (line.startswith("from"), line)
    )
    bodies, signed = [_close(body) for _, body in texts], _only_signed(method)
    return "".join(
        [
            HEAD.format(method=method),
            "\n",
            *_merged(outside),
            "\n",
            "\n\n".join(bodies),
            "\n",
            TAIL.format(method=method, signed=f"    CANNOT += {signed!r}\n" if signed else ""),
        ]
    )


@cache
def script_sha256(method: str) -> str:
    """What readers compare, on the page of a round."""
    return hashlib.sha256(script_for(method).encode()).hexdigest()


@cache
def selection_script(*, corrected: bool = False) -> str:
    """The script that checks the bundle of a selection: one module, whole; of one that was corrected, one more before its end."""
    text = Path(str(selection.__file__)).read_text("utf-8")
    if corrected:
        more = _apart(Path(str(corrections.__file__)).read_text("utf-8"))[1]
        text = text.replace(START, more + START).replace("main(sys.argv)", "main(sys.argv, corrected)")
    return _close(text) + "\n"


def _apart(text: str) -> tuple[set[str], str]:
    """The lines that import, and the rest without the docstring of the module."""
    if text.startswith('"""'):
        text = text[text.index('"""', 3) + 3 :]
    lines = text.splitlines(keepends=True)
    return {line for line in lines if _IMPORT.match(line)}, "".join(line for line in lines if not _IMPORT.match(line))


def _close(body: str) -> str:
    """With one empty line between functions, none within classes: it is to be short."""
    body = re.sub(r"  # noqa: .*", "", body)
    return re.sub(r"\n\n(?=    def )", "\n", re.sub(r"\n{3,}", "\n\n", body)).strip()


def _merged(imports: list[str]) -> list[str]:
    """One line for each module that names come from."""
    names: dict[str, set[str]] = {}
    for line in imports:
        if line.startswith("from"):
            _, module, _, listed = line.split(maxsplit=3)
            names.setdefault(module, set()).update(name.strip() for name in listed.split(","))
    plain = [line for line in imports if not line.startswith("from")]
    return [*plain, *(f"from {module} import {', '.join(sorted(listed))}\n" for module, listed in names.items())]
