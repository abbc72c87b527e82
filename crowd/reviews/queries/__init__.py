"""Reading the jury's work. What other areas ask for stands here by name."""

from crowd.reviews.queries.conflicts import (
    ConflictLine,
    blocked_pairs,
    conflict_lines,
    found_ties,
    jury_with_accounts,
    stakes_of_jury,
    ties_of_pairs,
)
from crowd.reviews.queries.invitation import Invitation, find_invitation, rights_of_account
from crowd.reviews.queries.numbers import Numbers, Verdict, numbers_of
from crowd.reviews.queries.overview import JurorLine, Load, Overview, ProposalLine, load_of, overview_of
from crowd.reviews.queries.panel import Panel, panel_on
from crowd.reviews.queries.plan import Plan, PlanLine, plan_of
from crowd.reviews.queries.scores import (
    AuthorComment,
    LiveReview,
    Recusals,
    comments_to_authors,
    jurors_named,
    live_reviews,
    recusals_of_round,
    review_counts,
    scores_of_round,
    versions_reviewed,
)
from crowd.reviews.queries.work import (
    Queue,
    WorkItem,
    candidates_for,
    juror_of_account,
    next_open,
    queue_of,
    review_of,
    stakes_of_juror,
)

__all__ = [
    "AuthorComment",
    "ConflictLine",
    "Invitation",
    "JurorLine",
    "LiveReview",
    "Load",
    "Numbers",
    "Overview",
    "Panel",
    "Plan",
    "PlanLine",
    "ProposalLine",
    "Queue",
    "Recusals",
    "Verdict",
    "WorkItem",
    "blocked_pairs",
    "candidates_for",
    "comments_to_authors",
    "conflict_lines",
    "find_invitation",
    "found_ties",
    "juror_of_account",
    "jurors_named",
    "jury_with_accounts",
    "live_reviews",
    "load_of",
    "next_open",
    "numbers_of",
    "overview_of",
    "panel_on",
    "plan_of",
    "queue_of",
    "recusals_of_round",
    "review_counts",
    "review_of",
    "rights_of_account",
    "scores_of_round",
    "stakes_of_juror",
    "stakes_of_jury",
    "ties_of_pairs",
    "versions_reviewed",
]
