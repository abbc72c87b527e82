"""Drafts, teams, handing in, later edits and screening."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crowd.calls.gates import facts_of_call
from crowd.core.rules import CallRules
from crowd.core.status import ProposalStatus, StageKind
from crowd.demo.asking import answers_of, attach_drawn
from crowd.demo.attaching import attach_some
from crowd.demo.chance import between
from crowd.demo.house import House
from crowd.demo.opening import Entry, Production
from crowd.demo.plans import nine
from crowd.demo.reading import Written, written_for
from crowd.demo.teams import gather
from crowd.proposals.actions import create_draft, edit_proposal, hand_in, screen_proposal
from crowd.proposals.commands import ProposalText, ScreeningDecision
from crowd.proposals.models import Proposal
from crowd.store.types import new_public_id

STATUS = ProposalStatus
DAYS_TO_CORRECT = 60


def propose_all(house: House, show: Production) -> None:
    """Hand in what was written, one after the other over the stage, as far as it has come."""
    written = written_for(show.plan.key, show.rules.language)[: house.most]
    handed_in = [each for each in written if not each.is_draft]
    for place, (each, at) in enumerate(zip(handed_in, _moments(house, show, len(handed_in)), strict=True)):
        show.entries.append(_propose(house, show, each, place, at))
    for each in written:
        if each.is_draft:
            _draft(house, show, each, house.now - timedelta(hours=between(3, 90, each.title)))


def _moments(house: House, show: Production, count: int) -> Iterator[datetime]:
    """Few at the start, many before the end."""
    stage = show.stage(StageKind.SUBMISSION)
    if stage is None or stage.closes_at is None:
        return
    since, until = stage.opens_at + timedelta(days=2), min(stage.closes_at, house.now - timedelta(hours=8))
    for place in range(count):
        share = ((place + 1) / (count + 1)) ** 0.7
        yield since + (until - since) * share


def _draft(house: House, show: Production, written: Written, at: datetime) -> Proposal:
    facts = facts_of_call(house.session, show.call.id)
    actor = house.actor(written.team[0].key)
    proposal = create_draft(
        house.session,
        show.call,
        facts,
        _text(written, show.rules, first=True),
        key=new_public_id(),
        actor=actor,
        now=at,
    )
    house.session.flush()
    attach_drawn(house, proposal, written, show.rules, actor, at)
    return proposal


def _propose(house: House, show: Production, written: Written, place: int, at: datetime) -> Entry:
    actor = house.actor(written.team[0].key)
    proposal = _draft(house, show, written, at - timedelta(hours=between(5, 40, written.title)))
    gather(house, proposal, written, at - timedelta(hours=4))
    attach_some(house, proposal, written, place, at - timedelta(hours=3))
    declared = frozenset(range(len(show.rules.declarations)))
    hand_in(house.session, show.call, proposal, opened=proposal.version, declared=declared, actor=actor, now=at)
    house.session.flush()
    if written.was and "asked" not in written.headers:
        _rewrite(house, show, proposal, written, at + timedelta(hours=1))
    return Entry(written, proposal, at)


def _rewrite(house: House, show: Production, proposal: Proposal, written: Written, at: datetime) -> None:
    actor = house.actor(written.team[0].key)
    text = _text(written, show.rules)
    edit_proposal(house.session, proposal, text, opened=proposal.version, actor=actor, now=house.past(at))
    house.session.flush()


def _text(written: Written, rules: CallRules, *, first: bool = False) -> ProposalText:
    body = written.body
    if first and written.was:
        old, new = written.was
        body = body.replace(new, old)
    return ProposalText(
        written.title,
        written.summary,
        body,
        written.cost,
        written.language,
        tuple(sorted(written.tags)),
        answers_of(written, rules),
    )


def screen_all(house: House, show: Production) -> None:
    """Screen in the order of the queue, as many as the plan says."""
    screening = show.begun(StageKind.SCREENING, house.now)
    if not show.rules.screening or (screening is None and show.plan.screened is None):
        return
    for entry in show.entries[: show.plan.screened]:
        outcome = entry.written.headers.get("screen", "eligible")
        if outcome == "waiting":
            continue
        since = screening.opens_at if screening else entry.at
        at = max(since, entry.at) + timedelta(hours=between(4, 60, entry.written.title))
        _screen(house, show, entry, STATUS(outcome), house.past(at))


def _screen(house: House, show: Production, entry: Entry, outcome: ProposalStatus, at: datetime) -> None:
    headers = entry.written.headers
    if "asked" in headers:
        asked = ScreeningDecision(STATUS.CORRECTION, "incomplete", headers["asked"], at + timedelta(days=5))
        _decide(house, entry, asked, at - timedelta(hours=20))
        _rewrite(house, show, entry.proposal, entry.written, at - timedelta(hours=6))
    zone = ZoneInfo(show.rules.time_zone)
    due = nine(DAYS_TO_CORRECT, zone, house.now) if outcome is STATUS.CORRECTION else None
    reason = "" if outcome is STATUS.ELIGIBLE else headers["reason"]
    _decide(house, entry, ScreeningDecision(outcome, headers.get("code", "") if reason else "", reason, due), at)


def _decide(house: House, entry: Entry, decision: ScreeningDecision, at: datetime) -> None:
    screen_proposal(
        house.session, entry.proposal, decision, opened=entry.proposal.version, actor=house.actor("moderator"), now=at
    )
    house.session.flush()
