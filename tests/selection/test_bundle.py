"""The bundle of a published selection: anybody works it out again, and every change of it is named."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.receipt import canonical_json, sha256_of
from crowd.core.rules import Quota, ResultsPublicity, SelectionRules
from crowd.core.status import Outcome
from crowd.proposals.models import Proposal, ProposalTag
from crowd.store.db import transaction
from crowd.voting.cli import verify_bundle
from tests.conftest import AsUser
from tests.make import make_account, make_member, make_organization
from tests.selection.rows import decided_call, make_juror, make_review, make_verdict
from tests.selection.test_publish import publish
from tests.selection.test_quota_pages import PARTS

pytestmark = pytest.mark.one_database

Files = dict[str, bytes]


def published(as_user: AsUser, **changes: Any) -> tuple[Call, list[Proposal]]:
    rules = SelectionRules(components=PARTS, places=2, quotas=(Quota("health", most=1),), reserve=1)
    organization = make_organization()
    manager = make_member(organization)
    call, proposals = decided_call(organization, selection=rules, **changes)
    juror = make_juror(call, "jury", make_account("Wanda Reviewer"))
    make_review(juror, proposals[0], {"benefit": 5, "feasible": 4})
    with transaction() as writing:
        writing.add_all(ProposalTag(proposal_id=row.id, tag="health") for row in proposals[:2])
    outcomes = [Outcome.SELECTED, Outcome.RESERVE, Outcome.SELECTED, Outcome.NOT_SELECTED]
    for proposal, outcome in zip(proposals, outcomes, strict=True):
        make_verdict(proposal, outcome, manager, reason="For this reason.")
    assert publish(as_user(manager), call).status_code == 303
    return call, proposals


def bundle(client: FlaskClient, call: Call) -> Files:
    answer = client.get(f"/calls/{call.public_id}/results/bundle.zip")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(files: Files, folder: Path) -> Path:
    path = folder / "selection.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    (folder / "verify.py").write_bytes(files["verify.py"])
    return path


def verify(files: Files, folder: Path) -> tuple[int, list[str]]:
    """As a reader runs it: the script alone, without this project."""
    path = write(files, folder)
    command = [sys.executable, "-I", str(folder / "verify.py"), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    return done.returncode, done.stdout.splitlines()


def wrong(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("WRONG")]


def test_a_published_selection_is_worked_out_again_by_its_own_script(
    session: Session, as_user: AsUser, client: FlaskClient, tmp_path: Path
) -> None:
    call, _ = published(as_user)
    files = bundle(client, call)
    assert sorted(files) == ["basis.json", "result.json", "tallies/crowd.json", "verify.py"]
    code, lines = verify(files, tmp_path)
    assert (code, wrong(lines), lines[-1]) == (0, [], "All that can be checked is right.")
    assert "2 selected, 2 proposed; decided otherwise: nobody" in lines
    page = client.get(f"/calls/{call.public_id}/results").text
    assert lines[0].removeprefix("SHA-256 of result.json: ") in page


def test_raw_scores_are_in_it_and_no_name(session: Session, as_user: AsUser, client: FlaskClient) -> None:
    call, proposals = published(as_user)
    files = bundle(client, call)
    jury = json.loads(files["basis.json"])["rounds"][1]
    assert jury["scores"][proposals[0].public_id] == [[5, 4], [5, 5]]
    assert b"Wanda" not in b"".join(files.values())


def changed(files: Files, name: str, change: Callable[[Any], None], *, hashed: bool = True) -> Files:
    """With one file changed; and, as somebody would who knows how, the hash of it in the record."""
    data = json.loads(files[name])
    change(data)
    more = {name: canonical_json(data)}
    if hashed and name == "basis.json":
        record = json.loads(files["result.json"]) | {"basis_sha256": sha256_of(data)}
        more["result.json"] = canonical_json(record)
    return files | more


def test_every_change_is_named(session: Session, as_user: AsUser, client: FlaskClient, tmp_path: Path) -> None:
    call, proposals = published(as_user)
    files = bundle(client, call)
    first, second, third, _ = (row.public_id for row in proposals)

    def words(name: str, change: Callable[[Any], None], *, hashed: bool = True) -> str:
        code, lines = verify(changed(files, name, change, hashed=hashed), tmp_path)
        assert code == 1
        return "\n".join(wrong(lines))

    def score(basis: Any) -> None:
        basis["rounds"][1]["scores"][first] = [[0, 0], [0, 0]]

    assert "basis.json, SHA-256" in words("basis.json", score, hashed=False)
    assert f"proposal {first}, components, 2, value: '24/5' is published, and '0' follows" in words("basis.json", score)

    def no_tags(basis: Any) -> None:
        for entry in basis["proposals"]:
            entry["tags"] = []

    assert f"the line, proposed: ['{first}', '{third}'] is published" in words("basis.json", no_tags)
    ranks = words("result.json", lambda record: record["ranking"][0].update(rank=2))
    assert ranks == f"WRONG: proposal {first}, rank: 2 is published, and 1 follows"
    totals = words("tallies/crowd.json", lambda tally: tally["totals"][0].update(total="9"))
    assert "tallies/crowd.json, SHA-256" in totals
    line = words("result.json", lambda record: record["line"].update(proposed=[first, second]))
    assert (
        line == f"WRONG: the line, proposed: ['{first}', '{second}'] is published, and ['{first}', '{third}'] follows"
    )
    outcome = words("result.json", lambda record: record["outcomes"][1].update(outcome="selected"))
    assert outcome == "WRONG: the selection departs from the numbers, and does not say why"
    reason = words("result.json", lambda record: record["outcomes"][0].update(reason=" "))
    assert reason == f"WRONG: {first} has no reason"
    dropped = words("result.json", lambda record: record["outcomes"].pop())
    assert "who is decided" in dropped
    rule = words("result.json", lambda record: record["rule"].update(places=3))
    assert rule == "WRONG: basis.json, rule, places: 3 is published, and 2 follows"


def test_flask_verify_takes_it_too(
    session: Session, as_user: AsUser, client: FlaskClient, tmp_path: Path, app: Flask
) -> None:
    call, _ = published(as_user)
    files = bundle(client, call)
    runner = app.test_cli_runner()
    good = runner.invoke(verify_bundle, [str(write(files, tmp_path))])
    assert (good.exit_code, "is the one of this installation" in good.output) == (0, True)
    bad = changed(files, "result.json", lambda record: record["ranking"][0].update(rank=3)) | {"verify.py": b"print()"}
    told = runner.invoke(verify_bundle, [str(write(bad, tmp_path))])
    assert (told.exit_code, "IS ANOTHER THAN THE ONE" in told.output) == (1, True)


@pytest.mark.parametrize("kept", [ResultsPublicity.TITLE_AND_RANK, ResultsPublicity.NUMBERS])
def test_where_results_keep_something_back_the_public_gets_no_bundle(
    session: Session, as_user: AsUser, client: FlaskClient, kept: ResultsPublicity
) -> None:
    call, _ = published(as_user, results_publicity=kept)
    assert client.get(f"/calls/{call.public_id}/results/bundle.zip").status_code == 404


def test_before_publication_there_is_none(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    call, _ = decided_call(organization)
    answer = as_user(make_member(organization)).get(f"/calls/{call.public_id}/results/bundle.zip")
    assert answer.status_code == 404
