"""Raw and adjusted scores side by side, criteria, reviewers. For the chair's eyes: nothing here decides."""

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from sqlalchemy.orm import Session

from crowd.core.calibration import SURE, Calibrated, Calibration, Reviewer, calibrate
from crowd.core.rules import Criterion, Round
from crowd.core.scoring import JuryScore, is_wide, jury_score
from crowd.proposals.models import Proposal
from crowd.reviews.queries.scores import LiveReview, live_reviews, scored
from crowd.reviews.queries.work import candidates_for

STEPS = 5


class Verdict(StrEnum):
    """What the numbers say of a cut; people decide."""

    IN = "in"
    OUT = "out"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Cell:
    """Mean of one criterion; `step` from 0 to 4 is its fifth of the scale."""

    mean: Fraction
    step: int


@dataclass(frozen=True)
class NumberLine:
    """`first` and `last`: the places among which it cannot be told apart; None without a review or where nothing is adjusted."""

    proposal: Proposal
    score: JuryScore
    calibrated: Calibrated | None
    first: int | None
    last: int | None
    chance: float | None
    verdict: Verdict
    wide: bool
    cells: list[Cell | None]


@dataclass(frozen=True)
class ReviewerLine:
    name: str
    reviewer: Reviewer


@dataclass(frozen=True)
class Numbers:
    """`lines`: the best first, by adjusted score where there is one. `hidden`: proposals the viewer has a stake in."""

    criteria: tuple[Criterion, ...]
    lines: list[NumberLine]
    reviewers: list[ReviewerLine]
    places: int
    adjusted: bool
    hidden: int

    def count(self, verdict: str) -> int:
        """Of the proposals that have a review."""
        return sum(line.verdict == verdict for line in self.lines if line.chance is not None)

    @property
    def tied(self) -> list[tuple[int, int]]:
        """Runs of places that cannot be told apart."""
        runs = {(line.first, line.last) for line in self.lines if line.first is not None and line.last is not None}
        return sorted((first, last) for first, last in runs if last > first)


def numbers_of(session: Session, round_id: int, rules: Round, own_stakes: set[int], places: int) -> Numbers:
    """`places`: how many stand above the cut. Reviews of `own_stakes` are left out altogether, also from the reviewers' figures."""
    everybody = candidates_for(session, round_id)
    candidates = [proposal for proposal in everybody if proposal.id not in own_stakes]
    wanted = {proposal.id for proposal in candidates}
    reviews = [review for review in live_reviews(session, round_id) if review.proposal_id in wanted]
    by_proposal: dict[int, list[LiveReview]] = defaultdict(list)
    for review in reviews:
        by_proposal[review.proposal_id].append(review)
    found = calibrate(scored(rules, reviews), places)
    ranges = _ranges(found)
    lines = [_line(proposal, rules, by_proposal[proposal.id], found, ranges) for proposal in candidates]
    names = {str(review.juror_id): review.juror for review in reviews}
    return Numbers(
        criteria=rules.criteria,
        lines=_in_order(lines, adjusted=bool(found.chances)),
        reviewers=sorted(
            (ReviewerLine(names[key], reviewer) for key, reviewer in found.reviewers.items()),
            key=lambda line: (-(line.reviewer.leniency or 0), line.name),
        ),
        places=places,
        adjusted=bool(found.chances),
        hidden=len(everybody) - len(candidates),
    )


def _ranges(found: Calibration) -> dict[str, tuple[int, int]]:
    ranges, place = {}, 1
    for group in found.groups if found.chances else ():
        for key in group:
            ranges[key] = (place, place + len(group) - 1)
        place += len(group)
    return ranges


def _line(
    proposal: Proposal,
    rules: Round,
    reviews: list[LiveReview],
    found: Calibration,
    ranges: dict[str, tuple[int, int]],
) -> NumberLine:
    score = jury_score(rules.criteria, [review.scores for review in reviews], rules.min_reviews)
    means = dict(score.criteria)
    first, last = ranges.get(str(proposal.id), (None, None))
    chance = found.chances.get(str(proposal.id))
    return NumberLine(
        proposal=proposal,
        score=score,
        calibrated=found.proposals.get(str(proposal.id)),
        first=first,
        last=last,
        chance=chance,
        verdict=_verdict(chance),
        wide=is_wide(rules.criteria, score),
        cells=[_cell(criterion, means.get(criterion.key)) for criterion in rules.criteria],
    )


def _verdict(chance: float | None) -> Verdict:
    if chance is None or 1 - SURE < chance < SURE:
        return Verdict.UNDECIDED
    return Verdict.IN if chance >= SURE else Verdict.OUT


def _cell(criterion: Criterion, mean: Fraction | None) -> Cell | None:
    if mean is None:
        return None
    highest = max(1, len(criterion.levels) - 1)
    return Cell(mean, min(STEPS - 1, int(mean / highest * STEPS)))


def _in_order(lines: list[NumberLine], *, adjusted: bool) -> list[NumberLine]:
    """In order: by adjusted score, or by the raw mean where nothing could be adjusted; without a review last."""

    def order(line: NumberLine) -> tuple[float, int]:
        value = line.calibrated.adjusted if adjusted and line.calibrated else None
        raw = float(line.score.mean) if line.score.mean is not None else float("-inf")
        return -(raw if value is None else value), line.proposal.number or 0

    return sorted(lines, key=order)
