"""Fills a call with very many proposals: bulk inserts, texts made of a few hundred words."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.rules import RoundKind
from crowd.core.status import MemberStatus, OrganizationRole, ProposalStatus, StageKind
from crowd.desk.models import Colleague, Label, Labelled
from crowd.organizations.models import Membership, Organization
from crowd.proposals.models import Attachment, Proposal, ProposalTag, TeamMember, title_key
from crowd.rounds.models import CallRound, Candidate
from crowd.store.db import db, in_chunks, insert_many, transaction, utc_now
from crowd.store.models import SearchDocument
from crowd.store.search import indexed
from crowd.store.types import new_public_ids
from tests.make import JURY, VOTE, make_account, make_call, make_member, make_organization, make_rules

WORDS = """bench tree garden light night path school river market bridge roof rain bicycle library kitchen window wall
music child elder water stone seed compost bee shade square corner station map sign letter book story evening morning
señalización plaza jardín árbol lluvia escuela mercado puente noche luz camino techo""".split()
SOUGHT = {"lantern": 3, "ferry": 50, "heron": 5000}
"""Words for searching: in one text of so many. Beside these `almanac`, in the oldest twentieth only."""
STATUSES = (
    [ProposalStatus.SUBMITTED] * 10
    + [ProposalStatus.CORRECTION] * 2
    + [ProposalStatus.ELIGIBLE] * 60
    + [ProposalStatus.INELIGIBLE] * 8
    + [ProposalStatus.SHORTLISTED] * 15
    + [ProposalStatus.WITHDRAWN] * 5
)
PIECE = 10_000
RARE = 20
OLDEST = 95_000
SMALL = 100


@dataclass(frozen=True)
class Filled:
    """A call with its proposals. `filters`: names of the desk's filters with what the address says."""

    key: str
    call_id: int
    round_id: int
    rows: int
    manager_id: int
    filters: dict[str, str]


def fill(rows: int) -> Filled:
    """A new call whose vote is open and shows its counts, its jury round opened, with `rows` proposals handed in."""
    random.seed(rows)
    organization, manager = _house()
    opened = VOTE.__class__(**{**VOTE.__dict__, "hidden_counts": False})
    call = make_call(organization, make_rules(StageKind.VOTING, rounds=(opened, JURY), asks_cost=True))
    first = (db.session.scalar(select(func.max(Proposal.id))) or 0) + 1
    accounts = [make_account(f"Author {number}").id for number in range(min(rows, 200))]
    now, ids = utc_now(), list(range(first, first + rows))
    for some in in_chunks(ids, PIECE):
        _insert(call.id, some, first, accounts, now, large=rows > SMALL)
    return _beside(call, manager, organization, ids)


def _house() -> tuple[Organization, Account]:
    """One organization and manager for all calls of the bench."""
    found = db.session.scalar(select(Organization).limit(1))
    if found is None:
        found = make_organization()
        return found, make_member(found)
    where = (Membership.organization_id == found.id, Membership.role == OrganizationRole.MANAGER)
    manager = select(Account).join(Membership, Membership.account_id == Account.id).where(*where)
    return found, db.session.scalars(manager.order_by(Account.id).limit(1)).one()


def _insert(call_id: int, ids: list[int], first: int, accounts: list[int], now: datetime, *, large: bool) -> None:
    """A small call (not `large`) is made so that each filter finds a full page of it too."""
    rows, documents = [], []
    for id_, key in zip(ids, new_public_ids(len(ids)), strict=True):
        title, summary, body = _title(id_ - first), _words(12), _words(120)
        body += "".join(f" {word}" for word, each in SOUGHT.items() if id_ % each == 0)
        body += " almanac" * (id_ - first >= OLDEST)
        moment = now - timedelta(seconds=id_ - first)
        usual = ProposalStatus.ELIGIBLE if id_ % 2 else ProposalStatus.CORRECTION
        status = random.choice(STATUSES) if large else usual
        rows.append(
            {
                "id": id_,
                "public_id": key,
                "call_id": call_id,
                "number": id_ - first + 1,
                "lead_id": random.choice(accounts),
                "status": status,
                "title": title,
                "title_key": title_key(title),
                "summary": summary,
                "body": body,
                "cost": random.choice((None, *range(100, 5000, 100))) if large else 1500 * (id_ % 2),
                "in_round": status in {ProposalStatus.ELIGIBLE, ProposalStatus.SHORTLISTED},
                "created_at": moment,
                "edited_at": moment,
                "submitted_at": moment,
                "correction_due": now + timedelta(days=3) if status is ProposalStatus.CORRECTION else None,
                "supports": random.randrange(400),
                **{f"shuffle_{n}": random.getrandbits(62) for n in range(1, 9)},
            }
        )
        document = indexed(title, f"{summary}\n{body}", call_id)
        documents.append(("proposal", id_, document["title"], document["text"]))
    with transaction() as session:
        session.execute(insert(Proposal), rows)
        columns = [SearchDocument.noun, SearchDocument.noun_id, SearchDocument.title, SearchDocument.text]
        insert_many(session, columns, documents)
        _insert_people(session, rows, now, large=large)
        session.execute(
            insert(ProposalTag), [{"proposal_id": id_, "tag": tag} for id_ in ids for tag in _tags(id_, large=large)]
        )


def _insert_people(session: Session, rows: list[dict[str, Any]], now: datetime, *, large: bool) -> None:
    session.execute(
        insert(TeamMember),
        [
            {
                "proposal_id": row["id"],
                "account_id": row["lead_id"],
                "name": "Author",
                "email": f"author{row['id']}@example.org",
                "email_folded": f"author{row['id']}@example.org",
                "share": 10_000,
                "status": MemberStatus.ACCEPTED,
            }
            for row in rows
        ],
    )
    session.execute(
        insert(Attachment),
        [
            {
                "proposal_id": row["id"],
                "filename": "plan.pdf",
                "media_type": "application/pdf",
                "size": 1000,
                "sha256": "0" * 64,
                "storage_key": f"{row['id']:032x}",
                "uploaded_at": now,
            }
            for row in rows
            if row["id"] % (5 if large else 2) == 1
        ],
    )


def _tags(id_: int, *, large: bool) -> Iterator[str]:
    if id_ % 2:
        yield "half"
    yield f"theme-{id_ % 10}"
    if id_ % (5000 if large else 5) == 2:
        yield "rare"


def _title(number: int) -> str:
    return f"{random.choice(WORDS).capitalize()} {random.choice(WORDS)} {random.choice(WORDS)} – Proposal {number}"


def _words(count: int) -> str:
    return " ".join(random.choices(WORDS, k=count)).capitalize() + "."


def _beside(call: Call, manager: Account, organization: Organization, ids: list[int]) -> Filled:
    now = utc_now()
    with transaction() as session:
        half, rare = (
            Label(
                organization_id=organization.id,
                name=f"{name} {len(ids)}",
                name_folded=f"{name} {len(ids)}",
                created_at=now,
            )
            for name in ("half", "rare")
        )
        session.add_all((half, rare))
        jury = session.scalars(
            select(CallRound).where(CallRound.call_id == call.id, CallRound.kind == RoundKind.REVIEW)
        ).one()
        jury.opened_at, jury.candidates_sha256, jury.confirmed_at = now, "0" * 64, now
        session.execute(update(CallRound).where(CallRound.call_id == call.id).values(opened_at=now))
        session.flush()
        labelled = [Labelled.label_id, Labelled.proposal_id, Labelled.at]
        insert_many(session, labelled, [(half.id, id_, now) for id_ in ids if id_ % 2])
        insert_many(session, labelled, [(rare.id, id_, now) for id_ in ids[:: len(ids) // RARE]])
        insert_many(
            session,
            [Colleague.account_id, Colleague.proposal_id, Colleague.at],
            [(manager.id, id_, now) for id_ in ids if id_ % (10 if len(ids) > SMALL else 2) == 1],
        )
        insert_many(
            session,
            [
                Candidate.round_id,
                Candidate.proposal_id,
                Candidate.version_number,
                Candidate.added_at,
                Candidate.reviews_count,
            ],
            [(jury.id, id_, 1, now, id_ % (3 if len(ids) > SMALL else 2)) for id_ in ids],
        )
        session.execute(
            update(Call).where(Call.id == call.id).values(last_number=len(ids), proposals_count=len(ids) * 95 // 100)
        )
    return filled(call)


def filled(call: Call) -> Filled:
    """What is known of a call that `fill` made."""
    labels = {
        row.name: row.public_id
        for row in db.session.scalars(select(Label).where(Label.organization_id == call.organization_id))
    }
    _, manager = _house()
    rows = call.last_number
    half, rare = labels[f"half {rows}"], labels[f"rare {rows}"]
    jury = select(CallRound.id).where(CallRound.call_id == call.id, CallRound.kind == RoundKind.REVIEW)
    filters = {
        "status": "status=eligible",
        "rare status": "status=correction",
        "label on half": f"label={half}",
        "rare label": f"label={rare}",
        "colleague": f"colleague={manager.public_id}",
        "nobody": "colleague=nobody",
        "missing reviews": "lacking=1",
        "files": "files=1",
        "cost range": "cost_from=1000&cost_to=3000",
        "label and status": f"label={half}&status=eligible",
    }
    return Filled(call.public_id, call.id, db.session.scalars(jury).one(), rows, manager.id, filters)


def find_filled() -> list[Filled]:
    """The calls that a database has, the smallest first."""
    db.session.expire_all()
    return [filled(call) for call in db.session.scalars(select(Call).order_by(Call.last_number)) if call.last_number]
