"""`flask assign`: reviewers to proposals. `flask calibrate`: scores without the reviewers' leniency. Neither knows a database."""

import json
import sys
from pathlib import Path
from typing import NoReturn

import click

from crowd.core.assignment import Outcome, assign
from crowd.core.assignment_files import AssignmentFault, AssignmentFile, read_assignment
from crowd.core.calibration import Calibration, calibrate
from crowd.core.score_files import ScoresFault, read_scores

REFUSED = 2


@click.command("assign")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Everything, as one JSON object.")
def assign_file(file: Path, *, as_json: bool) -> None:
    """Assign the reviewers of FILE (.json) to its proposals: the worst served first, then the sum of all affinities.

    A file that cannot be read ends with exit code 2 and one line that says why.
    """
    try:
        asked = read_assignment(file.read_bytes())
        outcome = assign(asked.problem)
    except AssignmentFault as fault:
        _refuse(file, str(fault))
    except OSError as error:
        _refuse(file, error.strerror or "cannot be read")
    except MemoryError:
        _refuse(file, "the problem is too large for the memory")
    click.echo(json.dumps(asked.answer(outcome), ensure_ascii=False) if as_json else _assigned(asked, outcome))


@click.command("calibrate")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Everything, as one JSON object.")
def calibrate_file(file: Path, *, as_json: bool) -> None:
    """Adjust the scores of FILE (.csv with the columns proposal, reviewer, score) for the leniency of the reviewers.

    A file that cannot be read ends with exit code 2 and one line that says why.
    """
    try:
        found = calibrate(read_scores(file.read_bytes()))
    except ScoresFault as fault:
        _refuse(file, str(fault))
    except OSError as error:
        _refuse(file, error.strerror or "cannot be read")
    except MemoryError:
        _refuse(file, "the table is too large for the memory")
    click.echo(json.dumps(found.as_data(), ensure_ascii=False) if as_json else _calibrated(found))


def _calibrated(found: Calibration) -> str:
    """For reading: groups from the best on, then the reviewers from the most generous on."""
    lines, place = ["place  adjusted      ±     raw  reviews  proposal"], 1
    for group in found.groups:
        last = place + len(group) - 1
        where = f"{place}" if last == place else f"{place}–{last}"
        for key in group:
            one = found.proposals[key]
            numbers = f"{_short(one.adjusted):>8}  {_short(one.standard_error):>5}  {one.raw:>6.3f}  {one.reviews:>7}"
            few = "" if one.enough else "  (not enough to adjust)"
            lines.append(f"{where:>5}  {numbers}  {' '.join(key.split())[:60]}{few}")
        place = last + 1
    lines += ["", "leniency  reviews  reviewer"]
    ranked = sorted(found.reviewers.items(), key=lambda item: (-(item[1].leniency or 0), item[0]))
    lines += [f"{_short(one.leniency, '+'):>8}  {one.reviews:>7}  {' '.join(key.split())[:60]}" for key, one in ranked]
    return "\n".join(lines)


def _short(value: float | None, sign: str = "") -> str:
    return "—" if value is None else format(value, f"{sign}.3f")


def _refuse(file: Path, words: str) -> NoReturn:
    click.echo(" ".join(f"{file.name}: {words}".split()), err=True)
    sys.exit(REFUSED)


def _assigned(asked: AssignmentFile, outcome: Outcome) -> str:
    """For reading: the figures, then each proposal with its sum and reviewers, the worst served first."""
    proof = "proven optimal" if outcome.optimal else "not proven optimal"
    head = [
        f"{outcome.filled:,} of {int(asked.problem.wanted.sum()):,} places filled, {proof}",
        f"Worst served: {outcome.worst:.4g} (no assignment passes {outcome.bounds.worst:.4g})",
        f"Total: {outcome.total:.6g} (no assignment that serves the worst as well passes {outcome.bounds.total:.6g})",
        "",
    ]
    names = [" ".join(str(name).split())[:60] for name in asked.proposals]
    width = max(map(len, names), default=0)
    answer = asked.answer(outcome)
    lines = []
    for place in sorted(range(len(names)), key=lambda place: (outcome.sums[place], place)):
        who = ", ".join(map(str, answer["assignment"][asked.proposals[place]]))
        short = f"  ({outcome.missing[place]} missing)" if outcome.missing[place] else ""
        lines.append(f"{names[place]:<{width}}  {outcome.sums[place]:>9.4g}  {who}{short}")
    return "\n".join(line.rstrip() for line in head + lines)
