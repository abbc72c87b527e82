"""Between instants and what the clock on a call's wall shows, also in the nights when clocks are changed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

from crowd.core.errors import InvalidInput

_FOREIGN = ("Etc/", "SystemV/", "US/", "Canada/", "posix/", "right/", "Brazil/", "Chile/", "Mexico/")


def utc_text(moment: datetime) -> str:
    """As it stands in records that are hashed or signed: UTC to the second, `2026-11-30T12:00:00Z`."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def instant(local: datetime, zone: str) -> datetime:
    """The instant at which a clock in `zone` shows `local` (without zone); of two, the earlier.

    Raises InvalidInput `no_such_time` for a time that is skipped when clocks go forward.
    """
    moment = local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    if wall_clock(moment, zone) != local:
        raise InvalidInput("no_such_time")
    return moment


def wall_clock(moment: datetime, zone: str) -> datetime:
    """What a clock in `zone` shows at `moment`: without zone, to the minute or as exact as the moment."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def time_zones() -> list[str]:
    """Names to choose from, `Region/City` and UTC; old aliases are left out."""
    named = {name for name in available_timezones() if "/" in name and not name.startswith(_FOREIGN)}
    return ["UTC", *sorted(named)]
