"""Who reads which answer, and which answers are asked or fixed now. Every page, file, search and mail asks `shown_answers`."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from crowd.core.actor import STAFF, Actor
from crowd.core.fields import AnswerKind, Answers, CustomField, SeenBy
from crowd.core.rules import CallRules, LeftOut, Stage
from crowd.core.status import CallStatus, ProposalStatus, StageKind
from crowd.core.subjects import CallFacts, ProposalFacts

EVERYBODY = frozenset({SeenBy.PUBLIC})
REVIEWING = EVERYBODY | {SeenBy.REVIEWERS}
INSIDE = frozenset(SeenBy)

RUNNING = frozenset(
    {
        ProposalStatus.SUBMITTED,
        ProposalStatus.CORRECTION,
        ProposalStatus.ELIGIBLE,
        ProposalStatus.SHORTLISTED,
        ProposalStatus.SELECTED,
        ProposalStatus.RESERVE,
    }
)
WINNING = frozenset({ProposalStatus.SELECTED, ProposalStatus.RESERVE})
AFTER_THE_DECISION = frozenset({StageKind.OBJECTION, StageKind.RESULTS, StageKind.FOLLOW_UP})


def eyes_of(actor: Actor, facts: ProposalFacts) -> frozenset[SeenBy]:
    """What this person reads of a proposal they may see: all as its author or organizer, more than the public as its reviewer."""
    if actor.account_id is None:
        return EVERYBODY
    if actor.account_id in facts.team_ids or actor.roles.get(facts.call.organization.id) in STAFF:
        return INSIDE
    return REVIEWING if actor.account_id in facts.reader_ids else EVERYBODY


def shown_answers(
    fields: Iterable[CustomField], answers: Answers, eyes: frozenset[SeenBy]
) -> tuple[tuple[CustomField, Any], ...]:
    """The answers that these eyes may read, in the order of the form; questions without an answer are left out."""
    return tuple((asked, answers[asked.key]) for asked in fields if asked.seen_by in eyes and answers.get(asked.key))


def searchable(fields: Iterable[CustomField], answers: Answers) -> list[str]:
    """Public answers in words, for the search index."""
    kinds = {AnswerKind.SHORT, AnswerKind.LONG, AnswerKind.CHOICE, AnswerKind.CHOICES}
    public = shown_answers(fields, answers, EVERYBODY)
    return [
        word
        for asked, answer in public
        if asked.kind in kinds
        for word in (answer if isinstance(answer, list) else [answer])
    ]


def asked_to_hand_in(call: CallFacts, answers: Answers, now: datetime) -> tuple[CustomField, ...]:
    """Questions whose answers must be complete to hand in: the required ones, and others once they are answered."""
    return tuple(
        asked
        for asked in call.rules.custom_fields
        if not is_frozen(asked, call, now)
        and (asked.required or has_opened(asked.required_from, call, now) or answers.get(asked.key))
    )


def has_opened(stage: str | None, call: CallFacts, now: datetime) -> bool:
    found = next((each for each in call.schedule if each.key == stage), None)
    return found is not None and found.opens_at <= call.clock(now)


def is_frozen(asked: CustomField, call: CallFacts, now: datetime) -> bool:
    return has_opened(asked.frozen_from, call, now)


def asked_later(facts: ProposalFacts, now: datetime) -> tuple[CustomField, ...]:
    """Questions that came with a later stage and may be answered now, by the authors of what is still in the running.

    After the decision only what was selected, or stands in reserve, is asked. Who is told of a leaving-out only with the
    results is asked like the others until then.
    """
    if facts.call.status is not CallStatus.PUBLISHED:
        return ()
    status = _told_status(facts)
    return tuple(
        asked
        for asked in facts.call.rules.custom_fields
        if has_opened(asked.required_from, facts.call, now)
        and not is_frozen(asked, facts.call, now)
        and status in (WINNING if _stage(facts.call, asked.required_from).kind in AFTER_THE_DECISION else RUNNING)
    )


def _stage(call: CallFacts, key: str | None) -> Stage:
    return next(stage for stage in call.schedule if stage.key == key)


def _told_status(facts: ProposalFacts) -> ProposalStatus:
    call = facts.call
    told_later = call.rules.left_out is LeftOut.WITH_RESULTS and not call.results_published
    return ProposalStatus.ELIGIBLE if facts.status is ProposalStatus.NOT_ADVANCED and told_later else facts.status


def changed_answers(stored: Answers, given: Answers) -> dict[str, Any]:
    """The stored answers after a change: None takes one away, what is not named stays."""
    merged = {**stored, **given}
    return {key: answer for key, answer in merged.items() if answer}


def frozen_changes(call: CallFacts, stored: Answers, given: Mapping[str, Any], now: datetime) -> list[CustomField]:
    """Questions whose answer would change although it is fixed by now."""
    return [
        asked
        for asked in call.rules.custom_fields
        if asked.key in given
        and is_frozen(asked, call, now)
        and (given[asked.key] or None) != (stored.get(asked.key) or None)
    ]


def field_called(rules: CallRules, key: str) -> CustomField | None:
    return next((asked for asked in rules.custom_fields if asked.key == key), None)
