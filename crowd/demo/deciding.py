"""Verdicts with their reasons, and publishing where the call has come so far."""

from datetime import timedelta

from crowd.calls.gates import facts_of_call
from crowd.core.status import Outcome, StageKind
from crowd.demo.chance import between
from crowd.demo.house import House
from crowd.demo.opening import Production
from crowd.selection.actions.publish import publish_results
from crowd.selection.actions.verdicts import set_verdicts
from crowd.selection.commands import Decide, Publish
from crowd.selection.queries.room import room_of


def decide(house: House, show: Production) -> None:
    """What the file gives a verdict or, in a call with results, a reason; the rest is left for the manager."""
    stage = show.begun(StageKind.SELECTION, house.now)
    if stage is None:
        return
    actor, at = house.actor(show.plan.manager), stage.opens_at + timedelta(days=1)
    for entry in show.entries:
        reason = entry.written.headers.get("reason")
        if reason and entry.proposal.status in {"eligible", "shortlisted"}:
            outcome = Outcome(entry.written.headers.get("verdict", "not_selected"))
            at += timedelta(minutes=between(4, 15, entry.written.title))
            verdict = {entry.proposal.public_id: Decide(outcome, reason)}
            set_verdicts(house.session, show.call, verdict, actor=actor, now=house.past(at))
            house.session.flush()
    if show.begun(StageKind.RESULTS, house.now):
        _publish(house, show)


def _publish(house: House, show: Production) -> None:
    at = show.rules.stage(StageKind.RESULTS.value).opens_at + timedelta(hours=2)
    room = room_of(house.session, facts_of_call(house.session, show.call.id))
    actor = house.actor(show.plan.manager)
    justification = show.plan.justification if room.readiness(actor).asks_justification else ""
    publish_results(house.session, show.call, Publish(room.fingerprint, justification), actor=actor, now=at)
    house.session.flush()
