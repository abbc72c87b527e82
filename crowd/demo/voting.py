"""A voting round: opened by the clock, ballots over its stage, counted once it is over."""

from datetime import datetime, timedelta

from sqlalchemy import select

from crowd.core.rules import Round, RoundKind, Stage, VotingMethod
from crowd.core.status import StageKind
from crowd.core.tally.choices import Choices
from crowd.demo.chance import between, weighted
from crowd.demo.house import House
from crowd.demo.opening import Entry, Production
from crowd.proposals.actions import withdraw_proposal
from crowd.rounds.actions import open_due, strike_left
from crowd.rounds.models import CallRound
from crowd.voting.actions import cast_ballot, count_round


def vote(house: House, show: Production) -> None:
    stage = show.begun(StageKind.VOTING, house.now)
    rules = next((each for each in show.rules.rounds if each.kind is RoundKind.VOTE), None)
    if stage is None or rules is None:
        return
    row = opened_round(house, show, rules, stage)
    until = min(stage.closes_at or house.now, house.now)
    for key in _voters(house, show.plan.key, house.ballots(show.plan.ballots)):
        _cast(house, show, row, rules, key, stage.opens_at, until)
    _leave(house, show, row, stage.opens_at + timedelta(days=2))
    if stage.closes_at and stage.closes_at <= house.now:
        count_round(house.session, row, stage.closes_at + timedelta(minutes=1))
        house.session.flush()


def opened_round(house: House, show: Production, rules: Round, stage: Stage) -> CallRound:
    row = house.session.scalars(
        select(CallRound).where(CallRound.call_id == show.call.id, CallRound.key == rules.key)
    ).one()
    open_due(house.session, row, stage.opens_at + timedelta(minutes=1))
    house.session.flush()
    return row


def _voters(house: House, key: str, count: int) -> list[str]:
    everybody = sorted(house.accounts)
    return weighted(everybody, [1.0] * len(everybody), count, "voters", key)


def _cast(
    house: House, show: Production, row: CallRound, rules: Round, key: str, since: datetime, until: datetime
) -> None:
    at = since + (until - since) * between(0.02, 0.98, "ballot", show.plan.key, key)
    marks = _points(show, key) if rules.method is VotingMethod.SCORE else _supports(show, rules, key)
    cast_ballot(house.session, row, Choices(marks), actor=house.actor(key), clock=lambda: at)
    house.session.flush()


def _on_list(show: Production) -> list[Entry]:
    return [entry for entry in show.entries if entry.proposal.in_round]


def _supports(show: Production, rules: Round, key: str) -> dict[str, int]:
    entries = _on_list(show)
    most = rules.max_choices or len(entries)
    weights = [entry.written.pull[0] ** 2.5 for entry in entries]
    count = max(2, most - int(between(0, 3, "count", show.plan.key, key)))
    chosen = weighted(entries, weights, count, "supports", show.plan.key, key)
    if rules.budget is not None:
        chosen = _paid_for(chosen, rules.budget)
    return {entry.proposal.public_id: 1 for entry in chosen}


def _paid_for(chosen: list[Entry], budget: int) -> list[Entry]:
    """What still fits into the basket, in the order in which it is liked."""
    fitting = []
    for entry in chosen:
        cost = entry.proposal.cost or 0
        if cost <= budget:
            fitting.append(entry)
            budget -= cost
    return fitting


def _points(show: Production, key: str) -> dict[str, int]:
    """Points for about two in three; what one does not know, one leaves blank."""
    points = {}
    for entry in _on_list(show):
        if between(0, 1, "blank", key, entry.written.title) < 0.65:
            liking = entry.written.pull[0] / 2 + between(-1.6, 1.6, "points", key, entry.written.title)
            points[entry.proposal.public_id] = max(0, min(5, round(liking)))
    return {id_: value for id_, value in points.items() if value}


def _leave(house: House, show: Production, row: CallRound, at: datetime) -> None:
    """Withdrawn while the vote is open: stays listed, struck through."""
    for entry in show.entries:
        if why := entry.written.headers.get("leaves"):
            actor = house.actor(entry.written.team[0].key)
            withdraw_proposal(house.session, entry.proposal, why, actor=actor, now=at)
            house.session.flush()
            strike_left(house.session, row, now=at)
            house.session.flush()
