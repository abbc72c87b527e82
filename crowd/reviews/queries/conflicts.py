"""Conflicts of interest on a jury: found by comparing, kept with what a chair made of them, and whom they keep from what."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Integer, Select, and_, case, select, type_coerce
from sqlalchemy.orm import Session, contains_eager, joinedload

from crowd.core.conflicts import ConflictKind, ConflictStatus, blocks, found_among
from crowd.core.rules import ConflictPolicy
from crowd.core.status import LEFT, AssignmentStatus, JurorStatus
from crowd.proposals.gates import Stakes, stakes_in
from crowd.proposals.models import Proposal
from crowd.reviews.models import Assignment, Conflict, Juror
from crowd.reviews.queries.ties import entries_of, reviewers_of
from crowd.reviews.queries.work import candidates_for
from crowd.rounds.models import CallRound, Candidate
from crowd.store.paging import Key, Page, page_of

Pair = tuple[int, int]
"""(juror id, proposal id)"""
ON_THE_JURY = (JurorStatus.INVITED, JurorStatus.ACCEPTED)


@dataclass(frozen=True)
class ConflictLine:
    """One stored conflict as a chair reads it, with its juror and proposal."""

    row: Conflict
    blocking: bool

    @property
    def juror(self) -> Juror:
        return self.row.juror

    @property
    def proposal(self) -> Proposal:
        return self.row.proposal

    @property
    def key(self) -> str:
        return f"{self.juror.public_id}-{self.proposal.public_id}-{self.row.kind}"


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


def new_ties(
    session: Session, row: CallRound, jurors: Collection[Juror], proposal_ids: Collection[int]
) -> list[tuple[int, int, ConflictKind]]:
    """What ties these jurors to these proposals and is not stored yet: (juror id, proposal id, kind).

    Authorship is never stored: it is a stake by itself, as long as it lasts. `account` of the jurors must be loaded.
    """
    found = found_ties(session, row, jurors, proposal_ids)
    known = _statuses(session, row.id) if found else {}
    return [
        (juror_id, proposal_id, kind)
        for (juror_id, proposal_id), kinds in sorted(found.items())
        for kind in sorted(kinds)
        if kind is not ConflictKind.AUTHORSHIP and (juror_id, proposal_id, kind) not in known
    ]


def conflict_page(
    session: Session, row: CallRound, hidden: Collection[int], cursor: str | None, size: int
) -> Page[ConflictLine]:
    """The stored conflicts of the round, those that wait first; `hidden`: proposals that the viewer may not judge."""
    waiting = case({status.value: place for place, status in enumerate(ConflictStatus)}, value=Conflict.status)
    keys = (Key(type_coerce(waiting, Integer)), Key(Conflict.id.expression))
    page = page_of(session, _shown(row).where(Conflict.proposal_id.not_in(hidden)), keys, cursor, size)
    return Page([_line(row, kept) for kept in page.items], page.next)


def conflict_line(
    session: Session, row: CallRound, hidden: Collection[int], juror_id: int, proposal_id: int, kind: str
) -> ConflictLine | None:
    """One of them."""
    same = (Conflict.juror_id == juror_id, Conflict.proposal_id == proposal_id, Conflict.kind == kind)
    kept = session.scalar(_shown(row).where(*same, Conflict.proposal_id.not_in(hidden)))
    return _line(row, kept) if kept else None


def _shown(row: CallRound) -> Select[Conflict]:
    """Between those who are on the jury and what is still in the running."""
    return (
        select(Conflict)
        .join(Conflict.juror)
        .join(Conflict.proposal)
        .join(Candidate, and_(Candidate.proposal_id == Conflict.proposal_id, Candidate.round_id == row.id))
        .where(
            Conflict.round_id == row.id,
            Juror.status.in_(ON_THE_JURY),
            Candidate.struck_at.is_(None),
            Proposal.status.not_in(LEFT),
        )
        .options(contains_eager(Conflict.juror).joinedload(Juror.account), contains_eager(Conflict.proposal))
    )


def _line(row: CallRound, kept: Conflict) -> ConflictLine:
    return ConflictLine(kept, blocks(kept.kind, kept.status, row.conflict_policy))


def jury_with_accounts(session: Session, round_id: int) -> list[Juror]:
    return list(
        session.scalars(
            select(Juror)
            .where(Juror.round_id == round_id, Juror.status.in_(ON_THE_JURY))
            .order_by(Juror.name, Juror.id)
            .options(joinedload(Juror.account))
        )
    )


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
