"""The bar of a rehearsal: which day it is, and the acts possible now."""

from dataclasses import dataclass
from datetime import datetime

from crowd.calls.models import Call
from crowd.core.next_act import Standing
from crowd.core.rules import RoundKind
from crowd.core.status import StageKind
from crowd.web.text import _


@dataclass(frozen=True)
class RehearsalBar:
    """`acts`: names of the acts possible now, with their words."""

    key: str
    day: int
    acts: list[tuple[str, str]]


def rehearsal_bar(call: Call, standing: Standing, now: datetime) -> RehearsalBar | None:
    """None for a call that is no rehearsal."""
    if not call.is_rehearsal:
        return None
    facts = standing.call
    kind = facts.position(now).kind
    labels = {
        "next": _("Go to the next stage"),
        "day": _("One day on"),
        "fill": _("Fill with 30 proposals") if kind is StageKind.SUBMISSION else "",
        "screen": _("Screen all") if standing.to_screen else "",
        "vote": _("Let 40 people vote") if standing.open_round(RoundKind.VOTE, now) else "",
        "review": _("Let the jury review") if standing.open_round(RoundKind.REVIEW, now) else "",
        "decide": _("Decide and publish") if kind is StageKind.SELECTION and not facts.results_published else "",
    }
    day = (now - facts.schedule[0].opens_at).days + 1 if facts.schedule else 1
    return RehearsalBar(call.public_id, max(day, 1), [(name, words) for name, words in labels.items() if words])
