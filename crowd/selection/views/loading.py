"""The room and the lists as they stand now: counted first where a count is missing or overtaken."""

from crowd.core.subjects import CallFacts
from crowd.rounds.models import CallRound
from crowd.selection.actions.counting import recount, wants_count
from crowd.selection.queries.field import RoundField, field_of
from crowd.selection.queries.room import Room, room_of
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import current_actor


def current_room(call: CallFacts) -> Room:
    now = utc_now()
    room = room_of(db.session(), call)
    if not wants_count(room.numbers.rounds, call, now):
        return room
    with transaction() as session:
        recount(session, call.id, now)
    return room_of(db.session(), call)


def current_field(call: CallFacts, row: CallRound) -> RoundField:
    now = utc_now()
    found = field_of(db.session(), call, row, current_actor(), now)
    if not wants_count(found.sources, call, now):
        return found
    with transaction() as session:
        recount(session, call.id, now)
    return field_of(db.session(), call, row, current_actor(), now)
