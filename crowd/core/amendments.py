"""Which changes of frozen rules are fair to those who entered under them: a difference field by field, and one table of rules.

Dates never move by an amendment (they are shifted beside the rules), stages and rounds neither come nor go, what was opened or
judged stays as it is. What binds or could harm those who handed in needs their consent; the rest is told to them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeAlias

from crowd.core.rules import CallRules, Gate, Publicity, Quota, ResultsPublicity, Stage
from crowd.core.status import StageKind

Path: TypeAlias = tuple[str, ...]

ORDER = "order"
LEAST_TIME = timedelta(days=3)
"""How long people have at least to answer."""
MOST_TIME = timedelta(days=60)


class Verdict(StrEnum):
    ALLOWED = "allowed"
    CONSENT = "consent"
    REFUSED = "refused"


@dataclass(frozen=True)
class RuleChange:
    """One field, by its path (`("rounds", "jury", "min_reviews")`); None where a part was added or taken away."""

    path: Path
    before: Any
    after: Any


@dataclass(frozen=True)
class Circumstances:
    """What already happened under the rules in force."""

    handed_in: int = 0  # proposals standing
    submission_over: bool = False
    frozen_rounds: frozenset[str] = frozenset()  # keys of rounds whose list is frozen
    judged: bool = False  # a ballot was cast or a review begun


@dataclass(frozen=True)
class Judgement:
    """`code` names the sentence that says why."""

    change: RuleChange
    verdict: Verdict
    code: str


def changes_of(old: CallRules, new: CallRules) -> tuple[RuleChange, ...]:
    """Every field that differs, in the order of the rules."""
    return tuple(_changes(old, new, ()))


def _changes(old: Any, new: Any, path: Path) -> Iterator[RuleChange]:
    if is_dataclass(old) and type(old) is type(new):
        for field in fields(old):
            yield from _changes(getattr(old, field.name), getattr(new, field.name), (*path, field.name))
    elif _is_keyed(old) and _is_keyed(new):
        yield from _keyed(_by_key(old), _by_key(new), path)
    elif old != new:
        yield RuleChange(path, old, new)


def _keyed(old: Mapping[str, Any], new: Mapping[str, Any], path: Path) -> Iterator[RuleChange]:
    for key in dict.fromkeys([*old, *new]):
        if key in old and key in new:
            yield from _changes(old[key], new[key], (*path, key))
        else:
            yield RuleChange((*path, key), old.get(key), new.get(key))
    kept_before, kept_after = (tuple(k for k in one if k in old and k in new) for one in (old, new))
    if kept_before != kept_after:
        yield RuleChange((*path, ORDER), kept_before, kept_after)


def _is_keyed(value: Any) -> bool:
    """A list of parts that have names of their own (also an empty list)."""
    return (
        isinstance(value, tuple)
        and all(is_dataclass(item) for item in value)
        and len({_key(item) for item in value}) == len(value)
    )


def _by_key(items: Sequence[Any]) -> dict[str, Any]:
    return {_key(item): item for item in items}


def _key(item: Any) -> str:
    if isinstance(item, Gate):
        return f"{item.round}.{item.kind}"
    if isinstance(item, Quota):
        return f"tag {item.tag}"
    return str(getattr(item, "key", None) or getattr(item, "round", ""))


Rule: TypeAlias = Callable[[RuleChange, Circumstances], tuple[Verdict, str]]

ALLOWED = (Verdict.ALLOWED, "change_explains")


def _free(change: RuleChange, now: Circumstances) -> tuple[Verdict, str]:
    """It explains and harms nobody."""
    return ALLOWED


def _binding(change: RuleChange, now: Circumstances) -> tuple[Verdict, str]:
    """People entered because of it."""
    return (Verdict.CONSENT, "change_binds") if now.handed_in else (Verdict.ALLOWED, "change_before_entries")


def _dates(change: RuleChange, now: Circumstances) -> tuple[Verdict, str]:
    if len(change.path) > 2 and change.path[2] == "closes_at" and _earlier(change):
        return Verdict.REFUSED, "change_shorter_deadline"
    whole = change.path[0] == "stages" and len(change.path) == 2
    return Verdict.REFUSED, "change_stages_fixed" if whole else "change_by_shift"


def _earlier(change: RuleChange) -> bool:
    return isinstance(change.before, datetime) and isinstance(change.after, datetime) and change.after < change.before


def _part(change: RuleChange, now: Circumstances) -> tuple[Verdict, str]:
    """Something more is asked of every proposal: who handed in must still be able to give it."""
    if not now.handed_in:
        return Verdict.ALLOWED, "change_before_entries"
    return (Verdict.REFUSED, "change_part_too_late") if now.submission_over else (Verdict.CONSENT, "change_new_part")


def _asked(change: RuleChange, now: Circumstances) -> tuple[Verdict, str]:
    return _part(change, now) if change.after else _binding(change, now)


def _declarations(change: RuleChange, now: Circumstances) -> tuple[Verdict, str]:
    fewer = set(change.after or ()) <= set(change.before or ())
    return ALLOWED if fewer else _binding(change, now)


def _questions(change: RuleChange, now: Circumstances) -> tuple[Verdict, str]:
    """Questions of a proposal: new compulsory ones ask more, narrower limits bind, wider ones harm nobody."""
    leaf = change.path[-1]
    if len(change.path) == 2:
        compulsory = change.after is not None and (change.after.required or change.after.required_from is not None)
        return _part(change, now) if compulsory else ALLOWED if change.before is None else _binding(change, now)
    match leaf:
        case "label" | "help" | "order":
            return ALLOWED
        case "required":
            return _part(change, now) if change.after else ALLOWED
        case "choices":
            return ALLOWED if set(change.before) <= set(change.after) else _binding(change, now)
        case "longest" | "most_choices":
            return _not_less(change, now)
        case _:
            return _binding(change, now)


def _not_less(change: RuleChange, now: Circumstances) -> tuple[Verdict, str]:
    """More of it harms nobody; None is no limit, or no promise."""
    before, after = change.before, change.after
    return ALLOWED if before is not None and after is not None and after > before else _binding(change, now)


def _not_later(change: RuleChange, now: Circumstances) -> tuple[Verdict, str]:
    before, after = change.before, change.after
    return ALLOWED if before is None or (after is not None and after < before) else _binding(change, now)


_OPENNESS: dict[Any, int] = {
    **{kind: place for place, kind in enumerate(reversed(Publicity))},
    **{kind: place for place, kind in enumerate(reversed(ResultsPublicity))},
}


def _not_more_public(change: RuleChange, now: Circumstances) -> tuple[Verdict, str]:
    narrower = _OPENNESS[change.after] < _OPENNESS[change.before]
    return ALLOWED if narrower else _binding(change, now)


def _entry(change: RuleChange, now: Circumstances) -> tuple[Verdict, str]:
    """How proposals come into rounds: fixed once the first list is frozen."""
    return (Verdict.REFUSED, "change_round_frozen") if now.frozen_rounds else _binding(change, now)


def _rounds(change: RuleChange, now: Circumstances) -> tuple[Verdict, str]:
    if len(change.path) == 2:
        return Verdict.REFUSED, "change_stages_fixed"
    if change.path[1] in now.frozen_rounds:
        rubric = change.path[2] == "criteria"
        return Verdict.REFUSED, "change_rubric_frozen" if rubric else "change_round_frozen"
    if change.path[2] == "stage":
        return Verdict.REFUSED, "change_stages_fixed"
    return ALLOWED if change.path[2] == "title" else _binding(change, now)


def _selection(change: RuleChange, now: Circumstances) -> tuple[Verdict, str]:
    if now.judged:
        return Verdict.REFUSED, "change_judged"
    if change.path[1] == "reasons":
        return ALLOWED
    return _not_less(change, now) if change.path[1] in {"places", "budget"} else _binding(change, now)


RULES: dict[str, Rule] = {
    "title": _free,
    "lead": _free,
    "body": _free,
    "tags": _free,
    "language": _free,
    "time_zone": _dates,
    "audience": _binding,
    "entrants": _binding,
    "eligibility": _binding,
    "own_people_may_enter": _binding,
    "handed_in": _binding,
    "asks_cost": _asked,
    "currency": _binding,
    "max_attachments": _not_less,
    "custom_fields": _questions,
    "paper_days": _binding,
    "most_as_lead": _not_less,
    "most_in_team": _not_less,
    "declarations": _declarations,
    "prize": _binding,
    "credit": _binding,
    "licence": _binding,
    "contact": _free,
    "answer_days": _not_later,
    "screening": _entry,
    "unscreened": _entry,
    "left_out": _entry,
    "publicity": _not_more_public,
    "results_publicity": _not_more_public,
    "decides": _binding,
    "stages": _dates,
    "rounds": _rounds,
    "selection": _selection,
}
"""The rule for every field of `CallRules`; a field without one binds."""


def judge_amendment(old: CallRules, new: CallRules, now: Circumstances) -> tuple[Judgement, ...]:
    """Every change with its verdict."""
    return tuple(
        Judgement(change, *RULES.get(change.path[0], _binding)(change, now)) for change in changes_of(old, new)
    )


def verdict_of(judgements: Sequence[Judgement]) -> Verdict:
    """The strictest of all."""
    found = {judgement.verdict for judgement in judgements}
    return next((one for one in (Verdict.REFUSED, Verdict.CONSENT) if one in found), Verdict.ALLOWED)


def latest_answer(schedule: Sequence[Stage], now: datetime) -> datetime:
    """Until when people may be asked: before the next stage of judging or deciding opens."""
    deciding = {StageKind.VOTING, StageKind.REVIEW, StageKind.SELECTION, StageKind.RESULTS}
    opens = [stage.opens_at for stage in schedule if stage.kind in deciding and stage.opens_at > now]
    return min([now + MOST_TIME, *opens])
