"""Bundles: what anybody needs to count a closed vote again, written once its count stands and kept in the store of files."""

import hashlib
import tempfile
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from json import loads
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.actor import VISITOR
from crowd.core.bundle import (
    Contents,
    Misfit,
    RoundFacts,
    ballot_entry,
    canonical_line,
    group_of,
    write_counted,
)
from crowd.core.errors import Gone
from crowd.core.rules import Round
from crowd.core.signing import Head as SignedHead
from crowd.core.tally.of_round import declared_of
from crowd.core.wall_clock import utc_text
from crowd.files.storage import file_store
from crowd.proposals.queries import visible_to
from crowd.rounds.gates import facts_of_round
from crowd.rounds.models import CallRound
from crowd.rounds.queries import entries_of
from crowd.store.db import db, transaction
from crowd.store.keys import LedgerKey, current_key
from crowd.voting.actions.counting import counted_rules, listed_for
from crowd.voting.actions.sealing import keeps_ledger
from crowd.voting.models import Ballot, Head, SetAside, Tally, Voter
from crowd.voting.queries import ballot_texts, count_ballots, participation, standing
from crowd.voting.queries.ledger import leaf_lines, list_heads, origin_of

PIECE = 5_000
IN_MEMORY = 8_000_000


def write_missing_bundle(tally_id: int, now: datetime) -> bool:
    """Write the bundle of a count and keep it beside. Returns whether it was; False where another count came in between, or a
    rehearsal was removed.
    """
    reading = db.session()
    tally = reading.get(Tally, tally_id)
    if tally is None:
        return False
    row = reading.get_one(CallRound, tally.round_id)
    key = current_key()
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        contents = contents_of(reading, row, key, now)
        lines = _lines(reading, row.id, facts_of_round(reading, row).round)
        written = write_counted(file, contents, lines, _result(tally), key.public, key.sign)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        stored = file_store().put(file)  # type: ignore[arg-type]
    kept = _keep(row, tally, (stored, digest, written.script_sha256))
    if not kept:
        file_store().delete(stored)
    return kept


def _keep(row: CallRound, tally: Tally, bundle: tuple[str, str, str]) -> bool:
    try:
        with transaction(row, tally) as session:
            newest = session.scalar(select(func.max(Tally.id)).where(Tally.round_id == row.id))
            if tally.bundle is not None or newest != tally.id:
                return False
            tally.bundle, tally.bundle_sha256, tally.script_sha256 = bundle
    except Gone:
        return False
    return True


def contents_of(session: Session, row: CallRound, key: LedgerKey, now: datetime) -> Contents:
    """What the bundle of a closed round holds. Names of proposals that the public may not read are left out."""
    facts, call = facts_of_round(session, row), session.get_one(Call, row.call_id)
    stage = facts.stage()
    ledger = keeps_ledger(facts.round)
    if row.sealed_at is None or stage is None or row.opened_at is None or (ledger and row.tie_secret is None):
        raise Misfit("the round is not closed")
    public = {entry.key for entry in entries_of(session, row.id, visible_to(VISITOR, now)) if not entry.hidden}
    aside = session.scalars(select(SetAside).where(SetAside.round_id == row.id).order_by(SetAside.ballot)).all()
    return Contents(
        facts=RoundFacts(
            call=call.public_id,
            call_title=facts.call.rules.title,
            round=row.key,
            round_title=facts.round.title,
            origin=origin_of(session, row),
            rules_sha256=call.rules_sha256 or "",
            secret=facts.round.secret or not ledger,
            ledger=ledger,
            electorate=facts.round.electorate.value,
            electorate_size=participation(session, row, facts).electorate,
            voted=count_ballots(session, row.id),
            opened_at=utc_text(row.opened_at),
            closed_at=utc_text(stage.closes_at or row.sealed_at),
            engine=engine(),
            key_fingerprint=key.fingerprint,
        ),
        declared=declared_of(counted_rules(facts.round)),
        candidates=[listed_for(entry, facts.round, named=entry.key in public) for entry in entries_of(session, row.id)],
        ballots=(),
        leaves=leaf_lines(session, row.id) if ledger else (),
        heads=[_head(head) for head in reversed(list_heads(session, row.id))],
        tie_secret=bytes.fromhex(row.tie_secret or ""),
        exclusions=[{"ballot": one.ballot, "reason": one.reason, "at": utc_text(one.at)} for one in aside],
    )


def engine() -> str:
    try:
        return f"Apertura {version('apertura')}"
    except PackageNotFoundError:
        return "Apertura"


def _head(head: Head) -> SignedHead:
    return SignedHead(head.size, bytes.fromhex(head.root), utc_text(head.at), bytes.fromhex(head.signature))


def _result(tally: Tally) -> dict[str, Any]:
    """What was counted and stored, as a bundle holds it."""
    outcome = dict(loads(tally.result)["outcome"])
    return {"with_excluded": outcome.pop("with_excluded", None), "outcome": outcome}


def _lines(session: Session, round_id: int, round_: Round) -> Iterator[bytes]:
    """The ballots as lines, in the order of their random keys; with the voter's name where they are published with names."""
    if (round_.secret or not keeps_ledger(round_)) and round_.member_percent is None:
        return (_line(key, text) for key, text, _ in ballot_texts(session, round_id))
    return map(canonical_line, _entries(session, round_id, round_))


def _line(key: str, text: str) -> bytes:
    """The canonical line of a ballot that holds nothing but its id and its choices, both canonical already."""
    own = f'"ballot":"{key}"'
    whole = f"{text[:-1]},{own}}}" if text.startswith('{"approve"') else f"{{{own},{text[1:]}"
    return whole.encode()


def _entries(session: Session, round_id: int, round_: Round) -> Iterator[dict[str, Any]]:
    query = select(Ballot.key, Ballot.choices, Ballot.member).where(standing(round_id)).order_by(Ballot.key)
    if not round_.secret:
        voters = query.outerjoin(Voter, (Voter.round_id == Ballot.round_id) & (Voter.ballot == Ballot.key))
        query = voters.outerjoin(Account, Account.id == Voter.account_id).add_columns(Account.name)
    for found in session.execute(query.execution_options(yield_per=PIECE)):
        group = None if round_.member_percent is None else group_of(member=bool(found.member))
        yield ballot_entry(found.key, loads(found.choices or ""), group, None if round_.secret else found.name)
