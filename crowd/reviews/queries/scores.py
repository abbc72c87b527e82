"""What the jury said, as far as it counts: handed in, by a juror still on the jury, without a stake in the proposal."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from crowd.core.calibration import Scored, adjusted_scores
from crowd.core.rules import Blindness, Round
from crowd.core.scoring import JuryScore, jury_score, review_mean
from crowd.core.status import AssignmentStatus, JurorStatus
from crowd.proposals.gates import Stakes, stakes_in
from crowd.proposals.models import Proposal
from crowd.reviews.models import Assignment, Juror, Review, ReviewScore
from crowd.rounds.models import CallRound, Candidate


@dataclass(frozen=True)
class CriterionSaid:
    score: int
    comment: str
    to_authors: bool


@dataclass(frozen=True)
class LiveReview:
    """A review that counts."""

    proposal_id: int
    juror_id: int
    juror: str
    submitted_at: datetime | None
    version_seen: int
    said: dict[str, CriterionSaid]
    panel: str
    authors: str
    confidence: int | None = None

    @property
    def scores(self) -> dict[str, int]:
        return {key: said.score for key, said in self.said.items()}

    @property
    def has_comments(self) -> bool:
        return bool(self.panel or self.authors or any(said.comment for said in self.said.values()))


@dataclass(frozen=True)
class AuthorComment:
    """A comment that may be shown to the authors; `criterion` is its key, or None for the review as a whole.

    `by`: who wrote it, only where the rules of the round let authors know.
    """

    criterion: str | None
    text: str
    by: str = ""


@dataclass(frozen=True)
class Recusals:
    """For the sentence "2 of 7 reviewers recused on 3 proposals"."""

    recused: int
    reviewers: int
    proposals: int


def live_reviews(session: Session, round_id: int, proposal_ids: Iterable[int] | None = None) -> list[LiveReview]:
    """Reviews that count, in the order they were assigned. Five queries whatever their number."""
    where = [Assignment.round_id == round_id]
    if proposal_ids is not None:
        where.append(Assignment.proposal_id.in_(list(proposal_ids)))
    return [_live(review) for review in _counting(session, *where)]


def scores_of_round(session: Session, round_id: int) -> dict[int, list[dict[str, int]]]:
    """Proposal id → the scores of each review that counts, ready for `core.scoring.jury_score`."""
    found: dict[int, list[dict[str, int]]] = defaultdict(list)
    for review in live_reviews(session, round_id):
        found[review.proposal_id].append(review.scores)
    return dict(found)


def jury_scores(
    session: Session, round_id: int, rules: Round, proposal_ids: Collection[int], *, adjusted: bool
) -> dict[int, JuryScore]:
    """Proposal id → what its reviews that count say together, for each of these; a proposal nobody reviewed is incomplete.

    `adjusted`: work out the adjusted scores as well, from the reviews of these proposals.
    """
    reviews = [review for review in live_reviews(session, round_id) if review.proposal_id in set(proposal_ids)]
    said: dict[int, list[dict[str, int]]] = defaultdict(list)
    for review in reviews:
        said[review.proposal_id].append(review.scores)
    scores = {id_: jury_score(rules.criteria, said[id_], rules.min_reviews) for id_ in proposal_ids}
    told = adjusted_scores(scored(rules, reviews)) if adjusted else {}
    return {id_: replace(score, adjusted=told.get(str(id_))) for id_, score in scores.items()}


def scored(rules: Round, reviews: Iterable[LiveReview]) -> list[Scored]:
    """Totals of reviews as calibration wants them, by ids as text."""
    return [
        Scored(str(review.proposal_id), str(review.juror_id), float(review_mean(rules.criteria, review.scores)))
        for review in reviews
    ]


def comments_to_authors(session: Session, proposal_ids: Iterable[int]) -> dict[int, list[AuthorComment]]:
    """Proposal id → what reviewers addressed to the authors, over all rounds; with names where the rules of the round say so."""
    found: dict[int, list[AuthorComment]] = defaultdict(list)
    ids = list(proposal_ids)
    theirs = CallRound.id.in_(select(Assignment.round_id).where(Assignment.proposal_id.in_(ids)))
    named = set(session.scalars(select(CallRound.id).where(CallRound.blindness == Blindness.NONE, theirs)))
    for review in _counting(session, Assignment.proposal_id.in_(ids)):
        live = _live(review)
        by = live.juror if review.assignment.round_id in named else ""
        found[live.proposal_id] += [
            AuthorComment(key, said.comment, by) for key, said in live.said.items() if said.to_authors and said.comment
        ]
        if live.authors:
            found[live.proposal_id].append(AuthorComment(None, live.authors, by))
    return dict(found)


def review_counts(session: Session, round_id: int) -> dict[int, tuple[int, int]]:
    """Proposal id → (reviews that count, reviews that count or are still awaited): "3 of 4 reviews in"."""
    rows = session.scalars(
        select(Assignment)
        .join(Assignment.juror)
        .where(
            Assignment.round_id == round_id,
            Assignment.status.in_([AssignmentStatus.ASSIGNED, AssignmentStatus.SUBMITTED]),
            Juror.status.in_([JurorStatus.INVITED, JurorStatus.ACCEPTED]),
        )
        .options(joinedload(Assignment.juror).joinedload(Juror.account))
    ).all()
    stakes = stakes_in(session, {row.proposal_id for row in rows})
    counts: dict[int, tuple[int, int]] = {}
    for row in rows:
        if not staked(stakes, row):
            done, awaited = counts.get(row.proposal_id, (0, 0))
            counts[row.proposal_id] = (done + (row.status is AssignmentStatus.SUBMITTED), awaited + 1)
    return counts


def recusals_of_round(session: Session, round_id: int) -> Recusals:
    """Reviewers who declared a conflict or recused, and on how many candidates; no names."""
    jurors = session.scalars(
        select(Juror)
        .where(Juror.round_id == round_id, Juror.status == JurorStatus.ACCEPTED)
        .options(joinedload(Juror.account))
    ).all()
    candidates = session.scalars(select(Candidate.proposal_id).where(Candidate.round_id == round_id)).all()
    recused = select(Assignment.juror_id, Assignment.proposal_id).where(
        Assignment.round_id == round_id, Assignment.status == AssignmentStatus.RECUSED
    )
    pairs = {(juror_id, proposal_id) for juror_id, proposal_id in session.execute(recused)}
    stakes = stakes_in(session, candidates)
    pairs |= {(j.id, p) for j in jurors for p in candidates if stakes.has(p, j.account_id, j.addresses)}
    known = {juror.id for juror in jurors}
    counted = [(juror_id, proposal_id) for juror_id, proposal_id in pairs if juror_id in known]
    return Recusals(len({j for j, _ in counted}), len(jurors), len({p for _, p in counted}))


def versions_reviewed(session: Session, round_id: int) -> dict[str, dict[int, int]]:
    """For each proposal, how many of the reviews that count were written about each of its versions."""
    rows = session.execute(
        select(Proposal.public_id, Review.version_seen, func.count())
        .join(Assignment, Assignment.proposal_id == Proposal.id)
        .join(Review, Review.assignment_id == Assignment.id)
        .where(Assignment.round_id == round_id, Assignment.status == AssignmentStatus.SUBMITTED)
        .group_by(Proposal.public_id, Review.version_seen)
    )
    found: dict[str, dict[int, int]] = {}
    for key, version, count in rows:
        found.setdefault(key, {})[version] = count
    return found


def jurors_named(session: Session, round_id: int) -> list[Juror]:
    """The jurors who accepted, by name, with their accounts. Show them only where the round's rules say so (`show_jurors`)."""
    return list(
        session.scalars(
            select(Juror)
            .where(Juror.round_id == round_id, Juror.status == JurorStatus.ACCEPTED)
            .order_by(Juror.name, Juror.id)
            .options(joinedload(Juror.account))
        )
    )


def staked(stakes: Stakes, assignment: Assignment) -> bool:
    return stakes.has(assignment.proposal_id, assignment.juror.account_id, assignment.juror.addresses)


def _counting(session: Session, *where: ColumnElement[bool]) -> list[Review]:
    rows = session.scalars(
        select(Review)
        .join(Review.assignment)
        .join(Assignment.juror)
        .where(
            *where,
            Assignment.status == AssignmentStatus.SUBMITTED,
            Review.submitted_at.is_not(None),
            Juror.status == JurorStatus.ACCEPTED,
        )
        .order_by(Assignment.id)
        .options(
            joinedload(Review.assignment).joinedload(Assignment.juror).joinedload(Juror.account),
            selectinload(Review.scores),
        )
    ).all()
    stakes = stakes_in(session, {row.assignment.proposal_id for row in rows})
    return [row for row in rows if not staked(stakes, row.assignment)]


def _live(review: Review) -> LiveReview:
    assignment = review.assignment
    return LiveReview(
        proposal_id=assignment.proposal_id,
        juror_id=assignment.juror_id,
        juror=assignment.juror.name,
        submitted_at=review.submitted_at,
        version_seen=review.version_seen,
        said={row.criterion: _said(row) for row in review.scores if row.score is not None},
        panel=review.comment_panel,
        authors=review.comment_authors,
        confidence=review.confidence,
    )


def _said(row: ReviewScore) -> CriterionSaid:
    return CriterionSaid(row.score or 0, row.comment, row.to_authors)
