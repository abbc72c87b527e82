"""A Pabulib election as the frozen rules of a call. What the file does not say is said to be unknown, not invented."""

import re
from datetime import UTC, datetime, timedelta

from crowd.api.actions.election_ballots import BallotForm, follows_rule
from crowd.api.commands import ElectionWords
from crowd.core.pabulib import Election
from crowd.core.rules import (
    CallRules,
    Component,
    CountRule,
    Electorate,
    Entrants,
    Publicity,
    ResultsPublicity,
    Round,
    RoundKind,
    SelectionRules,
    Stage,
    VotingMethod,
)
from crowd.core.status import StageKind
from crowd.core.tally.profile import Kind

ROUND = "vote"
_DAY = timedelta(days=1)
_DATE = re.compile(r"(?:(\d{1,2})\.)?(?:(\d{1,2})\.)?(\d{4})", re.ASCII)


def rules_of_election(election: Election, form: BallotForm, words: ElectionWords, now: datetime) -> CallRules:
    """Rules of a call at stage results: a closed roll voted, and the outcome is by the file's rule where that is `greedy`."""
    budget = int(election.budget)
    return CallRules(
        title=title_of(election),
        lead=words.lead,
        body=words.body,
        language=words.language,
        entrants=Entrants.MEMBERS,
        eligibility=words.eligibility,
        handed_in=words.handed_in,
        asks_cost=True,
        currency=election.meta.get("currency", "EUR")[:8],
        credit=words.credit,
        licence=words.licence,
        screening=False,
        publicity=Publicity.AT_ONCE,
        results_publicity=ResultsPublicity.EVERYTHING,
        decides=words.decides,
        stages=_stages(election, now),
        rounds=(
            Round(
                ROUND,
                RoundKind.VOTE,
                "voting",
                words.vote,
                method=form.method,
                electorate=Electorate.ROLL,
                max_choices=None if form.kind is Kind.POINTS else election.max_choices or None,
                points=form.points,
                budget=budget if form.method is VotingMethod.PB_GREEDY else None,
            ),
        ),
        selection=SelectionRules(
            components=(Component(ROUND, 100),),
            count=CountRule.GREEDY if follows_rule(election, form) else CountRule.NONE,
            budget=budget or None,
        ),
    )


def title_of(election: Election) -> str:
    named = election.meta.get("description") or election.meta.get("instance") or "Imported election"
    instance = election.meta.get("instance", "")
    title = named if instance in named else f"{named} {instance}"
    return title[:200]


def _stages(election: Election, now: datetime) -> tuple[Stage, ...]:
    """The vote by the file's dates, never in the future; a day before stands for the submission nobody dated."""
    end = _read_day(election.meta.get("date_end", ""), last=True)
    closes = min((end + _DAY) if end else now, now).replace(second=0, microsecond=0)
    begin = _read_day(election.meta.get("date_begin", ""), last=False) or closes - _DAY
    opens = begin if begin < closes else closes - _DAY
    return (
        Stage("submission", StageKind.SUBMISSION, opens - _DAY, opens),
        Stage("voting", StageKind.VOTING, opens, closes),
        Stage("results", StageKind.RESULTS, closes),
    )


def _read_day(text: str, *, last: bool) -> datetime | None:
    """Midnight UTC of a day; of a month or year alone, its first or last day: 07.10.2022, 10.2022, 2022."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    first, second, year = found.groups()
    day, month = (first, second) if second else (None, first)
    try:
        if day and month:
            return datetime(int(year), int(month), int(day), tzinfo=UTC)
        if month:
            start = datetime(int(year), int(month), 1, tzinfo=UTC)
            return (start + 31 * _DAY).replace(day=1) - _DAY if last else start
        return datetime(int(year), 12, 31, tzinfo=UTC) if last else datetime(int(year), 1, 1, tzinfo=UTC)
    except ValueError:
        return None
