"""Where files lie: a folder, or a bucket on a real server that speaks S3; what no row names is taken away."""

import io
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from flask import Flask
from sqlalchemy.orm import Session

from crowd.config import Settings, SettingsError
from crowd.core.status import ProposalStatus
from crowd.files.orphans import SPARED
from crowd.files.storage import FileStore, Missing, file_store, shown_address, storage_fault, store_of, whole
from crowd.proposals.jobs import remove_orphaned_files
from crowd.proposals.models import Attachment
from crowd.store.db import transaction, utc_now
from tests.make import make_call, make_proposal
from tests.services import free_port


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of a bucket on a server in a process of its own."""
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    login: dict[str, Any] = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "eu-west-1"}
    patient = Config(retries={"max_attempts": 20, "mode": "standard"})
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        client = boto3.client("s3", endpoint_url=endpoint, config=patient, **login)
        client.create_bucket(Bucket="uploads", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        yield f"s3://key:secret@uploads/files/here?endpoint={endpoint}&region=eu-west-1"
        client.close()
        server.terminate()


@pytest.fixture(params=["folder", "s3"])
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    settings = Settings(tmp_path, "sqlite://", "s" * 32, "http://localhost")
    return settings if request.param == "folder" else replace(settings, storage_url=request.getfixturevalue("s3"))


def test_a_file_goes_in_and_comes_out_in_pieces(here: Settings) -> None:
    store: FileStore = store_of(here)
    data = bytes(range(256)) * 1024
    key, other = store.put(io.BytesIO(data)), store.put(b"small")
    pieces = list(store.read(key))
    assert b"".join(pieces) == data
    assert len(pieces) > 1
    assert whole(store, other) == b"small"
    assert {key, other} <= {found for found, at in store.stored() if at > utc_now() - timedelta(minutes=5)}
    store.delete(key)
    store.delete(key)
    with pytest.raises(Missing):
        store.read(key)
    with pytest.raises(ValueError, match=r"\.\."):
        store.read("../../etc/passwd")


def test_the_doctor_tries_it_and_says_what_is_wrong(here: Settings) -> None:
    assert storage_fault(here) is None
    assert "secret" not in shown_address(here)
    if here.storage_url:
        gone = replace(here, storage_url=here.storage_url.replace("uploads", "elsewhere"))
        assert "does not exist" in (storage_fault(gone) or "")


def test_an_address_without_a_bucket_is_a_fault_of_the_settings(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="names no bucket"):
        Settings.from_env({"APERTURA_DATA": str(tmp_path), "APERTURA_STORAGE_URL": "s3:///prefix"})


def test_what_no_row_names_is_removed_after_a_day(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = file_store()
    kept, preview, orphan = store.put(b"kept"), store.put(b"its preview"), store.put(b"orphan")
    proposal = make_proposal(make_call(), status=ProposalStatus.DRAFT)
    with transaction() as writing:
        writing.add(
            Attachment(
                proposal_id=proposal.id,
                filename="a.txt",
                media_type="text/plain",
                size=4,
                sha256="0" * 64,
                storage_key=kept,
                preview_key=preview,
                uploaded_at=utc_now(),
            )
        )
    remove_orphaned_files()
    assert whole(store, orphan) == b"orphan", "it may belong to a row that is being written"
    monkeypatch.setattr("crowd.files.orphans.SPARED", -SPARED)
    remove_orphaned_files()
    with pytest.raises(Missing):
        store.read(orphan)
    assert (whole(store, kept), whole(store, preview)) == (b"kept", b"its preview")


def test_every_module_that_stores_files_is_known_to_the_job_that_removes_orphans() -> None:
    """Whoever stores a file names its key in a column or value that `remove_orphaned_files` reads."""
    crowd = Path(__file__).parent.parent.parent / "crowd"
    storing = {
        path.relative_to(crowd).as_posix()
        for path in crowd.rglob("*.py")
        if "store.put(" in (text := path.read_text()) or "file_store().put(" in text
    }
    assert storing == {
        "accounts/views/pictures.py",
        "calls/views/cover.py",
        "demo/asking.py",
        "demo/attaching.py",
        "demo/opening.py",
        "files/storage.py",
        "proposals/views/importing.py",
        "voting/actions/bundling.py",
    }
