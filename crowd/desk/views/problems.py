"""Problems in words, each with the link to its mend."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import format_decimal

from crowd.calls.models import Call
from crowd.core.desk import Figures, Problem, ProblemKind, problems
from crowd.core.permissions import Permission
from crowd.desk.queries import MOST_COUNTED
from crowd.web.access import allowed
from crowd.web.text import _, _l, ngettext
from crowd.web.times import relative
from crowd.web.words import STAGES


@dataclass(frozen=True)
class Told:
    """A problem as a sentence, and where it is mended."""

    sentence: str
    act: str
    url: str
    late: bool


MODERATED = frozenset(
    {
        ProblemKind.UNSCREENED,
        ProblemKind.REPORTED,
        ProblemKind.CORRECTIONS_OVERDUE,
        ProblemKind.CLAIMS_REFUSED,
        ProblemKind.REVIEWS_LACKING,
    }
)
"""What moderators look after too; the others are told to managers, who alone can mend them."""


def told(call: Call, figures: Figures, now: datetime) -> list[Told]:
    """Problems whose mend is open to the person who looks."""
    manages = allowed(Permission.CALL_MANAGE, figures.call)
    return [_told(call, each, now) for each in problems(figures, now) if manages or each.kind in MODERATED]


def _told(call: Call, problem: Problem, now: datetime) -> Told:
    when = relative(problem.due, now) if problem.due else ""
    act, endpoint, values = MENDS[problem.kind]
    more = {"key": problem.round} if problem.kind in OF_A_ROUND else values
    url = url_for(endpoint, public_id=problem.proposal or call.public_id, **more)
    return Told(SENTENCES[problem.kind](problem, when), str(act), url, problem.late)


def _unscreened(problem: Problem, when: str) -> str:
    number = ngettext("%(num)d proposal is unscreened", "%(num)d proposals are unscreened", problem.count)
    if problem.late:
        return _("%(what)s; screening closed %(when)s.", what=number, when=when)
    if problem.due and problem.stage:
        return _("%(what)s; “%(stage)s” opens %(when)s.", what=number, stage=STAGES[problem.stage], when=when)
    return f"{number}."


def _lacking(problem: Problem, when: str) -> str:
    number = (
        _("More than %(num)s proposals lack reviews", num=format_decimal(MOST_COUNTED))
        if problem.count > MOST_COUNTED
        else ngettext("%(num)d proposal lacks reviews", "%(num)d proposals lack reviews", problem.count)
    )
    if problem.late:
        return _("%(what)s; the round closed %(when)s.", what=number, when=when)
    return _("%(what)s; the round closes %(when)s.", what=number, when=when) if when else f"{number}."


def _overdue(problem: Problem, when: str) -> str:
    number = ngettext("%(num)d review is overdue", "%(num)d reviews are overdue", problem.count)
    return _("%(what)s; the round closed %(when)s.", what=number, when=when)


def _undecided(problem: Problem, when: str) -> str:
    number = ngettext(
        "%(num)d proposal waits for the decision", "%(num)d proposals wait for the decision", problem.count
    )
    if problem.late:
        return _("%(what)s; results were due %(when)s.", what=number, when=when)
    return _("%(what)s; results are due %(when)s.", what=number, when=when) if when else f"{number}."


def _unpublished(_problem: Problem, when: str) -> str:
    ready = _("All is decided, and the results wait to be published")
    return _("%(what)s; they are due %(when)s.", what=ready, when=when) if when else f"{ready}."


def _unconfirmed(problem: Problem, when: str) -> str:
    stage = STAGES[problem.stage] if problem.stage else ""
    return _("“%(stage)s” opened %(when)s, but its list of candidates is not confirmed.", stage=stage, when=when)


def _missed(problem: Problem, when: str) -> str:
    stage = STAGES[problem.stage] if problem.stage else ""
    return _("“%(stage)s” closed %(when)s without having opened: its list was never confirmed.", stage=stage, when=when)


def _voterless(problem: Problem, when: str) -> str:
    stage = STAGES[problem.stage] if problem.stage else ""
    if problem.late:
        return _(
            "“%(stage)s” opened %(when)s, but nobody may vote: no address is on the list, or no code is made.",
            stage=stage,
            when=when,
        )
    return _(
        "“%(stage)s” opens %(when)s, but nobody may vote: no address is on the list, or no code is made.",
        stage=stage,
        when=when,
    )


OF_A_ROUND = frozenset({ProblemKind.LIST_UNCONFIRMED, ProblemKind.VOTERS_MISSING, ProblemKind.ROUND_MISSED})
SENTENCES: dict[ProblemKind, Callable[[Problem, str], str]] = {
    ProblemKind.UNSCREENED: _unscreened,
    ProblemKind.REVIEWS_LACKING: _lacking,
    ProblemKind.REVIEWS_OVERDUE: _overdue,
    ProblemKind.LIST_UNCONFIRMED: _unconfirmed,
    ProblemKind.ROUND_MISSED: _missed,
    ProblemKind.VOTERS_MISSING: _voterless,
    ProblemKind.REPORTED: lambda problem, _when: ngettext(
        "%(num)d reported text waits for a decision.", "%(num)d reported texts wait for a decision.", problem.count
    ),
    ProblemKind.VERDICTS_OPEN: _undecided,
    ProblemKind.RESULTS_UNPUBLISHED: _unpublished,
    ProblemKind.CORRECTIONS_OVERDUE: lambda problem, _when: ngettext(
        "%(num)d correction was not made in time.", "%(num)d corrections were not made in time.", problem.count
    ),
    ProblemKind.CLAIMS_REFUSED: lambda problem, _when: ngettext(
        "%(num)d proposal entered for somebody cannot be taken over: its author has as many as one person may.",
        "%(num)d proposals entered for somebody cannot be taken over: their authors have as many as one person may.",
        problem.count,
    ),
    ProblemKind.JURORS_SILENT: lambda problem, _when: ngettext(
        "%(num)d juror has not answered.", "%(num)d jurors have not answered.", problem.count
    ),
    ProblemKind.MAILS_FAILED: lambda problem, _when: ngettext(
        "A mail failed for %(num)d person.", "Mails failed for %(num)d people.", problem.count
    ),
    ProblemKind.CHECKLIST: lambda problem, _when: ngettext(
        "The checklist lacks %(num)d thing.", "The checklist lacks %(num)d things.", problem.count
    ),
    ProblemKind.RESULTS_DUE: lambda _problem, when: _("Results were due %(when)s.", when=when),
    ProblemKind.PAUSED: lambda _problem, when: _("The call was paused %(when)s.", when=when),
}
MENDS: dict[ProblemKind, tuple[Any, str, dict[str, Any]]] = {
    ProblemKind.UNSCREENED: (_l("Screen"), "proposals.screening", {}),
    ProblemKind.CORRECTIONS_OVERDUE: (_l("See them"), "desk.proposals", {"status": "correction"}),
    ProblemKind.CLAIMS_REFUSED: (_l("See the newest"), "pages.proposal", {}),
    ProblemKind.REVIEWS_OVERDUE: (_l("Remind the jury"), "reviews.index", {}),
    ProblemKind.REVIEWS_LACKING: (_l("See them"), "desk.proposals", {"lacking": "1"}),
    ProblemKind.JURORS_SILENT: (_l("Ask again"), "reviews.index", {}),
    ProblemKind.MAILS_FAILED: (_l("See the mails"), "notifications.mails", {"status": "failed"}),
    ProblemKind.LIST_UNCONFIRMED: (_l("Confirm the list"), "selection.field", {}),
    ProblemKind.VOTERS_MISSING: (_l("Name the voters"), "rounds.electorate", {}),
    ProblemKind.REPORTED: (_l("Decide"), "moderation.reports", {}),
    ProblemKind.ROUND_MISSED: (_l("What follows"), "rounds.show", {}),
    ProblemKind.RESULTS_DUE: (_l("Decide and publish"), "selection.decisions", {}),
    ProblemKind.VERDICTS_OPEN: (_l("Decide"), "selection.decisions", {}),
    ProblemKind.RESULTS_UNPUBLISHED: (_l("Look over and publish"), "selection.publish", {}),
    ProblemKind.CHECKLIST: (_l("Go on writing"), "calls.edit", {}),
    ProblemKind.PAUSED: (_l("Go on with it"), "calls.schedule", {}),
}
