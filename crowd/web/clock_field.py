"""A minute as the clock of a call shows it, as a field of a form."""

from datetime import datetime

from wtforms import StringField
from wtforms.widgets import DateTimeLocalInput

from crowd.core.errors import InvalidInput
from crowd.core.wall_clock import instant, wall_clock
from crowd.web.errors import sentence
from crowd.web.text import _

MINUTE = "%Y-%m-%dT%H:%M"


class WallClock(StringField):
    """A minute as the call's clock shows it; what was typed is kept as it is."""

    widget = DateTimeLocalInput()

    def local(self) -> datetime | None:
        """The time without zone, or None when nothing was typed. Raises ValueError for what is no time."""
        text = (self.data or "").strip().replace(" ", "T")
        return datetime.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None) if text else None

    def moment(self, zone: str) -> datetime | None:
        """The instant meant; an unreadable or impossible time becomes an error of this field."""
        try:
            local = self.local()
            return instant(local, zone) if local else None
        except InvalidInput as error:
            self.errors = [*self.errors, sentence(error.code)]
        except ValueError:
            self.errors = [*self.errors, _("Write date and time as 2026-05-12 18:00.")]
        return None


def clock_text(moment: datetime | None, zone: str) -> str:
    return wall_clock(moment, zone).strftime(MINUTE) if moment else ""
