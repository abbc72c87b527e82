"""What the rounds say of a call's proposals: counts, jury scores, ranking and line. One query per round, however many rows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.receipt import tally_of
from crowd.core.rules import CallRules, Component, Round, RoundKind, SelectionRules
from crowd.core.scoring import JuryScore
from crowd.core.selection import Cut, Ranking, RoundResult, draw_line, from_jury, from_tally, rank_candidates
from crowd.core.status import DECIDED, IN_THE_RUNNING, LEFT, ProposalStatus
from crowd.core.subjects import CallFacts
from crowd.core.tally.result import Tally
from crowd.proposals.models import Proposal, ProposalTag
from crowd.reviews.queries import jury_scores
from crowd.rounds.gates import rounds_of
from crowd.rounds.models import CallRound, Candidate
from crowd.store.db import in_chunks
from crowd.voting.models import Tally as TallyRow

RANKED = IN_THE_RUNNING | DECIDED | {ProposalStatus.NOT_ADVANCED, ProposalStatus.DECLINED}
"""Statuses that stand in the ranking. Whoever was left out on the way stays in what the crowd was asked, without a rank."""


@dataclass(frozen=True)
class RoundNumbers:
    """One round with what came of it: a count, or a jury's scores, by public id of the proposal.

    `adjusted`: the rules compare it by adjusted scores, if there is enough to adjust.
    """

    row: CallRound
    round: Round
    candidates: frozenset[str] = frozenset()
    struck: frozenset[str] = frozenset()
    tally: Tally | None = None
    tally_sha256: str | None = None
    jury: Mapping[str, JuryScore] | None = None
    adjusted: bool = False

    @property
    def scores(self) -> str | None:
        """Of a review, for its readers: `raw`, `adjusted`, or `not_enough` to adjust, so that raw means decide."""
        if self.jury is None or not self.adjusted:
            return None if self.jury is None else "raw"
        return "adjusted" if any(score.adjusted for score in self.jury.values()) else "not_enough"

    @property
    def result(self) -> RoundResult:
        if self.tally is not None:
            return from_tally(self.tally)
        return from_jury(self.jury) if self.jury is not None else {}

    @property
    def stale(self) -> bool:
        """The newest count ran with a candidate that was struck meanwhile."""
        return self.tally is not None and set(self.tally.without) != self.struck


@dataclass(frozen=True)
class Numbers:
    """Everything known by number before people decide. Candidates are public ids."""

    call: CallFacts
    rules: SelectionRules
    proposals: Mapping[str, Proposal]
    rounds: tuple[RoundNumbers, ...]
    ranking: Ranking
    cut: Cut
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # where the rules have quotas

    @property
    def ranked(self) -> int:
        return sum(placement.rank is not None for placement in self.ranking.placements)

    @property
    def costs(self) -> dict[str, int | None]:
        return costs_of(self.proposals)

    def round(self, key: str) -> RoundNumbers:
        return next(numbers for numbers in self.rounds if numbers.round.key == key)

    def votes(self) -> RoundNumbers | None:
        """The vote that is told in results: the last one that weighs, else the last one."""
        weighing = {component.round for component in self.rules.components}
        votes = [numbers for numbers in self.rounds if numbers.round.kind is RoundKind.VOTE]
        return next((v for v in reversed(votes) if v.round.key in weighing), votes[-1] if votes else None)


def costs_of(proposals: Mapping[str, Proposal]) -> dict[str, int | None]:
    return {key: proposal.cost for key, proposal in proposals.items()}


def ranking_of(session: Session, call: CallFacts) -> Numbers:
    """The ranking and the line of a call's proposals in the running, from the newest counts and the reviews handed in."""
    rows = session.scalars(
        select(Proposal).where(Proposal.call_id == call.id, Proposal.status.in_(RANKED)).order_by(Proposal.number)
    )
    proposals = {row.public_id: row for row in rows}
    rounds = round_numbers(session, call)
    rules = weighing(call.rules)
    results = {numbers.round.key: numbers.result for numbers in rounds}
    ranking = rank_candidates(list(proposals), results, rules)
    submitted: dict[str, datetime] = {key: row.submitted_at for key, row in proposals.items() if row.submitted_at}
    tags = _tags(session, rows_of=proposals) if rules.quotas else {}
    line = draw_line(ranking, rules, costs_of(proposals), submitted, elected_by(rules, rounds), tags)
    return Numbers(call, rules, proposals, rounds, ranking, line, tags)


def _tags(session: Session, *, rows_of: Mapping[str, Proposal]) -> dict[str, tuple[str, ...]]:
    keys = {row.id: key for key, row in rows_of.items()}
    found: dict[str, tuple[str, ...]] = {}
    for ids in in_chunks(sorted(keys)):
        own = select(ProposalTag.proposal_id, ProposalTag.tag).where(ProposalTag.proposal_id.in_(ids))
        for id_, tag in session.execute(own.order_by(ProposalTag.tag)):
            found[keys[id_]] = (*found.get(keys[id_], ()), tag)
    return found


def elected_by(rules: SelectionRules, rounds: Sequence[RoundNumbers]) -> tuple[str, ...] | None:
    """Whom the vote that weighs alone elects; None before its count."""
    weighing_rounds = {component.round for component in rules.components}
    tallies = [numbers.tally for numbers in rounds if numbers.round.key in weighing_rounds]
    return tallies[0].elected if len(tallies) == 1 and tallies[0] is not None else None


def weighing(rules: CallRules) -> SelectionRules:
    """The rules of selection; where they name no component (an imported election), the last round weighs alone."""
    if rules.selection.components or not rules.rounds:
        return rules.selection
    return replace(rules.selection, components=(Component(rules.rounds[-1].key, 100),))


def round_numbers(session: Session, call: CallFacts) -> tuple[RoundNumbers, ...]:
    """All rounds of the call with their newest count or their scores."""
    rows = rounds_of(session, call.id)
    stood = _candidates(session, [row.id for row in rows])
    tallies = _tallies(session, [row.id for row in rows if row.kind is RoundKind.VOTE])
    adjusted = {component.round for component in call.rules.selection.components if component.adjusted}
    return tuple(
        _numbers(session, row, call.rules.round(row.key), stood.get(row.id, []), tallies, adjusted=row.key in adjusted)
        for row in rows
    )


@dataclass(frozen=True)
class _Stood:
    """A candidate of a round: its proposal, and did it leave (withdrawn, disqualified)."""

    key: str
    proposal_id: int
    struck: bool


def _numbers(
    session: Session,
    row: CallRound,
    round_: Round,
    stood: Sequence[_Stood],
    tallies: Mapping[int, TallyRow],
    *,
    adjusted: bool,
) -> RoundNumbers:
    struck = frozenset(one.key for one in stood if one.struck)
    numbers = RoundNumbers(row, round_, frozenset(one.key for one in stood), struck)
    if round_.kind is RoundKind.REVIEW:
        standing = {one.proposal_id: one.key for one in stood if not one.struck}
        scores = jury_scores(session, row.id, round_, standing.keys(), adjusted=adjusted)
        return replace(numbers, jury={standing[id_]: score for id_, score in scores.items()}, adjusted=adjusted)
    counted = tallies.get(row.id)
    if counted is None:
        return numbers
    return replace(numbers, tally=tally_of(json.loads(counted.result)), tally_sha256=counted.sha256)


def _candidates(session: Session, round_ids: Sequence[int]) -> dict[int, list[_Stood]]:
    rows = session.execute(
        select(Candidate.round_id, Proposal.public_id, Proposal.id, Proposal.status)
        .join(Proposal, Proposal.id == Candidate.proposal_id)
        .where(Candidate.round_id.in_(round_ids))
        .order_by(Candidate.id)
    )
    found: dict[int, list[_Stood]] = {}
    for round_id, public_id, proposal_id, status in rows:
        found.setdefault(round_id, []).append(_Stood(public_id, proposal_id, status in LEFT))
    return found


def _tallies(session: Session, round_ids: Sequence[int]) -> dict[int, TallyRow]:
    """The newest count of each round: later rows overwrite earlier ones."""
    rows = session.scalars(select(TallyRow).where(TallyRow.round_id.in_(round_ids)).order_by(TallyRow.id))
    return {row.round_id: row for row in rows}
