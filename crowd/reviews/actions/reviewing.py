"""A juror at work: save, hand in, skip, recuse."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from crowd.core.actor import Actor
from crowd.core.errors import DomainError, InvalidInput, StaleVersion
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.rules import Round
from crowd.core.scoring import review_faults
from crowd.core.status import LEFT, AssignmentStatus
from crowd.core.subjects import AssignmentFacts
from crowd.proposals.models import Proposal
from crowd.proposals.queries import last_version_number, version_read
from crowd.reviews.actions.answers import give_up
from crowd.reviews.actions.discussing import open_discussion
from crowd.reviews.actions.readers import note
from crowd.reviews.actions.ties import keep_ties
from crowd.reviews.commands import CriterionAnswer, WriteReview
from crowd.reviews.gates import facts_of_assignment
from crowd.reviews.models import Assignment, Review, ReviewScore, ScoreChange
from crowd.rounds.models import CallRound
from crowd.web.access import require


def save_review(
    session: Session, assignment: Assignment, command: WriteReview, *, submit: bool, actor: Actor, now: datetime
) -> Review:
    """Keep a draft, or hand in. What was handed in stays so: changing it must leave it complete.

    Judged on the locked row, so the round's end and a conflict declared meanwhile decide. Sending the same form twice changes
    nothing, unless a newer version was read meanwhile. Raises StaleVersion when another window saved something else, InvalidInput("review_incomplete").
    """
    facts = _judge(session, assignment, actor, now)
    review = _review_of(session, assignment)
    submit = submit or assignment.status is AssignmentStatus.SUBMITTED
    if submit:
        _require_complete(facts.round.round, command)
    seen = version_read(command.seen, last_version_number(session, assignment.proposal_id) or 1)
    if review is None or not _same(review, command):
        review = _write(session, assignment, review, replace(command, seen=seen), now)
    review.version_seen = max(review.version_seen, seen)
    if submit:
        _hand_in(session, assignment, review, actor, now)
        session.flush()
        row = session.get_one(CallRound, assignment.round_id)
        open_discussion(session, row, facts.round.round, assignment.proposal_id, now=now)
    return review


def skip(session: Session, assignment: Assignment, *, actor: Actor, now: datetime) -> None:
    """Put it at the end of the juror's queue."""
    _judge(session, assignment, actor, now)
    assignment.skipped_at = now


def recuse(session: Session, assignment: Assignment, reason: str, *, actor: Actor, now: datetime) -> None:
    """Step back from one proposal for a conflict of interest: access ends, a review handed in no longer counts."""
    facts = facts_of_assignment(session, assignment)
    require(actor, Permission.REVIEW_VIEW, facts, now)
    if facts.round.call.results_published:
        raise DomainError("jury_round_over")
    proposal = session.get_one(Proposal, assignment.proposal_id)
    give_up(session, proposal, facts.juror_account_id or 0, reason, actor_id=actor.account_id, now=now)


def _judge(session: Session, assignment: Assignment, actor: Actor, now: datetime) -> AssignmentFacts:
    """Ties that came since the work was given out are looked for first."""
    keep_ties(session, assignment.juror.round, [assignment.juror], [assignment.proposal_id], now=now)
    facts = facts_of_assignment(session, assignment)
    require(actor, Permission.REVIEW_WRITE, facts, now)
    if facts.proposal.status in LEFT:
        raise DomainError("proposal_left_round")
    return facts


def _review_of(session: Session, assignment: Assignment) -> Review | None:
    return session.scalar(
        select(Review)
        .where(Review.assignment_id == assignment.id)
        .options(selectinload(Review.scores))
        .execution_options(populate_existing=True)
    )


def _require_complete(rules: Round, command: WriteReview) -> None:
    silent = [c for c in rules.criteria if c.comment_required and not command.answers[c.key].comment]
    unsure = rules.asks_confidence and command.confidence is None
    if silent or unsure or review_faults(rules.criteria, command.scores):
        raise InvalidInput("review_incomplete")


def _same(review: Review, command: WriteReview) -> bool:
    stored = {row.criterion: CriterionAnswer(row.score, row.comment, row.to_authors) for row in review.scores}
    return (stored, review.comment_panel, review.comment_authors, review.confidence) == (
        dict(command.answers),
        command.panel,
        command.authors,
        command.confidence,
    )


def _write(
    session: Session, assignment: Assignment, review: Review | None, command: WriteReview, now: datetime
) -> Review:
    current = review.version if review else 0
    if command.version != current:
        raise StaleVersion(command.version, current)
    if review is None:
        review = Review(assignment_id=assignment.id, version=0)
        session.add(review)
    review.comment_panel, review.comment_authors = command.panel, command.authors
    review.confidence = command.confidence
    review.saved_at, review.version_seen, review.version = now, command.seen, current + 1
    session.flush()
    rows = {
        row.criterion: row for row in session.scalars(select(ReviewScore).where(ReviewScore.review_id == review.id))
    }
    for key, answer in command.answers.items():
        row = rows.get(key) or ReviewScore(review_id=review.id, criterion=key)
        if review.submitted_at is not None and row.score != answer.score:
            session.add(ScoreChange(review_id=review.id, criterion=key, before=row.score, after=answer.score, at=now))
        row.score, row.comment, row.to_authors = answer.score, answer.comment, answer.to_authors
        session.add(row)
    return review


def _hand_in(session: Session, assignment: Assignment, review: Review, actor: Actor, now: datetime) -> None:
    if assignment.status is AssignmentStatus.SUBMITTED:
        return
    assignment.status, assignment.skipped_at, review.submitted_at = AssignmentStatus.SUBMITTED, None, now
    row = session.get_one(CallRound, assignment.round_id)
    note(
        session,
        EventKind.REVIEW_SUBMITTED,
        row,
        now=now,
        actor_id=actor.account_id,
        proposal_id=assignment.proposal_id,
        subject_id=assignment.id,
        source=AssignmentStatus.ASSIGNED,
        target=assignment.status,
    )
