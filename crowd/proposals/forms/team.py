"""Inviting somebody to a team; roles and shares of the whole team at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wtforms import SelectMultipleField, StringField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from crowd.core.credit import WHOLE, CreditRole, percent_text, read_percent
from crowd.proposals.commands import Invitation, Place
from crowd.proposals.models import TeamMember
from crowd.web.forms import BaseForm, address_field, choice, one_line
from crowd.web.numbers import natural
from crowd.web.text import _, _l
from crowd.web.words import CREDIT_ROLES

KNOWN_ROLES = frozenset(role.value for role in CreditRole)


class InviteForm(BaseForm):
    name = one_line(_l("Name"), most=120)
    email = address_field(_l("E-mail"))
    share = StringField(_l("Share in percent"), [Optional()], description=_l("Leave empty for an equal part."))
    roles = SelectMultipleField(
        _l("What they contribute"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles.choices = [choice(role.value, words) for role, words in CREDIT_ROLES.items()]

    def validate_share(self, field: StringField) -> None:
        if points_of(field.data or "") is None:
            raise ValidationError(_("Write a percentage from 0 to 100, such as 33.33."))

    def invitation(self) -> Invitation:
        text = (self.share.data or "").strip()
        return Invitation(
            self.email.data or "", self.name.data or "", tuple(self.roles.data or ()), points_of(text) if text else None
        )


class RolesForm(BaseForm):
    """What somebody says of their own contribution."""

    roles = SelectMultipleField(
        _l("What you contribute"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles.choices = [choice(role.value, words) for role, words in CREDIT_ROLES.items()]


class AnswerForm(BaseForm):
    pass


def points_of(text: str) -> int | None:
    """Hundredths of a percent, None for anything but a percentage from 0 to 100."""
    try:
        points = read_percent(text)
    except ValueError:
        return None
    return points if points <= WHOLE else None


@dataclass
class TeamTable:
    """Order, share and roles of each member as typed: `share-<id>`, `order-<id>`, `roles-<id>`."""

    members: Sequence[TeamMember]
    typed: Mapping[int, Mapping[str, Any]]
    errors: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, members: Sequence[TeamMember]) -> "TeamTable":
        """As it is proposed, or else in force."""
        return cls(
            members,
            {
                member.id: {
                    "share": percent_text(member.share if member.asked_share is None else member.asked_share),
                    "order": str(place),
                    "roles": list(member.roles if member.asked_roles is None else member.asked_roles),
                }
                for place, member in enumerate(members, 1)
            },
        )

    @classmethod
    def typed_in(cls, members: Sequence[TeamMember], form: Any) -> "TeamTable":
        """As posted; what is not a percentage is noted beside it."""
        typed = {
            member.id: {
                "share": form.get(f"share-{member.id}", ""),
                "order": form.get(f"order-{member.id}", ""),
                "roles": [role for role in form.getlist(f"roles-{member.id}") if role in KNOWN_ROLES],
            }
            for member in members
        }
        table = cls(members, typed)
        for id_, values in typed.items():
            if points_of(str(values["share"])) is None:
                table.errors[id_] = _("Write a percentage from 0 to 100, such as 33.33.")
        return table

    def places(self) -> list[Place]:
        """In the order asked for; a missing number stays where it was."""
        rows = []
        for place, member in enumerate(self.members, 1):
            values = self.typed[member.id]
            order = str(values["order"])
            share = points_of(str(values["share"])) or 0
            rows.append((natural(order, place), place, Place(member.id, tuple(values["roles"]), share)))
        return [row[2] for row in sorted(rows, key=lambda row: row[:2])]
