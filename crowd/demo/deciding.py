"""Verdicts with their reasons, and publishing where the call has come so far."""

from datetime import datetime, timedelta

from crowd.calls.gates import facts_of_call
from crowd.core.status import Outcome, StageKind
from crowd.demo.chance import between
from crowd.demo.house import House
from crowd.demo.opening import Production
from crowd.objections.actions import answer_objection, file_objection, settle_result
from crowd.objections.commands import Answer, Object
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
    published = show.begun(StageKind.OBJECTION, house.now) or show.begun(StageKind.RESULTS, house.now)
    if published:
        _publish(house, show, published.opens_at - timedelta(hours=2))
        _object(house, show, published.opens_at)
        settle_result(house.session, show.call, now=house.past(house.now))


def _object(house: House, show: Production, since: datetime) -> None:
    """Objections come in the first days; each is answered within the week. A shortened set has not all who objected."""
    places = {entry.written.title: entry.proposal.public_id for entry in show.entries}
    for each in show.plan.protests if house.most is None else ():
        filed = since + timedelta(hours=between(20, 90, each.text))
        about = places[each.about] if each.about else None
        command = Object(each.kind, each.text, each.evidence, about, is_public=True)
        row = file_objection(house.session, show.call, command, actor=house.actor(each.by), now=house.past(filed))
        house.session.flush()
        answered = house.past(filed + timedelta(hours=between(30, 140, each.answer)))
        given = Answer(each.upheld, each.answer)
        answer_objection(house.session, row, given, actor=house.actor(each.answered_by), now=answered)
        house.session.flush()


def _publish(house: House, show: Production, at: datetime) -> None:
    room = room_of(house.session, facts_of_call(house.session, show.call.id))
    actor = house.actor(show.plan.manager)
    justification = show.plan.justification if room.readiness(actor).asks_justification else ""
    publish_results(house.session, show.call, Publish(room.fingerprint, justification), actor=actor, now=at)
    house.session.flush()
