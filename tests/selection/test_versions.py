"""A result that changed after it was published: a further bundle holds the change and its note, and every earlier one stays."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.receipt import canonical_json
from crowd.core.verifier import selection_script
from crowd.proposals.models import Proposal
from crowd.selection.models import Correction
from crowd.voting.cli import verify_bundle
from tests.conftest import AsUser
from tests.selection.test_bundle import Files, verify, write, wrong
from tests.selection.test_places import decline, lead_of, published, settle

pytestmark = pytest.mark.one_database


def version(client: FlaskClient, call: Call, number: int) -> bytes:
    data: bytes = client.get(f"/calls/{call.public_id}/results/bundle-{number}.zip").data
    return data


def files_of(data: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def correct(client: FlaskClient, proposal: Proposal, outcome: str, note: str, reason: str = "It fits.") -> int:
    data = {"outcome": outcome, "reason": reason, "note": note, "version": proposal.version}
    return client.post(f"/proposals/{proposal.public_id}/correction", data=data).status_code


def corrected(session: Session, as_user: AsUser) -> tuple[Call, list[Proposal]]:
    """Two selected, two in reserve, one not: the last is corrected into the selection, the first declines, a reserve moves up."""
    call, proposals, manager = published(as_user)
    first, _, third, fourth, last = proposals
    managing = as_user(manager)
    assert correct(managing, last, "selected", "An objection was upheld.") == 303
    assert decline(as_user(lead_of(session, first)), first) == 303
    assert settle(managing, call, first, fourth, note="It needs no crane.", reason="It moves up.") == 303
    session.expire_all()
    assert settle(managing, call, first, third) == 409
    return call, proposals


def test_each_change_makes_a_bundle_of_its_own_that_says_what_was_corrected_and_why(
    session: Session, as_user: AsUser, client: FlaskClient, tmp_path: Path
) -> None:
    call, proposals = corrected(session, as_user)
    first, _, _, fourth, last = (row.public_id for row in proposals)
    newest = client.get(f"/calls/{call.public_id}/results/bundle.zip").data
    assert newest == version(client, call, 4)
    code, lines = verify(files_of(newest), tmp_path)
    assert (code, wrong(lines), lines[-1]) == (0, [], "All that can be checked is right.")
    told = [line.split("Z: ")[1] for line in lines if line.startswith("Change ")]
    assert told == [
        f"{last}, outcome: not_selected → selected. An objection was upheld.",
        f"{first}, declined: selected → declined. We moved to another town.",
        f"{fourth}, moved_up: reserve → selected in place of {first}. It needs no crane.",
    ]
    assert "3 selected now; free places: none" in lines
    lines = verify(files_of(version(client, call, 3)), tmp_path)[1]
    assert f"2 selected now; free places: {first}" in lines


def test_earlier_bundles_stay_as_they_were(session: Session, as_user: AsUser, client: FlaskClient) -> None:
    call, proposals, manager = published(as_user)
    before = version(client, call, 1)
    assert sorted(files_of(before)) == ["basis.json", "result.json", "tallies/crowd.json", "verify.py"]
    assert correct(as_user(manager), proposals[2], "selected", "The scores were mixed up.") == 303
    second = version(client, call, 2)
    assert decline(as_user(lead_of(session, proposals[0])), proposals[0]) == 303
    assert (version(client, call, 1), version(client, call, 2)) == (before, second)
    for unknown in (0, 4):
        page = f"/calls/{call.public_id}/results/bundle-{unknown}.zip"
        assert client.get(page).status_code == 404


@pytest.mark.both_databases
def test_the_page_names_every_version_with_the_fingerprint_of_what_it_adds(
    session: Session, as_user: AsUser, client: FlaskClient
) -> None:
    call, _ = corrected(session, as_user)
    page = client.get(f"/calls/{call.public_id}/results").text
    rows = session.scalars(select(Correction).order_by(Correction.id)).all()
    assert [row.version for row in rows] == [2, 3, 4]
    files = files_of(version(client, call, 4))
    for row in rows:
        added = files[f"corrections/{row.version}.json"]
        assert row.sha256 == hashlib.sha256(added).hexdigest()
        assert row.sha256 in page
        assert f"results/bundle-{row.version}.zip" in page
    assert "results/bundle-1.zip" in page
    assert hashlib.sha256(files["verify.py"]).hexdigest() in page


def test_a_correction_of_a_credit_makes_no_version(session: Session, as_user: AsUser, client: FlaskClient) -> None:
    """It names people, and no bundle does."""
    call, _proposals, manager = published(as_user)
    page = client.get(f"/calls/{call.public_id}/results").text
    code = page.split("/certificates/")[1][:20].split('"')[0]
    data = {"name": "Iris", "share": "100", "note": "A slip."}
    assert as_user(manager).post(f"/certificates/{code}/correct", data=data).status_code == 303
    [row] = session.scalars(select(Correction)).all()
    assert (row.version, row.sha256) == (None, None)
    assert client.get(f"/calls/{call.public_id}/results/bundle-2.zip").status_code == 404


def test_every_change_of_a_correction_is_named(
    session: Session, as_user: AsUser, client: FlaskClient, tmp_path: Path
) -> None:
    call, proposals = corrected(session, as_user)
    _, second, third, _, last = (row.public_id for row in proposals)
    files = files_of(version(client, call, 4))

    def words(number: int, change: Callable[[Any], object]) -> str:
        name = f"corrections/{number}.json"
        data = json.loads(files[name])
        change(data["change"])
        changed = {name: canonical_json(data)}
        return "\n".join(wrong(verify(files | changed, tmp_path)[1]))

    assert f"change 2, what stands now, {last}, outcome: 'selected' is published, and 'reserve' follows" in words(
        2, lambda change: change["to"].update(outcome="reserve")
    )
    assert "WRONG: change 2: before it stood" in words(2, lambda change: change["from"].update(reason="Another."))
    assert "WRONG: change 2: it has no note" in words(2, lambda change: change.update(note=" "))
    assert "WRONG: change 3: 'declined' does not lead from 'selected' to 'selected'" in words(
        3, lambda change: change["to"].update(outcome="selected")
    )
    assert f"WRONG: change 4: the place of '{second}' is not free" in words(
        4, lambda change: change.update(in_place_of=second)
    )
    assert "WRONG: change 4: before it stood {'outcome': 'reserve'" in words(
        4, lambda change: change["from"].update(outcome="selected")
    )
    assert "corrections/3.json, before_sha256" in words(2, lambda change: change.update(note="Otherwise."))
    assert f"change 4, what stands now, {third}" in words(4, lambda change: change.update(proposal=third))
    left_out = {name: data for name, data in files.items() if name != "corrections/3.json"}
    code, lines = verify(left_out | {"corrections/9.json": b"{}"}, tmp_path)
    assert (code, lines[-1]) == (1, "THIS SELECTION IS NOT AS IT MUST BE.")


def test_flask_verify_reads_the_changes_too(
    session: Session, as_user: AsUser, client: FlaskClient, tmp_path: Path, app: Flask
) -> None:
    call, _ = corrected(session, as_user)
    files = files_of(version(client, call, 4))
    good = app.test_cli_runner().invoke(verify_bundle, [str(write(files, tmp_path))])
    assert (good.exit_code, "is the one of this installation" in good.output) == (0, True)
    assert "An objection was upheld." in good.output


def test_the_script_with_changes_is_short_enough_to_be_read_and_needs_the_standard_library_alone() -> None:
    text = selection_script(corrected=True)
    assert len(text.splitlines()) <= len(selection_script().splitlines()) + 60
    assert [line for line in text.splitlines() if line.startswith(("from crowd", "import crowd"))] == []
    compile(text, "verify.py", "exec")
