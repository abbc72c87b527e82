"""Results as one query: page, JSON and CSV show the same rows, each as far as this person may see it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from crowd.calls.models import Call
from crowd.core.actor import MANAGERS, Actor
from crowd.core.answers import EVERYBODY, shown_answers
from crowd.core.fields import answer_part, cell_text
from crowd.core.permissions import Permission, Permitted, judge
from crowd.core.rules import ResultsPublicity
from crowd.core.status import EntryChannel, MemberStatus, ModerationState, ProposalStatus
from crowd.core.subjects import CallFacts
from crowd.core.wall_clock import utc_text
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal, TeamMember
from crowd.proposals.queries import visible_to
from crowd.rounds.gates import round_facts
from crowd.selection.models import Correction, Credit, PublishedResult
from crowd.selection.queries.numbers import Numbers, RoundNumbers, ranking_of
from crowd.selection.queries.record import live_record

OUTCOMES = {
    ProposalStatus.SELECTED: "selected",
    ProposalStatus.RESERVE: "reserve",
    ProposalStatus.NOT_SELECTED: "not_selected",
    ProposalStatus.DECLINED: "declined",
    ProposalStatus.NOT_ADVANCED: "not_selected",
    ProposalStatus.INELIGIBLE: "ineligible",
    ProposalStatus.WITHDRAWN: "withdrawn",
    ProposalStatus.MERGED: "merged",
}
CHOSEN = frozenset({"selected", "declined"})
"""Published as selected."""
LEFT = frozenset({"ineligible", "withdrawn", "merged"})


@dataclass(frozen=True)
class Line:
    """One proposal in the results. What this person may not see is None; `full`: all of it may be seen."""

    id: str
    external_id: str | None
    title: str
    cost: int | None
    votes: int | None
    score: str | None
    rank: int | None
    outcome: str | None
    reason: str | None
    full: bool
    own: bool
    linked: bool  # this person may read the proposal
    components: tuple[Mapping[str, Any], ...] = ()
    failed: tuple[Mapping[str, Any], ...] = ()
    summary: str = ""
    entered: EntryChannel | None = None
    answers: Mapping[str, str] = field(default_factory=dict)  # to public questions, in words, by part

    def data(self) -> dict[str, Any]:
        names = ("id", "external_id", "title", "cost", "votes", "score", "rank", "outcome", "reason")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Results:
    """`counts`: of all proposals by outcome, whether listed or not; `unlisted`: how many are counted only.

    `vote`: the vote told of, where this person may see the figures of every proposal in it. `numbers`: of all proposals, by public id.
    """

    call: Call
    facts: CallFacts
    published: PublishedResult | None
    record: Mapping[str, Any]
    ballots: int | None
    lines: tuple[Line, ...]
    counts: Mapping[str, int]
    unlisted: int
    credits: Mapping[str, tuple[Credit, ...]]
    corrections: tuple[tuple[Correction, Line], ...]
    sees_all: bool
    vote: RoundNumbers | None = None
    numbers: Mapping[str, int | None] = field(default_factory=dict)
    replaced: Mapping[int, Line] = field(default_factory=dict)  # whose place a change settled, by id of the change

    def data(self) -> dict[str, Any]:
        """The contract of `results.json`."""
        return {
            "call": self.call.public_id,
            "rules_sha256": self.call.rules_sha256,
            "ballots": self.ballots,
            "proposals": [line.data() for line in self.lines],
        }

    def changes(self) -> list[dict[str, Any]]:
        """What changed of the outcomes and reasons since the results were published, oldest first."""
        return [self._change(row, line) for row, line in self.corrections if row.kind != "credit"]

    def _change(self, row: Correction, line: Line) -> dict[str, Any]:
        replaced = self.replaced.get(row.id)
        return {
            "proposal": line.id,
            "kind": row.kind,
            "at": utc_text(row.at),
            "from": _told(row.before),
            "to": _told(row.after),
            "note": row.note,
            "in_place_of": replaced.id if replaced else None,
        }

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def results_of(session: Session, call: Call, facts: CallFacts, actor: Actor, now: datetime) -> Results:
    """The results as this person may see them. Before publication every figure, outcome and reason is None for everybody."""
    numbers = ranking_of(session, facts)
    published = session.scalar(select(PublishedResult).where(PublishedResult.call_id == call.id))
    record = json.loads(published.result) if published else live_record(session, call.public_id, numbers)
    shown = facts.results_published
    seeing = _Seeing(facts, actor, numbers, record, now) if shown else None
    rows = _proposals(session, call.id, actor, now)
    lines = [seeing.line(*row) if seeing else _nothing_known(row[0]) for row in rows]
    listed = sorted((line for line in lines if line), key=_in_order) if shown else [line for line in lines if line]
    return Results(
        call=call,
        facts=facts,
        published=published,
        record=record,
        ballots=seeing.ballots if seeing else None,
        lines=tuple(listed),
        counts=_counts(row[0] for row in rows) if shown else {},
        unlisted=len(rows) - len(listed),
        credits=_credits(session, call.id) if shown else {},
        corrections=_corrections(session, call.id, {line.id: line for line in listed}) if shown else (),
        sees_all=seeing.sees_all if seeing else True,
        vote=seeing.vote if seeing else None,
        numbers={row[0].public_id: row[0].number for row in rows},
        replaced=_replaced(session, call.id, {line.id: line for line in listed}) if shown else {},
    )


def _in_order(line: Line) -> tuple[bool, int, bool]:
    """By rank; those without one after, in the order they were handed in, those who left last."""
    return (line.rank is None, line.rank or 0, line.outcome in LEFT)


def _proposals(session: Session, call_id: int, actor: Actor, now: datetime) -> list[tuple[Proposal, bool, bool]]:
    """Every proposal handed in, with: is it the person's own, may the person read it."""
    own = (
        select(TeamMember.id)
        .where(
            TeamMember.proposal_id == Proposal.id,
            TeamMember.account_id == (actor.account_id or -1),
            TeamMember.status == MemberStatus.ACCEPTED,
        )
        .exists()
    )
    rows = session.execute(
        select(Proposal, own, visible_to(actor, now))
        .join(Call, Call.id == Proposal.call_id)
        .join(Organization, Organization.id == Call.organization_id)
        .where(Call.id == call_id, Proposal.status != ProposalStatus.DRAFT)
        .options(defer(Proposal.body))
        .order_by(Proposal.number, Proposal.id)
    )
    return [(proposal, bool(is_own), bool(visible)) for proposal, is_own, visible in rows]


class _Seeing:
    """What one person may see of published results."""

    def __init__(
        self, facts: CallFacts, actor: Actor, numbers: Numbers, record: Mapping[str, Any], now: datetime
    ) -> None:
        self.questions = facts.rules.custom_fields
        self.publicity = facts.rules.results_publicity
        self.sees_all = actor.roles.get(facts.organization.id) in MANAGERS
        self.places = {entry["proposal"]: entry for entry in record["ranking"]}
        votes = numbers.votes()
        known = votes is not None and isinstance(
            judge(actor, Permission.ROUND_COUNTS, round_facts(votes.row, facts), now), Permitted
        )
        tally = votes.tally if votes and known else None
        everything = self.sees_all or self.publicity is ResultsPublicity.EVERYTHING
        self.vote = votes if tally and everything else None
        self.votes = tally.votes if tally else {}
        self.ballots = tally.ballots if tally else (None if votes else 0)

    def line(self, row: Proposal, own: bool, visible: bool) -> Line | None:  # noqa: FBT001 (columns of one row)
        outcome = OUTCOMES.get(row.status)
        privileged = own or self.sees_all
        if not privileged and not self._is_listed(row, outcome, visible=visible):
            return None
        full = privileged or outcome in CHOSEN or self.publicity is ResultsPublicity.EVERYTHING
        place = self.places.get(row.public_id, {})
        reasoned = full and (privileged or outcome not in LEFT - {"merged"})
        return Line(
            id=row.public_id,
            external_id=row.external_id,
            title=row.title,
            cost=row.cost if full else None,
            votes=self.votes.get(row.public_id) if full else None,
            score=place.get("total") if full else None,
            rank=place.get("rank"),
            outcome=outcome,
            reason=(row.outcome_reason or None) if reasoned else None,
            full=full,
            own=own,
            linked=visible,
            components=tuple(place.get("components", ())) if full else (),
            failed=tuple(place.get("failed", ())) if full else (),
            summary=row.summary if full else "",
            entered=row.entered,
            answers=self._answers(row) if visible else {},
        )

    def _answers(self, row: Proposal) -> dict[str, str]:
        told = shown_answers(self.questions, row.answers, EVERYBODY)
        return {answer_part(asked.key): cell_text(answer) for asked, answer in told}

    def _is_listed(self, row: Proposal, outcome: str | None, *, visible: bool) -> bool:
        if row.moderation is not ModerationState.VISIBLE:
            return False
        if outcome in LEFT:
            return visible and self.publicity is not ResultsPublicity.NUMBERS
        return outcome in CHOSEN or self.publicity is not ResultsPublicity.NUMBERS


def _nothing_known(row: Proposal) -> Line:
    """Before publication: the list, and nothing that depends on a vote, a review or a decision."""
    return Line(
        id=row.public_id,
        external_id=row.external_id,
        title=row.title,
        cost=row.cost,
        votes=None,
        score=None,
        rank=None,
        outcome=None,
        reason=None,
        full=False,
        own=False,
        linked=True,
    )


def _counts(rows: Iterable[Proposal]) -> dict[str, int]:
    counts = dict.fromkeys(
        ["selected", "declined", "reserve", "not_selected", "ineligible", "withdrawn", "merged", "undecided"], 0
    )
    for row in rows:
        counts[OUTCOMES.get(row.status, "undecided")] += 1
    return counts


def _credits(session: Session, call_id: int) -> dict[str, tuple[Credit, ...]]:
    """Credits that hold, by public id of the proposal."""
    rows = session.execute(
        select(Proposal.public_id, Credit)
        .join(Credit, Credit.proposal_id == Proposal.id)
        .where(Proposal.call_id == call_id, Credit.revoked_at.is_(None))
        .order_by(Credit.id)
    )
    found: dict[str, tuple[Credit, ...]] = {}
    for public_id, credit in rows:
        found[public_id] = (*found.get(public_id, ()), credit)
    return found


def _corrections(session: Session, call_id: int, lines: Mapping[str, Line]) -> tuple[tuple[Correction, Line], ...]:
    """Corrections of what this person sees in full, oldest first."""
    rows = session.execute(
        select(Correction, Proposal.public_id)
        .join(Proposal, Proposal.id == Correction.proposal_id)
        .where(Correction.call_id == call_id)
        .order_by(Correction.id)
    )
    return tuple((row, lines[key]) for row, key in rows if key in lines and lines[key].full)


def _replaced(session: Session, call_id: int, lines: Mapping[str, Line]) -> dict[int, Line]:
    """Of changes that settle a free place, whose place it was."""
    replaced = select(Correction.id, Proposal.public_id).join(Proposal, Proposal.id == Correction.in_place_of_id)
    rows = session.execute(replaced.where(Correction.call_id == call_id))
    return {id_: lines[key] for id_, key in rows if key in lines}


def _told(data: object) -> str | None:
    return data.get("outcome") if isinstance(data, dict) else None
