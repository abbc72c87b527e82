"""Conflicts of interest on a jury: found by comparing, kept with what a chair made of them, and whom they keep from what."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crowd.core.conflicts import ConflictKind, ConflictSource, ConflictStatus, blocks, found_among
from crowd.core.rules import ConflictPolicy
from crowd.core.status import AssignmentStatus, JurorStatus
from crowd.proposals.gates import Stakes, stakes_in
from crowd.proposals.models import Proposal
from crowd.reviews.models import Assignment, Conflict, Juror
from crowd.reviews.queries.ties import entries_of, reviewers_of
from crowd.reviews.queries.work import candidates_for
from crowd.rounds.models import CallRound

Pair = tuple[int, int]
"""(juror id, proposal id)"""
ON_THE_JURY = (JurorStatus.INVITED, JurorStatus.ACCEPTED)


@dataclass(frozen=True)
class ConflictLine:
    """One conflict as a chair reads it; `row` is None while nobody stored or judged it."""

    juror: Juror
    proposal: Proposal
    kind: ConflictKind
    source: ConflictSource
    status: ConflictStatus
    row: Conflict | None
    blocking: bool

    @property
    def key(self) -> str:
        return f"{self.juror.public_id}-{self.proposal.public_id}-{self.kind}"


def found_ties(
    session: Session, row: CallRound, jurors: Collection[Juror], proposal_ids: Collection[int]
) -> dict[Pair, frozenset[ConflictKind]]:
    """What ties these jurors to these proposals now; `account` of the jurors must be loaded."""
    reviewers = reviewers_of(session, jurors, proposal_ids, row.call_id)
    return found_among(reviewers, entries_of(session, proposal_ids))


def blocked_pairs(session: Session, row: CallRound) -> set[Pair]:
    """Who may not be given what in this round: (juror id, proposal id) for every candidate, whatever the reason.

    A stake (author, team, conflict on record), a recusal, or a tie that the policy of the round lets block and nobody set aside.
    """
    jurors, candidates = jury_with_accounts(session, row.id), candidates_for(session, row.id)
    ids = [proposal.id for proposal in candidates]
    stakes = stakes_in(session, ids)
    pairs = {(j.id, id_) for j in jurors for id_ in ids if stakes.has(id_, j.account_id, j.addresses)}
    return pairs | _recused(session, row.id) | held_pairs(session, row, jurors, ids)


def held_pairs(session: Session, row: CallRound, jurors: Collection[Juror], proposal_ids: Collection[int]) -> set[Pair]:
    """Pairs kept apart by what is confirmed, and where the policy is to block by a tie until a chair looks at it."""
    judged = _statuses(session, row.id)
    confirmed = {(key[0], key[1]) for key, status in judged.items() if status is ConflictStatus.CONFIRMED}
    if row.conflict_policy is not ConflictPolicy.BLOCK:
        return confirmed
    return confirmed | {
        pair
        for pair, kinds in found_ties(session, row, jurors, proposal_ids).items()
        if any(blocks(kind, judged.get((*pair, kind), ConflictStatus.OPEN), row.conflict_policy) for kind in kinds)
    }


def stakes_of_jury(
    session: Session, row: CallRound, jurors: Collection[Juror], proposal_ids: Collection[int]
) -> Stakes:
    """The stakes in these proposals, and with them what `held_pairs` keeps apart: nobody is given either."""
    stakes = stakes_in(session, proposal_ids)
    known = {juror.id: juror for juror in jurors}
    accounts = {id_: set(found) for id_, found in stakes.accounts.items()}
    emails = {id_: set(found) for id_, found in stakes.emails.items()}
    for juror_id, proposal_id in held_pairs(session, row, jurors, proposal_ids):
        if juror_id not in known or proposal_id not in accounts:
            continue
        juror = known[juror_id]
        accounts[proposal_id] |= {juror.account_id} if juror.account_id else set()
        emails[proposal_id].add(juror.email_folded)
    return Stakes(
        {id_: frozenset(found) for id_, found in accounts.items()},
        {id_: frozenset(found) for id_, found in emails.items()},
    )


def conflict_lines(session: Session, row: CallRound, hidden: Collection[int]) -> list[ConflictLine]:
    """Every conflict of the round, those that wait first; `hidden`: proposals that the viewer may not judge."""
    jurors = {juror.id: juror for juror in jury_with_accounts(session, row.id)}
    proposals = {p.id: p for p in candidates_for(session, row.id) if p.id not in hidden}
    ties = found_ties(session, row, list(jurors.values()), list(proposals))
    lines = []
    for kept in _kept(session, row.id):
        if kept.proposal_id in proposals and kept.juror_id in jurors:
            line = _line(row, jurors[kept.juror_id], proposals[kept.proposal_id], kept.kind, kept)
            lines.append(line)
    known = {(line.juror.id, line.proposal.id, line.kind) for line in lines}
    for (juror_id, proposal_id), kinds in ties.items():
        lines += [
            _line(row, jurors[juror_id], proposals[proposal_id], kind, None)
            for kind in kinds
            if kind is not ConflictKind.AUTHORSHIP and (juror_id, proposal_id, kind) not in known
        ]
    order, weight = list(ConflictStatus), list(ConflictKind)
    return sorted(
        lines,
        key=lambda one: (order.index(one.status), one.juror.name, one.proposal.number or 0, weight.index(one.kind)),
    )


def _line(row: CallRound, juror: Juror, proposal: Proposal, kind: ConflictKind, kept: Conflict | None) -> ConflictLine:
    status = kept.status if kept else ConflictStatus.OPEN
    source = kept.source if kept else ConflictSource.DETECTED
    return ConflictLine(juror, proposal, kind, source, status, kept, blocks(kind, status, row.conflict_policy))


def ties_of_pairs(lines: Iterable[ConflictLine]) -> Mapping[Pair, list[ConflictKind]]:
    """Kinds that wait for a chair's look, by pair."""
    found: dict[Pair, list[ConflictKind]] = defaultdict(list)
    for line in lines:
        if line.status is ConflictStatus.OPEN:
            found[line.juror.id, line.proposal.id].append(line.kind)
    return found


def jury_with_accounts(session: Session, round_id: int) -> list[Juror]:
    return list(
        session.scalars(
            select(Juror)
            .where(Juror.round_id == round_id, Juror.status.in_(ON_THE_JURY))
            .order_by(Juror.name, Juror.id)
            .options(joinedload(Juror.account))
        )
    )


def _kept(session: Session, round_id: int) -> list[Conflict]:
    return list(session.scalars(select(Conflict).where(Conflict.round_id == round_id).order_by(Conflict.id)))


def _statuses(session: Session, round_id: int) -> dict[tuple[int, int, ConflictKind], ConflictStatus]:
    columns = (Conflict.juror_id, Conflict.proposal_id, Conflict.kind, Conflict.status)
    rows = session.execute(select(*columns).where(Conflict.round_id == round_id))
    return {(juror_id, proposal_id, kind): status for juror_id, proposal_id, kind, status in rows}


def _recused(session: Session, round_id: int) -> set[Pair]:
    rows = session.execute(
        select(Assignment.juror_id, Assignment.proposal_id).where(
            Assignment.round_id == round_id, Assignment.status == AssignmentStatus.RECUSED
        )
    )
    return {(juror_id, proposal_id) for juror_id, proposal_id in rows}
