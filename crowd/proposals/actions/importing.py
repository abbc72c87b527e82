"""Proposals from a table: all rows of one file in one commit, in few statements, each once."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from crowd.accounts.commands import fold_address
from crowd.calls.gates import facts_of_call, rules_of
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.answers import asked_to_hand_in, searchable
from crowd.core.credit import WHOLE
from crowd.core.errors import InvalidInput
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.receipt import submission_receipt
from crowd.core.rules import CallRules
from crowd.core.sheet import Expected, SheetRow
from crowd.core.status import EntryChannel, MemberStatus, ProposalStatus
from crowd.core.subjects import CallFacts
from crowd.proposals.actions.writing import version_contents
from crowd.proposals.commands import LANGUAGES, LONGEST_TAG, MOST_TAGS, ProposalText
from crowd.proposals.models import (
    BehalfEntry,
    Declaration,
    Proposal,
    ProposalImport,
    ProposalTag,
    ProposalVersion,
    TeamMember,
)
from crowd.store.db import in_chunks, measure_tables
from crowd.store.models import Event
from crowd.store.search import index_new
from crowd.store.types import new_public_ids
from crowd.web.access import require
from crowd.web.sheets import typed_cell


@dataclass(frozen=True)
class Origin:
    """Where a table comes from, and who brings it.

    `tell`: the people named with an address are mailed, by a job, the link to take theirs over.
    """

    source: str
    by_id: int | None = None
    tell: bool = False


def expected_of(call: CallFacts, now: datetime) -> Expected:
    """What a table of proposals for this call must hold."""
    rules = call.rules
    return Expected(
        fields=rules.custom_fields,
        required=asked_to_hand_in(call, {}, now),
        asks_cost=rules.asks_cost,
        language=rules.language,
        languages=LANGUAGES,
        most_tags=MOST_TAGS,
        longest_tag=LONGEST_TAG,
        plain=typed_cell,
    )


def known_ids(session: Session, call_id: int, ids: Iterable[str]) -> set[str]:
    """Those of these external ids that the call has already."""
    found: set[str] = set()
    for some in in_chunks(list(ids)):
        query = select(Proposal.external_id).where(Proposal.call_id == call_id, Proposal.external_id.in_(some))
        found |= {id_ for id_ in session.scalars(query) if id_ is not None}
    return found


def finish_import(
    session: Session,
    call: Call,
    upload: ProposalImport,
    rows: Sequence[SheetRow],
    *,
    tell: bool,
    actor: Actor,
    now: datetime,
) -> int:
    """Store what an upload held, once; both rows are locked. Returns how many proposals are new."""
    require(actor, Permission.PROPOSAL_IMPORT, facts_of_call(session, call.id), now)
    if upload.done_at is not None:
        raise InvalidInput("import_done")
    origin = Origin(upload.filename, actor.account_id, tell)
    upload.stored = import_rows(session, call, rows, origin, now=now)
    upload.done_at = now
    return upload.stored


def import_rows(session: Session, call: Call, rows: Sequence[SheetRow], origin: Origin, *, now: datetime) -> int:
    """Hand in every row that the call does not have yet; `call` is locked. Returns how many."""
    rules, known = rules_of(call), known_ids(session, call.id, (row.external_id for row in rows))
    fresh = [row for row in rows if row.external_id not in known]
    keys = new_public_ids(len(fresh))
    numbered = list(enumerate(zip(fresh, keys, strict=True), start=call.last_number + 1))
    made = [_proposal(call, rules, row, key, number, now) for number, (row, key) in numbered]
    if made:
        session.execute(insert(Proposal), made)
        measure_tables(session, Proposal)  # what is inserted next refers to them
    ids = _ids_of(session, keys)
    beside: dict[type[Any], list[dict[str, Any]]] = defaultdict(list)
    for row, key in zip(fresh, keys, strict=True):
        for model, values in _beside(call, rules, row, key, origin, now):
            beside[model].append({"proposal_id": ids[key], **values})
    for model, some in beside.items():
        session.execute(insert(model), some)
    texts = [(ids[key], row.title, _words(rules, row)) for row, key in zip(fresh, keys, strict=True)]
    index_new(session, "proposal", texts, within=call.id)
    call.last_number += len(fresh)
    call.proposals_count += len(fresh)
    session.flush()
    return len(fresh)


def _ids_of(session: Session, keys: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in in_chunks(list(keys)):
        query = select(Proposal.public_id, Proposal.id).where(Proposal.public_id.in_(some))
        found |= dict(iter(session.execute(query)))
    return found


def _receipt(call: Call, row: SheetRow, key: str, now: datetime) -> str:
    text = ProposalText(row.title, row.summary, row.text, row.cost, row.language, row.tags, row.answers)
    return submission_receipt(key, version_contents(1, text, []), now, call.rules_sha256 or "")


def _texts(row: SheetRow) -> dict[str, Any]:
    return {
        "title": row.title,
        "summary": row.summary,
        "body": row.text,
        "answers": dict(row.answers),
        "cost": row.cost,
        "language": row.language,
    }


def _proposal(call: Call, rules: CallRules, row: SheetRow, key: str, number: int, now: datetime) -> dict[str, Any]:
    return {
        "public_id": key,
        "call_id": call.id,
        "number": number,
        "external_id": row.external_id,
        "entered": EntryChannel.IMPORT,
        "status": ProposalStatus.SUBMITTED if rules.screening else ProposalStatus.ELIGIBLE,
        **_texts(row),
        "receipt_sha256": _receipt(call, row, key, now),
        "created_at": now,
        "edited_at": now,
        "submitted_at": now,
        **{f"shuffle_{n}": secrets.randbits(62) for n in range(1, 9)},
    }


def _beside(
    call: Call, rules: CallRules, row: SheetRow, key: str, origin: Origin, now: datetime
) -> Iterator[tuple[type[Any], dict[str, Any]]]:
    """Rows of other tables that belong to one proposal."""
    for tag in row.tags:
        yield ProposalTag, {"tag": tag}
    person = {"name": row.author, "email": row.email}
    yield (
        TeamMember,
        {
            **person,
            "email_folded": fold_address(row.email),
            "roles": [],
            "share": WHOLE,
            "status": MemberStatus.ACCEPTED,
            "answered_at": now,
        },
    )
    by_id, due = origin.by_id, origin.tell and bool(row.email)
    entry = {"consent": f"{origin.source}, {row.line}", "entered_by_id": by_id, "at": now, "claim_due": due}
    yield BehalfEntry, {**person, **entry}
    declared = {"at": now, "rules_sha256": call.rules_sha256 or ""}
    yield Declaration, {**declared, "items": list(rules.declarations)}
    version = {"number": 1, "by_id": by_id, "tags": list(row.tags), "sha256": _receipt(call, row, key, now)}
    yield ProposalVersion, {**declared, **version, **_texts(row)}
    yield (
        Event,
        {
            "kind": EventKind.PROPOSAL_ENTERED,
            "at": now,
            "delivered_at": now,  # it has no readers, and there may be thousands
            "actor_id": by_id,
            "organization_id": call.organization_id,
            "call_id": call.id,
            "data": {"imported": True},
        },
    )


def _words(rules: CallRules, row: SheetRow) -> str:
    public = searchable(rules.custom_fields, row.answers)
    return "\n".join([row.summary, row.text, *public, *row.tags, row.external_id])
