"""What is amiss in a call, from its figures."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from crowd.core.desk import Figures, ProblemKind, RoundFigures, problems
from crowd.core.status import CallStatus, OrganizationStatus, StageKind
from crowd.core.subjects import CallFacts, OrganizationFacts
from tests.make import make_rules

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
K = ProblemKind


def call(open_stage: StageKind, **changes: object) -> CallFacts:
    rules = make_rules(open_stage)
    facts = CallFacts(
        1, OrganizationFacts(1, OrganizationStatus.APPROVED), CallStatus.PUBLISHED, rules, schedule=rules.stages
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


def now_of(facts: CallFacts, kind: StageKind) -> datetime:
    opens = facts.opens_at(kind)
    assert opens is not None
    return opens + timedelta(days=5)


def kinds(figures: Figures, now: datetime) -> list[tuple[ProblemKind, int, bool]]:
    return [(problem.kind, problem.count, problem.late) for problem in problems(figures, now)]


def test_a_call_in_which_all_is_done_has_no_problem() -> None:
    facts = call(StageKind.VOTING)
    rounds = (RoundFigures("crowd", opened=True, confirmed=True), RoundFigures("jury"))
    assert problems(Figures(facts, rounds=rounds), now_of(facts, StageKind.VOTING)) == ()


def test_unscreened_ones_are_due_when_the_vote_opens_and_late_after_screening() -> None:
    facts = call(StageKind.SCREENING)
    (early,) = problems(Figures(facts, unscreened=3), now_of(facts, StageKind.SCREENING))
    assert (early.kind, early.count, early.stage, early.late) == (K.UNSCREENED, 3, StageKind.VOTING, False)
    assert early.due == facts.opens_at(StageKind.VOTING)
    rounds = (RoundFigures("crowd", opened=True),)
    (late,) = problems(Figures(facts, unscreened=3, rounds=rounds), now_of(facts, StageKind.VOTING))
    assert (late.kind, late.late) == (K.UNSCREENED, True)


def test_the_jury_is_told_by_what_is_late_first() -> None:
    facts = call(StageKind.REVIEW)
    rounds = (RoundFigures("crowd", opened=True), RoundFigures("jury", opened=True, waiting=2, lacking=1, silent=1))
    figures = Figures(facts, rounds=rounds, mails_failed=4)
    in_time = kinds(figures, now_of(facts, StageKind.REVIEW))
    assert (K.REVIEWS_OVERDUE, 2, True) not in in_time
    assert in_time[0] == (K.JURORS_SILENT, 1, False)
    over = kinds(figures, now_of(facts, StageKind.SELECTION))
    assert over[:2] == [(K.REVIEWS_OVERDUE, 2, True), (K.REVIEWS_LACKING, 1, True)]
    assert (K.MAILS_FAILED, 4, False) in over


def test_a_list_that_nobody_confirmed_and_results_that_are_due_are_late() -> None:
    facts = call(StageKind.VOTING)
    waiting = Figures(facts, rounds=(RoundFigures("crowd"),))
    assert kinds(waiting, now_of(facts, StageKind.VOTING)) == [(K.LIST_UNCONFIRMED, 1, True)]
    assert kinds(Figures(facts), now_of(facts, StageKind.RESULTS)) == [(K.RESULTS_DUE, 1, True)]
    published = replace(facts, results_published=True)
    assert problems(Figures(published, unscreened=2), now_of(facts, StageKind.RESULTS)) == ()


def test_open_verdicts_are_told_once_the_decision_begins_and_then_what_waits_to_be_published() -> None:
    facts = call(StageKind.SELECTION)
    before, deciding, due = (now_of(facts, kind) for kind in (StageKind.REVIEW, StageKind.SELECTION, StageKind.RESULTS))
    some = Figures(facts, undecided=2, settled=1)
    assert problems(some, before) == ()
    (open_,) = problems(some, deciding)
    assert (open_.kind, open_.count, open_.late, open_.due) == (
        K.VERDICTS_OPEN,
        2,
        False,
        facts.opens_at(StageKind.RESULTS),
    )
    assert kinds(some, due) == [(K.RESULTS_DUE, 1, True), (K.VERDICTS_OPEN, 2, True)]
    ready = Figures(facts, settled=3)
    assert kinds(ready, deciding) == [(K.RESULTS_UNPUBLISHED, 3, False)]
    assert kinds(ready, due) == [(K.RESULTS_DUE, 1, True)]


def test_a_draft_lacks_what_its_checklist_says_and_nothing_else() -> None:
    facts = call(StageKind.SUBMISSION, status=CallStatus.DRAFT)
    assert kinds(Figures(facts, unscreened=1, gaps=2), NOW) == [(K.CHECKLIST, 2, False)]
    assert problems(Figures(replace(facts, status=CallStatus.CANCELLED), unscreened=1), NOW) == ()


def test_a_round_that_never_opened_is_told_once_its_stage_is_over() -> None:
    facts = call(StageKind.REVIEW)
    rounds = (RoundFigures("crowd", opened=True), RoundFigures("jury", waiting=2, silent=1))
    figures = Figures(facts, rounds=rounds)
    assert (K.ROUND_MISSED, 1, True) not in kinds(figures, now_of(facts, StageKind.REVIEW))
    over = kinds(figures, now_of(facts, StageKind.SELECTION))
    assert (K.ROUND_MISSED, 1, True) in over
    assert not {K.LIST_UNCONFIRMED, K.REVIEWS_OVERDUE, K.JURORS_SILENT} & {kind for kind, _count, _late in over}


def test_what_is_reported_is_told_also_after_the_results() -> None:
    facts = call(StageKind.VOTING)
    now = now_of(facts, StageKind.VOTING)
    rounds = (RoundFigures("crowd", opened=True),)
    assert kinds(Figures(facts, reported=2, rounds=rounds), now) == [(K.REPORTED, 2, False)]
    decided = replace(facts, results_published=True)
    assert kinds(Figures(decided, reported=2, rounds=rounds), now) == [(K.REPORTED, 2, False)]


def test_a_vote_for_which_nobody_is_named_is_told_before_it_opens_is_late_then_and_over_with_it() -> None:
    facts = call(StageKind.SUBMISSION)
    rounds = (RoundFigures("crowd", opened=True, voterless=True),)
    (early,) = problems(Figures(facts, rounds=rounds), now_of(facts, StageKind.SUBMISSION))
    assert (early.kind, early.round, early.late) == (K.VOTERS_MISSING, "crowd", False)
    assert early.due == facts.opens_at(StageKind.VOTING)
    assert kinds(Figures(facts, rounds=rounds), now_of(facts, StageKind.VOTING)) == [(K.VOTERS_MISSING, 1, True)]
    after = kinds(Figures(facts, rounds=(*rounds, RoundFigures("jury", opened=True))), now_of(facts, StageKind.REVIEW))
    assert K.VOTERS_MISSING not in {kind for kind, _count, _late in after}
