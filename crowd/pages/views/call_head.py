"""What stands on every page of a call: title, stage line, tabs, facts, and the one button. Templates call `call_head`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from flask import url_for
from markupsafe import Markup, escape

from crowd.calls.models import Call
from crowd.core.actor import STAFF
from crowd.core.next_act import ActKind, NextAct, Standing, next_act
from crowd.core.rules import RoundKind, Stage
from crowd.core.status import CallStatus
from crowd.core.subjects import CallFacts
from crowd.pages.queries.standing import CallCounts, standing_of
from crowd.pages.views.blueprint import bp
from crowd.pages.views.rehearsal_bar import RehearsalBar, rehearsal_bar
from crowd.store.db import db, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.assets import accent_url
from crowd.web.errors import sentence
from crowd.web.text import _, _l, ngettext
from crowd.web.times import when
from crowd.web.words import STAGES


@dataclass(frozen=True)
class StageLabel:
    label: str
    state: str  # past, current, next
    when: Markup


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    count: int | None
    current: bool


@dataclass(frozen=True)
class Fact:
    term: str
    value: str | Markup
    note: str | Markup | None = None


@dataclass(frozen=True)
class HeadAct:
    label: str
    url: str | None
    method: str = "get"
    enabled: bool = True
    reason: str | None = None


@dataclass(frozen=True)
class CallHead:
    organization: str
    organization_url: str
    accent_url: str | None
    title: str
    url: str
    lead: str
    status: CallStatus
    tabs: list[Tab]
    act: HeadAct | None
    standing: Standing
    counts: CallCounts
    now: datetime
    rehearsal: RehearsalBar | None

    # Said only by some of the call's pages, so put into words when asked for.
    @cached_property
    def stages(self) -> list[StageLabel]:
        return stage_labels(self.standing.call, self.now)

    @cached_property
    def facts(self) -> list[Fact]:
        return head_facts(self.standing.call, self.now)


@bp.app_template_global()
def call_head(found: Found[Any], tab: str) -> CallHead:
    """The head of a page of a call. `found`: a call, or a noun of one (`row.call` and `facts.call`); its organization is loaded.

    `tab`: call proposals comments vote rounds results history, for staff and jurors also screening reviews decisions schedule edit.
    """
    call: Call = found.row if isinstance(found.row, Call) else found.row.call
    facts: CallFacts = found.facts if isinstance(found.facts, CallFacts) else found.facts.call
    now = utc_now()
    standing, counts = standing_of(db.session(), facts, current_actor(), now)
    return CallHead(
        organization=call.organization.name,
        organization_url=url_for("pages.organization", slug=call.organization.slug),
        accent_url=_accent_url(call),
        title=facts.rules.title or _("Untitled call"),
        url=call_url("pages.call", call),
        lead=facts.rules.lead,
        status=facts.status,
        tabs=list(_tabs(call, standing, counts, tab, now)),
        act=_act(call, facts, next_act(standing, now)),
        standing=standing,
        counts=counts,
        now=now,
        rehearsal=rehearsal_bar(call, standing, now),
    )


def call_url(endpoint: str, call: Call, **values: Any) -> str:
    return url_for(endpoint, public_id=call.public_id, **values)


def _accent_url(call: Call) -> str | None:
    return accent_url(call.organization.accent)


# stages
def stage_labels(facts: CallFacts, now: datetime) -> list[StageLabel]:
    clock = facts.clock(now)
    return [_stage_label(stage, facts, clock) for stage in facts.schedule]


def _stage_label(stage: Stage, facts: CallFacts, clock: datetime) -> StageLabel:
    zone = facts.rules.time_zone
    state = _state_of(stage, clock)
    if state == "next" or stage.closes_at is None:
        moment = escape(_("from %(when)s")) % {"when": when(stage.opens_at, "short", zone)}
    else:
        moment = escape(_("until %(when)s")) % {"when": when(stage.closes_at, "short", zone)}
    return StageLabel(str(STAGES[stage.kind]), state, moment)


def _state_of(stage: Stage, clock: datetime) -> str:
    if stage.closes_at is not None and stage.closes_at <= clock:
        return "past"
    return "current" if stage.opens_at <= clock else "next"


# tabs
def _tabs(call: Call, standing: Standing, counts: CallCounts, current: str, now: datetime) -> Iterator[Tab]:
    published = call.status is not CallStatus.DRAFT

    def tab(name: str, label: str, endpoint: str, count: int | None = None, **values: Any) -> Tab:
        return Tab(label, call_url(endpoint, call, **values), count, name == current)

    yield tab("call", _("Call"), "pages.call")
    if published:
        yield tab("proposals", _("Proposals"), "pages.proposals", counts.proposals)
        yield tab("comments", _("Discussion"), "conversation.on_call", counts.comments)
        if standing.open_round(RoundKind.VOTE, now):
            yield tab("vote", _("Vote"), "voting.vote")
        key = _round_to_show(standing, now)
        if key:
            yield tab("rounds", _("Rounds"), "rounds.show", key=key)
    if counts.is_juror or (standing.manages and published and _has_review(standing)):
        yield tab("reviews", _("Reviews"), "reviews.index", counts.reviews_left or None)
    if published and _is_staff(standing):
        yield tab("desk", _("Desk"), "desk.overview")
    if published and _staffs(standing):
        yield tab("screening", _("Screening"), "proposals.screening", counts.to_screen)
    if standing.manages and published:
        yield tab("decisions", _("Decision"), "selection.decisions")
        yield tab("schedule", _("Schedule"), "calls.schedule")
    if standing.call.results_published:
        yield tab("results", _("Results"), "selection.results")
    if published:
        yield tab("history", _("History"), "calls.history")
    elif standing.manages:
        yield tab("edit", _("Edit"), "calls.edit")


def _has_review(standing: Standing) -> bool:
    return any(facts.round.kind is RoundKind.REVIEW for facts in standing.rounds)


def _staffs(standing: Standing) -> bool:
    return standing.manages or standing.to_screen > 0 or _is_moderator(standing)


def _is_staff(standing: Standing) -> bool:
    return standing.actor.roles.get(standing.call.organization.id) in STAFF


def _is_moderator(standing: Standing) -> bool:
    return standing.actor.roles.get(standing.call.organization.id) == "moderator"


def _round_to_show(standing: Standing, now: datetime) -> str | None:
    """The open round, else the last one that was, else (for managers) the first."""
    clock = standing.call.clock(now)
    begun = [r for r in standing.rounds if (stage := r.stage()) is not None and stage.opens_at <= clock]
    shown = next((r for r in begun if r.is_open(now)), begun[-1] if begun else None)
    if shown is None and standing.manages and standing.rounds:
        shown = standing.rounds[0]
    return shown.round.key if shown else None


# facts
def head_facts(facts: CallFacts, now: datetime) -> list[Fact]:
    """What you get · who decides · who may take part · how long is left · when you are answered."""
    rules = facts.rules
    said = [
        Fact(_("What you get"), rules.prize or rules.credit, rules.credit if rules.prize else None),
        Fact(_("Who decides"), rules.decides),
        Fact(_("Who may take part"), rules.eligibility),
        *_deadline(facts, now),
    ]
    if rules.answer_days is not None:
        days = ngettext("%(num)d working day", "%(num)d working days", rules.answer_days)
        said.append(Fact(_("Answers within"), days, rules.contact or None))
    return [fact for fact in said if fact.value]


def _deadline(facts: CallFacts, now: datetime) -> Iterator[Fact]:
    if facts.status is not CallStatus.PUBLISHED or facts.results_published:
        return
    position, zone = facts.position(now), facts.rules.time_zone
    if position.current and position.current.closes_at:
        label = _("%(stage)s: open until", stage=STAGES[position.current.kind])
        yield Fact(
            label, when(position.current.closes_at, "relative"), when(position.current.closes_at, "absolute", zone)
        )
    elif position.following:
        label = _("%(stage)s: opens", stage=STAGES[position.following.kind])
        yield Fact(
            label, when(position.following.opens_at, "relative"), when(position.following.opens_at, "absolute", zone)
        )


# act
ACT_WORDS: dict[ActKind, Any] = {
    ActKind.SIGN_IN: _l("Sign in to take part"),
    ActKind.START_PROPOSAL: _l("Start a proposal"),
    ActKind.CONTINUE_DRAFT: _l("Continue your draft"),
    ActKind.SEE_PROPOSAL: _l("See your proposal"),
    ActKind.SEE_PROPOSALS: _l("See the proposals"),
    ActKind.VOTE: _l("Go to the vote"),
    ActKind.CHANGE_BALLOT: _l("Change your ballot"),
    ActKind.CONFIRM_ROUND: _l("Confirm the list of candidates"),
    ActKind.FOLLOW_REVIEWS: _l("See how the reviews go"),
    ActKind.DECIDE: _l("Decide"),
    ActKind.SEE_RESULTS: _l("See the results"),
    ActKind.CONTINUE_CALL: _l("Continue writing the call"),
}


def _act(call: Call, facts: CallFacts, act: NextAct | None) -> HeadAct | None:
    if act is None:
        return None
    label = _act_words(act)
    if act.refused is not None:
        reason = sentence(act.refused.predicate, opens_at=act.refused.opens_at, zone=facts.rules.time_zone)
        return HeadAct(label, None, enabled=False, reason=reason)
    return HeadAct(label, _act_url(call, act))


def _act_words(act: NextAct) -> str:
    if act.kind is ActKind.REVIEW:
        return ngettext("Review %(num)d proposal", "Review %(num)d proposals", act.count)
    if act.kind is ActKind.SCREEN:
        return ngettext("Screen %(num)d proposal", "Screen %(num)d proposals", act.count)
    if act.kind is ActKind.SIGN_IN and act.subject:
        return _("Sign in to vote")
    return str(ACT_WORDS[act.kind])


def _act_url(call: Call, act: NextAct) -> str:
    match act.kind:
        case ActKind.SIGN_IN:
            target = call_url("voting.vote" if act.subject else "proposals.propose", call)
            return url_for("accounts.sign_in", next=target)
        case ActKind.CONTINUE_DRAFT:
            return url_for("proposals.edit", public_id=act.subject)
        case ActKind.SEE_PROPOSAL:
            return url_for("pages.proposal", public_id=act.subject)
        case ActKind.CONFIRM_ROUND:
            return call_url("selection.field", call, key=act.subject)
        case _:
            return call_url(ACT_PAGES[act.kind], call)


ACT_PAGES: dict[ActKind, str] = {
    ActKind.START_PROPOSAL: "proposals.propose",
    ActKind.SEE_PROPOSALS: "pages.proposals",
    ActKind.VOTE: "voting.vote",
    ActKind.CHANGE_BALLOT: "voting.vote",
    ActKind.REVIEW: "reviews.index",
    ActKind.SCREEN: "proposals.screening",
    ActKind.FOLLOW_REVIEWS: "reviews.index",
    ActKind.DECIDE: "selection.decisions",
    ActKind.SEE_RESULTS: "selection.results",
    ActKind.CONTINUE_CALL: "calls.edit",
}
