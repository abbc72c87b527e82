"""Inviting people to a call, and leave to hand in late."""

from datetime import datetime
from typing import Any

from wtforms import RadioField

from crowd.calls.commands import Permit, WayIn
from crowd.calls.forms.fields import whole_number
from crowd.core.status import InvitationKind
from crowd.web.addresses import AddressList
from crowd.web.clock_field import WallClock, clock_text
from crowd.web.forms import BaseForm, address_field, choice, long_text, one_line, required
from crowd.web.text import _, _l
from crowd.web.times import zone_name, zone_of


class AddressesForm(BaseForm):
    addresses = AddressList(
        _l("E-mail addresses"),
        description=_l("One in each line, or parted by commas. Each gets a link of its own by mail."),
    )


class WayInForm(BaseForm):
    kind = RadioField(_l("What do you hand out?"), default=InvitationKind.LINK.value)
    label = one_line(_l("For whom, in your own words"), most=200, needed=False)
    expires_at = WallClock(_l("Holds until"))
    max_uses = whole_number(_l("How many may use it"), 1, 100_000)

    def __init__(self, zone: str, **kwargs: Any) -> None:
        self.zone = zone
        super().__init__(**kwargs)
        self.kind.choices = [
            choice(InvitationKind.LINK.value, _l("A link")),
            choice(InvitationKind.CODE.value, _l("A code to type in")),
        ]

    def command(self) -> WayIn | None:
        ends = self.expires_at.moment(self.zone)
        if self.expires_at.errors:
            return None
        return WayIn(InvitationKind(self.kind.data), self.label.data or "", ends, self.max_uses.data)


class CodeForm(BaseForm):
    code = one_line(_l("Code"), most=40)


class PermitForm(BaseForm):
    email = address_field(_l("Whose e-mail address?"))
    reason = long_text(
        _l("Reason"),
        most=1000,
        description=_l("For your organization alone. The call only says how many permits there were."),
    )
    until = WallClock(_l("May hand in until"), [required()])

    def __init__(self, zone: str, suggested: datetime | None) -> None:
        self.zone = zone
        super().__init__(data={"until": clock_text(suggested, zone)})
        self.until.description = _(
            "By the clock of %(zone)s. Never beyond the next vote, review or decision.", zone=zone_name(zone_of(zone))
        )

    def command(self) -> Permit | None:
        until = self.until.moment(self.zone)
        return Permit(self.email.data or "", self.reason.data or "", until) if until else None
