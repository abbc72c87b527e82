"""The picture of a call. It is no part of the rules: it may be changed at any time, and the change is on record."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from crowd.calls.gates import facts_of_call
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.errors import InvalidInput
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.files.covers import CoverFiles
from crowd.store.events import record
from crowd.web.access import require


def put_cover(
    session: Session, call: Call, picture: CoverFiles, keys: Mapping[str, str], alt: str, *, actor: Actor, now: datetime
) -> list[str]:
    """Show this picture, whose files are stored under `keys`, with `alt` for those who cannot see it; `call` is locked.

    Returns the storage keys of the earlier one, to be deleted after the commit.
    """
    _check(session, call, alt, actor, now)
    gone = cover_keys(call)
    call.cover = {
        "sha256": picture.sha256,
        "alt": " ".join(alt.split()),
        "width": picture.width,
        "height": picture.height,
        "files": dict(keys),
    }
    _record(session, call, actor, now)
    return gone


def describe_cover(session: Session, call: Call, alt: str, *, actor: Actor, now: datetime) -> None:
    """Other words for the picture that is there."""
    _check(session, call, alt, actor, now)
    if call.cover is None:
        raise InvalidInput("picture_needed", "picture")
    call.cover = {**call.cover, "alt": " ".join(alt.split())}
    _record(session, call, actor, now)


def remove_cover(session: Session, call: Call, *, actor: Actor, now: datetime) -> list[str]:
    """Returns the storage keys to be deleted after the commit."""
    require(actor, Permission.CALL_MANAGE, facts_of_call(session, call.id), now)
    gone = cover_keys(call)
    if gone:
        call.cover = None
        _record(session, call, actor, now)
    return gone


def cover_keys(call: Call) -> list[str]:
    return list(call.cover["files"].values()) if call.cover else []


def _check(session: Session, call: Call, alt: str, actor: Actor, now: datetime) -> None:
    require(actor, Permission.CALL_MANAGE, facts_of_call(session, call.id), now)
    if not alt.strip():
        raise InvalidInput("alt_needed", "alt")


def _record(session: Session, call: Call, actor: Actor, now: datetime) -> None:
    record(
        session,
        EventKind.CALL_COVER_CHANGED,
        now=now,
        actor_id=actor.account_id,
        organization_id=call.organization_id,
        call_id=call.id,
    )
    session.flush()  # a later act of the same commit reads the row again
