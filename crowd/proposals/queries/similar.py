"""Proposals of a call like a text. Found among all of them, then asked of `visible_to`: what may not be seen is never counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, load_only

from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.similar import Match, gist, nearest, shared_words
from crowd.core.status import JoinStatus, ProposalStatus
from crowd.meaning.encoder import Encoder
from crowd.organizations.models import Organization
from crowd.proposals.models import Difference, JoinRequest, Proposal, ProposalVector
from crowd.proposals.queries.blind import cover, redactions_of
from crowd.proposals.queries.vectors import vectors_of
from crowd.proposals.queries.visible import visible_to
from crowd.store.db import in_chunks
from crowd.store.search import resembling

MOST = 5
FIRST = 60
"""Looked at in one query; more only where so many of the closest may not be seen."""
BY_WORDS = 20
RUNNING = (
    ProposalStatus.SUBMITTED,
    ProposalStatus.CORRECTION,
    ProposalStatus.ELIGIBLE,
    ProposalStatus.SHORTLISTED,
    ProposalStatus.NOT_ADVANCED,
    ProposalStatus.SELECTED,
    ProposalStatus.RESERVE,
    ProposalStatus.NOT_SELECTED,
    ProposalStatus.DECLINED,
)


@dataclass(frozen=True)
class Similar:
    proposal: Proposal
    match: Match


def similar_to_text(
    session: Session,
    call_id: int,
    text: str,
    *,
    actor: Actor,
    now: datetime,
    model: Encoder | None,
    without: int | None = None,
) -> list[Similar]:
    """The proposals of a call that this text resembles, as far as the actor may see them, the closest first.

    `text`: a `gist`; `without`: the proposal it belongs to. Those not yet understood are found by their words.
    """
    if not text.strip():
        return []
    matches = [*(_by_meaning(session, call_id, text, model) if model else [])]
    known = {match.id for match in matches}
    by_words = _by_words(session, call_id, text, model)
    matches += [match for match in by_words if match.id not in known]
    shown = sorted((match for match in matches if match.shown), key=lambda match: -match.score)
    return _seen(session, shown, actor, now, without)


def _by_meaning(session: Session, call_id: int, text: str, model: Encoder) -> list[Match]:
    stored = vectors_of(session, call_id, model.name)
    if not stored.ids:
        return []
    return nearest(model.encode([text])[0], stored, len(stored.ids) if len(stored.ids) < FIRST else 20 * FIRST)


def _by_words(session: Session, call_id: int, text: str, model: Encoder | None) -> list[Match]:
    """Candidates by full text that have no vector (yet)."""
    within = select(Proposal.id).where(Proposal.call_id == call_id, Proposal.status.in_(RUNNING))
    if model is not None:
        understood = select(ProposalVector.proposal_id).where(
            ProposalVector.call_id == call_id, ProposalVector.model == model.name
        )
        within = within.where(Proposal.id.not_in(understood))
    ids = resembling(session, "proposal", text, within, BY_WORDS)
    rows = session.execute(
        select(Proposal.id, Proposal.title, Proposal.summary, Proposal.body).where(Proposal.id.in_(ids))
    )
    return shared_words(text, [(str(row.id), gist(row.title, row.summary, row.body)) for row in rows], BY_WORDS)


def _seen(
    session: Session, matches: Sequence[Match], actor: Actor, now: datetime, without: int | None
) -> list[Similar]:
    """The first few that this actor may see."""
    found: list[Similar] = []
    for some in in_chunks([match for match in matches if match.id != str(without)], FIRST):
        rows = {str(row.id): row for row in _visible(session, [int(match.id) for match in some], actor, now)}
        found += [Similar(rows[match.id], match) for match in some if match.id in rows]
        if len(found) >= MOST:
            break
    return found[:MOST]


def _visible(session: Session, ids: Sequence[int], actor: Actor, now: datetime) -> Iterator[Proposal]:
    """As this actor may see them; a text without names stands in where they may not know the authors."""
    rows = list(_rows(session, ids, actor, now))
    covered = (
        redactions_of(session, [row.id for row in rows if row.call_id in actor.blind_in]) if actor.blind_in else {}
    )
    for row in rows:
        if row.id in covered:
            cover(row, covered[row.id])
        yield row


def _rows(session: Session, ids: Sequence[int], actor: Actor, now: datetime) -> Iterator[Proposal]:
    columns = (
        Proposal.public_id,
        Proposal.call_id,
        Proposal.number,
        Proposal.title,
        Proposal.summary,
        Proposal.status,
        Proposal.lead_id,
    )
    return iter(
        session.scalars(
            select(Proposal)
            .join(Call, Call.id == Proposal.call_id)
            .join(Organization, Organization.id == Call.organization_id)
            .where(Proposal.id.in_(ids), Proposal.status.in_(RUNNING), visible_to(actor, now))
            .options(load_only(*columns, Proposal.in_round))
        )
    )


def differences_of(
    session: Session, proposal_id: int, actor: Actor, now: datetime
) -> list[tuple[Difference, Proposal | None]]:
    """How a proposal says it differs from others; one that this actor may not see is not named."""
    query = select(Difference).where(Difference.proposal_id == proposal_id).order_by(Difference.id)
    said = session.scalars(query).all()
    others = {row.id: row for row in _visible(session, [row.other_id for row in said], actor, now)} if said else {}
    return [(row, others.get(row.other_id)) for row in said]


def join_requests_of(session: Session, proposal_id: int) -> list[JoinRequest]:
    """Those who asked to join and wait for an answer, in their order, with their accounts."""
    waiting = select(JoinRequest).where(
        JoinRequest.proposal_id == proposal_id, JoinRequest.status == JoinStatus.PENDING
    )
    return list(session.scalars(waiting.options(joinedload(JoinRequest.account)).order_by(JoinRequest.id)))


def asked_by(session: Session, account_id: int | None, proposal_ids: Sequence[int]) -> dict[int, JoinStatus]:
    """What became of a person's own requests to these teams."""
    rows = session.execute(
        select(JoinRequest.proposal_id, JoinRequest.status).where(
            JoinRequest.account_id == account_id, JoinRequest.proposal_id.in_(proposal_ids)
        )
    )
    return dict(rows.all())
