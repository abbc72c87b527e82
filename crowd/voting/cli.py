"""`flask tally`: count the ballots of a file by any of the methods. `flask verify`: check a bundle. Neither knows a database."""

import json
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import IO, NoReturn

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from crowd.core import verifier
from crowd.core.ballot_files import FileFault, Reading, read_profile
from crowd.core.bundle.reading import holds_ledger, method_of, read_bundle
from crowd.core.exact import exact, rounded
from crowd.core.tally.count import Count, Terms
from crowd.core.tally.methods import METHODS, tally
from crowd.core.tally.pb_greedy import RULES
from crowd.core.tally.profile import Profile
from crowd.core.tally.suited import Unsuited

DIFFERS = 1
REFUSED = 2
LARGE = 5_000_000
"""Bytes of a file from which on reading it shows a bar."""
WIDEST = 60
BUNDLE = ".zip"


class _Number(click.ParamType[Fraction]):
    name = "number"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Fraction:
        try:
            number = exact(str(value))
        except ValueError:
            number = Fraction(-1)
        if number < 0:
            self.fail(f"{value!r} is not a number of at least 0", param, ctx)
        return number


class _Seed(click.ParamType[bytes]):
    name = "hex"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> bytes:
        try:
            return bytes.fromhex(str(value))
        except ValueError:
            self.fail(f"{value!r} is not hexadecimal, two digits a byte", param, ctx)


@click.command("tally")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--method", required=True, type=click.Choice(list(METHODS)))
@click.option("--seats", type=click.IntRange(1), help="How many win; else as the file says, else one.")
@click.option("--budget", type=_Number(), help="Of the projects; of points or credits, what each ballot may spend.")
@click.option("--seed", type=_Seed(), help="Settles ties by SHA-256(seed ‖ candidate id).")
@click.option("--rule", type=click.Choice(RULES), help="Of pb-greedy; else the file's own.")
@click.option("--json", "as_json", is_flag=True, help="Everything, as one JSON object.")
def tally_file(
    file: Path,
    method: str,
    seats: int | None,
    budget: Fraction | None,
    seed: bytes | None,
    rule: str | None,
    *,
    as_json: bool,
) -> None:
    """Count the ballots of FILE (.pb .blt .soc .soi .toc .toi .cat .json, or a bundle .zip).

    A file that cannot be read, or not be counted by this method, ends with exit code 2 and one line that says why.
    """
    try:
        reading = _read(file)
        count = tally(reading.profile, method, Terms(seats, budget, seed, rule))
    except (FileFault, Unsuited) as fault:
        _refuse(file, str(fault))
    except OSError as error:
        _refuse(file, error.strerror or "cannot be read")
    except MemoryError:
        _refuse(file, "the election is too large for the memory")
    for remark in reading.remarks:
        click.echo(remark, err=True)
    click.echo(json.dumps(count.as_data(), ensure_ascii=False) if as_json else _table(count, reading.profile))


@click.command("verify")
@click.argument("bundle", type=click.Path(path_type=Path))
def verify_bundle(bundle: Path) -> None:
    """Check BUNDLE, the zip of a round's result or of a selection, as the `verify.py` inside it would, but with the script of this installation.

    Exit code 0: all that can be checked is right; 1: something is not; 2: there is no such bundle.
    """
    try:
        with bundle.open("rb") as file:
            if not zipfile.is_zipfile(file):
                _refuse(bundle, "this is not a zip")
            if is_selection(file):
                sys.exit(_verify_selection(bundle))
            method, ledger = method_of(file), holds_ledger(file)
    except OSError as error:
        _refuse(bundle, error.strerror or "cannot be read")
    except FileFault as fault:
        _wrong(str(fault))
    if method not in verifier.RULES:
        _wrong(f"rules.json: {method!r:.40} is no method")
    script = verifier.script_for(method, ledger=ledger).encode()
    code = verifier.frame.main(["flask verify", str(bundle)], verifier.rule_for(method, ledger=ledger), script)
    _compare(bundle, script)
    sys.exit(code)


def is_selection(file: IO[bytes]) -> bool:
    """Whether this zip holds a selection, not a vote."""
    try:
        with zipfile.ZipFile(file) as archive:
            return "basis.json" in archive.namelist()
    except zipfile.BadZipFile:
        return False
    finally:
        file.seek(0)


def _verify_selection(bundle: Path) -> int:
    corrected = _is_corrected(bundle)
    check = verifier.corrections.corrected if corrected else verifier.selection.checked
    code = verifier.selection.main(["flask verify", str(bundle)], check)
    _compare(bundle, verifier.selection_script(corrected=corrected).encode())
    return code


def _is_corrected(bundle: Path) -> bool:
    with zipfile.ZipFile(bundle) as archive:
        return any(name.startswith("corrections/") for name in archive.namelist())


def _compare(bundle: Path, script: bytes) -> None:
    same = "is the one" if _script_inside(bundle) == script else "IS ANOTHER THAN THE ONE"
    click.echo(f"The verify.py in the bundle {same} of this installation, whose code was run here.")


def _wrong(words: str) -> NoReturn:
    click.echo(f"WRONG: {' '.join(words.split())}")
    sys.exit(DIFFERS)


def _script_inside(bundle: Path) -> bytes | None:
    try:
        with zipfile.ZipFile(bundle) as archive:
            return archive.read("verify.py")
    except (KeyError, OSError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error):
        return None


def _refuse(file: Path, words: str) -> NoReturn:
    click.echo(" ".join(f"{file.name}: {words}".split()), err=True)
    sys.exit(REFUSED)


def _read(file: Path) -> Reading:
    size = file.stat().st_size
    console = Console(stderr=True)
    with file.open("rb") as lines, _bar(console, size) as progress:
        if file.suffix.lower() == BUNDLE:
            return read_bundle(lines, partial(_followed, progress) if progress else None)
        return read_profile(file.suffix, _followed(progress, lines, size) if progress else lines)


@contextmanager
def _bar(console: Console, size: int) -> Iterator[Progress | None]:
    if size < LARGE or not console.is_terminal:
        yield None
        return
    columns = (TextColumn("Reading"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield progress


def _followed(progress: Progress, lines: Iterator[bytes], size: int) -> Iterator[bytes]:
    task = progress.add_task("Reading", total=size)
    for line in lines:
        yield line
        progress.advance(task, len(line))


def _table(count: Count, profile: Profile) -> str:
    """For reading: the winners, the ranking with numbers, and what was tied."""
    names = {candidate.id: " ".join(candidate.name.split())[:WIDEST] for candidate in profile.candidates}
    head = [f"{count.method}: {count.ballots:,} ballots, {count.invalid:,} invalid, {count.exhausted:,} exhausted", ""]
    rows = [("", "", "", ""), *_ranked(count, names)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    table = [
        f"{place:>{widths[0]}}  {mark:<{widths[1]}}  {score:>{widths[2]}}  {name}"
        for place, mark, score, name in rows[1:]
    ]
    ties = [
        f"Tie for {tie.of}: {', '.join(tie.candidates)}; settled by {tie.by.value}: {', '.join(tie.chosen)}"
        for tie in count.ties
    ]
    return "\n".join(line.rstrip() for line in [*head, *table, *([""] if ties else []), *ties])


def _ranked(count: Count, names: dict[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """Place, whether elected, score, who. The tied share a place."""
    place = 1
    for tied in count.ranking:
        for key in tied:
            name = names[key] if names[key] in {"", key} else f"{key}  {names[key]}"
            yield f"{place}.", "*" if key in count.winners else "", _for_the_eye(count.scores[key]), name or key
        place += len(tied)


def _for_the_eye(score: str) -> str:
    number = Fraction(score)
    return f"{int(number):,}" if number.denominator == 1 else rounded(number, 5)
