"""Who might review what: the assignment proposed to the chair, with its figures. Reads only; applying it is another act."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.assignment import Outcome, Problem
from crowd.core.assignment import assign as solve
from crowd.core.similar import gist, shared_words
from crowd.core.status import JurorStatus
from crowd.meaning.encoder import Encoder
from crowd.proposals.models import Proposal, ProposalTag
from crowd.proposals.queries.vectors import vectors_of
from crowd.reviews.models import Assignment, Juror
from crowd.reviews.queries.conflicts import blocked_pairs
from crowd.reviews.queries.experience import Experience, experience_of
from crowd.reviews.queries.overview import LIVE, Load, load_of
from crowd.rounds.models import CallRound

Floats = npt.NDArray[np.float64]
Model: TypeAlias = Callable[[], Encoder | None]
"""Asked only if a juror has written something: loading it takes a second."""
ON_THE_JURY = (JurorStatus.INVITED, JurorStatus.ACCEPTED)
MET = 0.5
"""What a tag counts that a juror met in reviews for the organization but does not claim to know."""
SLACK = 2
"""Reviews above the even share that anybody may get before shares are left uneven."""


class Lack(StrEnum):
    """Why places stay empty."""

    BARRED = "barred"  # too few jurors without a stake, a recusal or work taken back
    LOADS = "loads"  # those who could have no room left


@dataclass(frozen=True)
class Given:
    """One new place. `match`: from 0 to 1."""

    juror: Juror
    match: float


@dataclass(frozen=True)
class PlanLine:
    """`served`: the sum of matches with all its reviewers, also those there before."""

    proposal: Proposal
    there: int
    given: list[Given]
    served: float
    missing: int
    lack: Lack | None


@dataclass(frozen=True)
class JurorLoad:
    """`limit`: the most this juror takes, None for no limit of their own."""

    juror: Juror
    there: int
    given: int
    limit: int | None


@dataclass(frozen=True)
class Plan:
    """`left_out`: candidates in which the viewer has a stake. `lines`: those with something to fill, the worst served first."""

    each: int
    lines: list[PlanLine]
    loads: list[JurorLoad]
    worst: float
    mean: float
    optimal: bool
    left_out: int
    complete: int

    @property
    def pairs(self) -> list[tuple[Juror, Proposal]]:
        return [(given.juror, line.proposal) for line in self.lines for given in line.given]

    @property
    def unfilled(self) -> list[PlanLine]:
        return [line for line in self.lines if line.missing]

    @property
    def missing(self) -> int:
        return sum(line.missing for line in self.lines)

    @property
    def fingerprint(self) -> str:
        """Of who gets what: what is applied is what was shown."""
        text = "\n".join(sorted(f"{juror.public_id} {proposal.public_id}" for juror, proposal in self.pairs))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class _Table:
    """`barred`, `live`, `match`: proposals × jurors, in the order of `proposals` and `jurors`."""

    proposals: list[Proposal]
    jurors: list[Juror]
    barred: npt.NDArray[np.bool_]
    live: npt.NDArray[np.bool_]
    match: Floats


def plan_of(session: Session, row: CallRound, each: int, own_stakes: set[int], model: Model) -> Plan:
    """Fill every candidate up to `each` reviewers. What is assigned stays and counts; what was taken back or recused stays away."""
    load = load_of(session, row.id)
    table = _table(session, row, load, own_stakes, model)
    there = table.live.sum(axis=1)
    used = np.array([len(load.of_juror(juror)) for juror in table.jurors], dtype=np.int64)
    short = np.flatnonzero(there < each)
    base = (table.match * table.live).sum(axis=1)
    wanted = np.asarray(each - there[short], dtype=np.int64)
    free = ~(table.barred | table.live)[short]
    outcome = _even(Problem(table.match[short], free, used * 0, wanted, base[short]), table.jurors, used)
    lines = []
    for place, index in enumerate(short.tolist()):
        given = [
            Given(table.jurors[who], float(table.match[index, who])) for who in np.flatnonzero(outcome.chosen[place])
        ]
        missing = int(outcome.missing[place])
        lack = (Lack.BARRED if free[place].sum() < wanted[place] else Lack.LOADS) if missing else None
        lines.append(
            PlanLine(table.proposals[index], int(there[index]), given, float(outcome.sums[place]), missing, lack)
        )
    new = outcome.chosen.sum(axis=0).tolist()
    return Plan(
        each=each,
        lines=sorted(lines, key=lambda line: (line.served, line.proposal.number or 0)),
        loads=[JurorLoad(juror, int(used[who]), new[who], juror.load_limit) for who, juror in enumerate(table.jurors)],
        worst=outcome.worst,
        mean=float(outcome.sums.mean()) if lines else 0.0,
        optimal=outcome.optimal,
        left_out=len(load.candidates) - len(table.proposals),
        complete=len(table.proposals) - len(lines),
    )


def _even(problem: Problem, jurors: list[Juror], used: npt.NDArray[np.int64]) -> Outcome:
    """With loads as even as the limits allow; more than a little above the even share only where places would stay empty else."""
    limits = np.array([10**6 if juror.load_limit is None else juror.load_limit for juror in jurors], dtype=np.int64)

    def within(level: int) -> Outcome:
        room = np.maximum(np.minimum(limits, level) - used, 0)
        return solve(Problem(problem.affinity, problem.allowed, room, problem.wanted, problem.base))

    places = int(problem.wanted.sum())
    level = _level(limits, used, places)
    tries = [within(level)]
    for more in (level + SLACK, 10**6):
        if tries[-1].missing.any():
            tries.append(within(more))
    return min(tries, key=lambda outcome: int(outcome.missing.sum()))


def _level(limits: npt.NDArray[np.int64], used: npt.NDArray[np.int64], places: int) -> int:
    """The lowest load of all at which there is room for `places` more."""
    low, high = 0, int(used.max(initial=0)) + places
    while low < high:
        level = (low + high) // 2
        if np.maximum(np.minimum(limits, level) - used, 0).sum() >= places:
            high = level
        else:
            low = level + 1
    return low


def _table(session: Session, row: CallRound, load: Load, own_stakes: set[int], model: Model) -> _Table:
    proposals = [proposal for proposal in load.candidates if proposal.id not in own_stakes]
    jurors = [juror for juror in load.jurors if juror.status in ON_THE_JURY]
    line = {proposal.id: place for place, proposal in enumerate(proposals)}
    column = {juror.id: place for place, juror in enumerate(jurors)}
    shape = (len(proposals), len(jurors))
    barred, live = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    known = session.execute(
        select(Assignment.juror_id, Assignment.proposal_id, Assignment.status).where(Assignment.round_id == row.id)
    )
    for juror_id, proposal_id, status in known:
        if juror_id in column and proposal_id in line:
            mark = live if status in LIVE else barred
            mark[line[proposal_id], column[juror_id]] = True
    for juror_id, proposal_id in blocked_pairs(session, row):
        if juror_id in column and proposal_id in line:
            barred[line[proposal_id], column[juror_id]] = True
    return _Table(proposals, jurors, barred, live & ~barred, _matches(session, row, proposals, jurors, model))


def _matches(session: Session, row: CallRound, proposals: list[Proposal], jurors: list[Juror], model: Model) -> Floats:
    """Half shared tags, half how alike the juror's words and the proposal's are; each from 0 to 1.

    A tag that the juror does not claim but met in a review elsewhere (`experience`) counts `MET`; the tags of a proposal they have reviewed
    in an earlier round count whole.
    """
    tags, before = _tags(session, proposals), experience_of(session, row, jurors)
    lines: dict[str, list[int]] = defaultdict(list)
    for line, proposal in enumerate(proposals):
        for tag in tags.get(proposal.id, ()):
            lines[tag].append(line)
    each = np.array([1 / max(1, len(tags.get(proposal.id, ()))) / 2 for proposal in proposals])
    match = np.zeros((len(proposals), len(jurors)))
    for column, juror in enumerate(jurors):
        skills, known = set(juror.skills), before.get(juror.id, Experience())
        for tag in (skills | known.tags) & lines.keys():
            match[lines[tag], column] += each[lines[tag]] * (1 if tag in skills else MET)
        seen = [line for line, proposal in enumerate(proposals) if proposal.id in known.proposals]
        match[seen, column] = 0.5
        words = ". ".join(filter(None, [juror.expertise, ", ".join(juror.skills)]))
        if words:
            match[:, column] += _alike(session, row, proposals, words, model()) / 2
    return np.asarray(np.round(match, 4))


def _tags(session: Session, proposals: Iterable[Proposal]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    ids = [proposal.id for proposal in proposals]
    for tag in session.scalars(select(ProposalTag).where(ProposalTag.proposal_id.in_(ids))):
        found.setdefault(tag.proposal_id, set()).add(tag.tag.casefold())
    return found


def _alike(session: Session, row: CallRound, proposals: list[Proposal], words: str, model: Encoder | None) -> Floats:
    """By meaning where the proposal has been understood, else by shared words."""
    place = {str(proposal.id): line for line, proposal in enumerate(proposals)}
    alike = np.zeros(len(proposals))
    known: set[object] = set()
    if model is not None:
        stored = vectors_of(session, row.call_id, model.name)
        known = set(stored.ids)
        if known:
            vectors = stored.vectors.astype(np.float32)
            lengths = np.linalg.norm(vectors, axis=1)
            cosines = vectors @ model.encode([words])[0] / np.where(lengths == 0, 1, lengths)
            for id_, cosine in zip(stored.ids, cosines.tolist(), strict=True):
                if str(id_) in place:
                    alike[place[str(id_)]] = min(max(cosine, 0.0), 1.0)
    rest = [(str(p.id), gist(p.title, p.summary, p.body)) for p in proposals if p.id not in known]
    for match in shared_words(words, rest, len(rest)) if rest else ():
        alike[place[match.id]] = match.score
    return alike
