"""What README promises is compared with what is."""

import re
from pathlib import Path

from crowd.config import NAMES
from crowd.core.pipeline import RULES

README = (Path(__file__).parents[2] / "README.md").read_text()


def state_diagram() -> str:
    """Every legal move of `crowd/core/pipeline.py` as a table."""
    lines = ["| move | from | to |", "|---|---|---|"]
    for move, rule in RULES.items():
        sources = ", ".join(sorted(source.value for source in rule.sources))
        lines.append(f"| {move.value} | {sources} | {rule.target.value} |")
    return "\n".join(lines)


def test_the_states_in_readme_are_those_of_the_pipeline() -> None:
    shown = re.search(r"<!-- states:.*?-->\n(.*?)\n?<!-- /states -->", README, re.DOTALL)
    assert shown is not None
    assert shown[1].strip() == state_diagram()


def test_readme_names_every_setting() -> None:
    table = README.split("### Settings")[1].split("### ")[0]
    named = set(re.findall(r"`([A-Z_]+)`", table)) & NAMES
    assert named == NAMES
