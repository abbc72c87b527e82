"""How firm a result is, in words, for the pages that show results."""

from dataclasses import dataclass
from typing import Any

from crowd.calls.models import Call
from crowd.core.objections import Finality, Window
from crowd.core.permissions import Permission, Permitted, judge
from crowd.core.status import ObjectionStatus
from crowd.objections.gates import result_facts
from crowd.objections.queries import count_corrected, counts_of, state_of
from crowd.objections.views.blueprint import bp
from crowd.store.db import db, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.text import _, ngettext
from crowd.web.times import absolute


@dataclass(frozen=True)
class State:
    """`words` say it to everybody; `refused`: why this person may not object now, None if they may."""

    finality: Finality
    window: Window
    words: str
    number: int
    may_object: bool


@bp.app_template_global()
def objection_state(found: Found[Call]) -> State | None:
    """None where the result is not published, or the call takes no objections."""
    if not found.facts.results_published:
        return None
    now = utc_now()
    finality, window = state_of(db.session(), found.row, found.facts, now)
    if window is None:
        return None
    counts = counts_of(db.session(), found.row.id)
    facts = result_facts(db.session(), found.row, found.facts, current_actor())
    return State(
        finality,
        window,
        " ".join(
            _words(finality, window, counts, found.facts.rules.time_zone, count_corrected(db.session(), found.row.id))
        ),
        sum(number for status, number in counts.items() if status is not ObjectionStatus.WITHDRAWN),
        isinstance(judge(current_actor(), Permission.OBJECTION_FILE, facts, now), Permitted),
    )


def _words(finality: Finality, window: Window, counts: Any, zone: str, corrected: int) -> list[str]:
    waiting, upheld = (counts.get(status, 0) for status in (ObjectionStatus.OPEN, ObjectionStatus.UPHELD))
    answered = upheld + counts.get(ObjectionStatus.REJECTED, 0)
    until = absolute(window.closes_at, zone)
    sentences = {
        Finality.OPEN: _(
            "This result is provisional: whoever handed in a proposal or voted can object until %(when)s.", when=until
        ),
        Finality.ANSWERING: _(
            "This result is provisional: the time to object is over, and not every objection is answered."
        ),
        Finality.FINAL: _("This result is final."),
    }
    words = [sentences[finality]]
    if waiting:
        words.append(
            ngettext("%(num)s objection waits for an answer.", "%(num)s objections wait for an answer.", waiting)
        )
    if answered:
        words.append(
            ngettext(
                "%(num)s objection was answered, %(upheld)s upheld.",
                "%(num)s objections were answered, %(upheld)s of them upheld.",
                answered,
                upheld=upheld,
            )
        )
    elif finality is Finality.FINAL and not waiting:
        words.append(_("Nobody objected."))
    if corrected:
        words.append(
            ngettext(
                "%(num)s proposal has been corrected since it was published, with a public note.",
                "%(num)s proposals have been corrected since it was published, each with a public note.",
                corrected,
            )
        )
    return words
