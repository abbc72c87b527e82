"""Moments in words: in the reader's language, and in the zone they belong to (a call's deadlines in the call's own)."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from flask_babel import format_timedelta, get_locale, get_timezone
from markupsafe import Markup

from crowd.store.db import utc_now

MINUTE = timedelta(minutes=1)


def relative(moment: datetime, now: datetime) -> str:
    granularity = "minute" if abs(moment - now) >= MINUTE else "second"
    return str(format_timedelta(moment - now, granularity, add_direction=True, threshold=1.2))


def zone_name(zone: tzinfo) -> str:
    """A zone as a city: `Mexico City`, `UTC`."""
    return str(zone).split("/")[-1].replace("_", " ")


def zone_of(zone: str | None) -> tzinfo:
    """The zone called so (a call's), or the reader's own."""
    return ZoneInfo(zone) if zone else get_timezone() or UTC


def day_of(moment: datetime, pattern: str, zone: str | None = None) -> str:
    """A moment in the reader's language, in `zone` or the reader's own."""
    return _in_words(moment.astimezone(zone_of(zone)).replace(tzinfo=None), pattern, str(get_locale() or "en"))


def day(value: date) -> str:
    """A day of no zone: `12 April 2026`, in the reader's language."""
    return str(format_date(value, "d MMMM y", locale=str(get_locale() or "en")))


@lru_cache(maxsize=4096)
def _in_words(local: datetime, pattern: str, locale: str) -> str:
    """Kept, because the same dates stand on every page of a call."""
    return str(format_datetime(local, pattern, locale=locale))


def absolute(moment: datetime, zone: str | None = None) -> str:
    """`Fri 12 May 2026, 18:00 Mexico City`, in the reader's language; in `zone` or the reader's own."""
    return f"{day_of(moment, 'EEE d MMM y, HH:mm', zone)} {zone_name(zone_of(zone))}"


def when(moment: datetime | None, style: str = "both", zone: str | None = None) -> Markup:
    """A `<time>`: `both` relative with the absolute in brackets, `relative`, `absolute`, `local` (without the zone's name), `short` or `day`.

    Deadlines of a call are shown in the call's `zone`; other times in the reader's own.
    """
    if moment is None:
        return Markup("")
    machine = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        machine, absolute(moment, zone), _shown(moment, style, zone)
    )


def _shown(moment: datetime, style: str, zone: str | None) -> str | Markup:
    match style:
        case "relative":
            return Markup("<span data-relative>{}</span>").format(relative(moment, utc_now()))
        case "absolute":
            return absolute(moment, zone)
        case "short":
            return day_of(moment, "d MMM, HH:mm", zone)
        case "local":
            return day_of(moment, "EEE d MMM y, HH:mm", zone)
        case "day":
            return day_of(moment, "d MMM y", zone)
        case _:
            return Markup('<span data-relative>{}</span> <span class="date">({})</span>').format(
                relative(moment, utc_now()), absolute(moment, zone)
            )
