"""What the chair sees: each proposal's numbers, each juror's progress."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crowd.core.rules import Round
from crowd.core.scoring import JuryScore, jury_score
from crowd.core.status import AssignmentStatus, JurorStatus
from crowd.proposals.gates import Stakes, stakes_in
from crowd.proposals.models import Proposal
from crowd.reviews.models import Assignment, Juror
from crowd.reviews.queries.panel import discussions_of
from crowd.reviews.queries.scores import scores_of_round, staked
from crowd.reviews.queries.work import candidates_for

LIVE = (AssignmentStatus.ASSIGNED, AssignmentStatus.SUBMITTED)


@dataclass(frozen=True)
class Load:
    """The live assignments of a round, and the stakes of its jurors in its candidates."""

    jurors: list[Juror]
    candidates: list[Proposal]
    assignments: list[Assignment]
    stakes: Stakes

    def of_juror(self, juror: Juror) -> list[Assignment]:
        return [a for a in self.assignments if a.juror_id == juror.id]

    def of_proposal(self, proposal: Proposal) -> list[Assignment]:
        return [a for a in self.assignments if a.proposal_id == proposal.id]

    def has_stake(self, juror: Juror, proposal: Proposal) -> bool:
        return self.stakes.has(proposal.id, juror.account_id, juror.addresses)


@dataclass(frozen=True)
class ProposalLine:
    """`score` is None where the viewer has a stake: they do not see these numbers, nor `discussed`: the panel was called together."""

    proposal: Proposal
    score: JuryScore | None
    submitted: int
    assigned: int
    discussed: bool = False

    @property
    def incomplete(self) -> bool:
        return self.score is not None and not self.score.complete


@dataclass(frozen=True)
class JurorLine:
    juror: Juror
    done: int
    assigned: int
    recused: int

    @property
    def behind(self) -> bool:
        return self.juror.status in {JurorStatus.INVITED, JurorStatus.ACCEPTED} and self.done < self.assigned


@dataclass(frozen=True)
class Overview:
    proposals: list[ProposalLine]
    jurors: list[JurorLine]

    @property
    def done(self) -> int:
        return sum(line.submitted for line in self.proposals)

    @property
    def assigned(self) -> int:
        return sum(line.assigned for line in self.proposals)

    @property
    def missing(self) -> list[ProposalLine]:
        """Proposals with fewer reviews than the rules ask for."""
        return [line for line in self.proposals if line.incomplete]

    @property
    def discussed(self) -> list[ProposalLine]:
        """Proposals whose reviews lay so far apart that the panel was called together."""
        return [line for line in self.proposals if line.discussed]

    @property
    def behind(self) -> list[JurorLine]:
        return [line for line in self.jurors if line.behind]


def load_of(session: Session, round_id: int, without: Collection[int] = ()) -> Load:
    """`without`: ids of proposals that a conflict keeps from the viewer."""
    jurors = session.scalars(
        select(Juror)
        .where(Juror.round_id == round_id, Juror.status != JurorStatus.REMOVED)
        .order_by(Juror.is_chair.desc(), Juror.name, Juror.id)
        .options(joinedload(Juror.account))
    ).all()
    candidates = candidates_for(session, round_id, without)
    assignments = session.scalars(
        select(Assignment)
        .join(Assignment.juror)
        .where(
            Assignment.round_id == round_id,
            Assignment.status.in_(LIVE),
            Assignment.proposal_id.not_in(without),
            Juror.status.in_([JurorStatus.INVITED, JurorStatus.ACCEPTED]),
        )
        .order_by(Assignment.id)
        .options(joinedload(Assignment.juror).joinedload(Juror.account), joinedload(Assignment.proposal))
    ).all()
    ids = {proposal.id for proposal in candidates} | {assignment.proposal_id for assignment in assignments}
    stakes = stakes_in(session, ids)
    return Load(list(jurors), candidates, [row for row in assignments if not staked(stakes, row)], stakes)


def overview_of(
    session: Session, round_id: int, rules: Round, own_stakes: set[int], without: Collection[int] = ()
) -> Overview:
    """`own_stakes`: proposals whose numbers the viewer may not see. Fewest reviews first."""
    load = load_of(session, round_id, without)
    scores = scores_of_round(session, round_id)
    by_proposal: dict[int, list[Assignment]] = defaultdict(list)
    by_juror: dict[int, list[Assignment]] = defaultdict(list)
    running = {proposal.id for proposal in load.candidates}
    for assignment in load.assignments:
        if assignment.proposal_id in running:
            by_proposal[assignment.proposal_id].append(assignment)
            by_juror[assignment.juror_id].append(assignment)
    recused, discussed = _recused(session, round_id), discussions_of(session, round_id)
    lines = [
        ProposalLine(
            proposal,
            None
            if proposal.id in own_stakes
            else jury_score(rules.criteria, scores.get(proposal.id, []), rules.min_reviews),
            _submitted(by_proposal[proposal.id]),
            len(by_proposal[proposal.id]),
            proposal.id in discussed and proposal.id not in own_stakes,
        )
        for proposal in load.candidates
    ]
    return Overview(
        sorted(lines, key=lambda line: (line.submitted, line.proposal.number or 0)),
        [
            JurorLine(juror, _submitted(by_juror[juror.id]), len(by_juror[juror.id]), recused[juror.id])
            for juror in load.jurors
        ],
    )


def _submitted(assignments: list[Assignment]) -> int:
    return sum(assignment.status is AssignmentStatus.SUBMITTED for assignment in assignments)


def _recused(session: Session, round_id: int) -> Counter[int]:
    rows = session.scalars(
        select(Assignment.juror_id).where(
            Assignment.round_id == round_id, Assignment.status == AssignmentStatus.RECUSED
        )
    )
    return Counter(rows)
