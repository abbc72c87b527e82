"""Forms of organizations."""

import re
from typing import Any

from wtforms import RadioField, SelectField, StringField, SubmitField
from wtforms.validators import Optional, Regexp, ValidationError

from crowd.accounts.queries import LANGUAGES, ZONES
from crowd.core.status import OrganizationRole
from crowd.organizations.commands import InviteMember, Profile
from crowd.web.forms import BaseForm, address_field, choice, choices_of, long_text, one_line, version_field
from crowd.web.numbers import natural
from crowd.web.text import _l

SENTENCES: dict[str, Any] = {
    "last_owner": _l("An organization needs an owner: make somebody else an owner first."),
    "not_your_membership": _l("You can only end your own membership."),
    "already_member": _l("This person is a member already."),
    "already_invited_member": _l("This address is invited already. Send the invitation again below."),
    "member_invitation_over": _l("This invitation was answered or withdrawn."),
}
ROLE_WORDS: dict[OrganizationRole, Any] = {
    OrganizationRole.OWNER: _l("Owner"),
    OrganizationRole.MANAGER: _l("Manager"),
    OrganizationRole.MODERATOR: _l("Moderator"),
    OrganizationRole.MEMBER: _l("Member"),
}
ROLE_HELP: dict[str, Any] = {
    "owner": _l("Appoints people, edits the profile, and all that managers do."),
    "manager": _l("Writes calls, decides with reasons, publishes results."),
    "moderator": _l("Screens proposals and keeps conversations fair."),
    "member": _l("Takes part in calls for members."),
}
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")


class ProfileForm(BaseForm):
    name = one_line(_l("Name"), most=120)
    summary = one_line(_l("In one sentence"), most=200, description=_l("What you do and for whom."))
    about = long_text(_l("About"), most=10_000, needed=False, description=_l("Markdown."))
    website = one_line(_l("Website"), needed=False, description=_l("An address that begins with https://."))
    contact = one_line(_l("Contact"), needed=False, description=_l("Shown to everybody: an address or a number."))
    language = SelectField(
        _l("Language"),
        choices=[choice(code, name) for code, name in LANGUAGES.items()],
        description=_l("Of invitations to people who have no account yet."),
    )
    time_zone = SelectField(_l("Time zone"), choices=[choice(zone, zone.replace("_", " ")) for zone in ZONES])
    accent = StringField(
        _l("Colour"),
        [Optional(), Regexp(_COLOUR, message=_l("A colour is # and six digits, such as #1f6f5c."))],
        description=_l("Your brand's colour, such as #1f6f5c; it is made dark or light enough to read. Empty: ours."),
    )
    version = version_field()
    preview = SubmitField(_l("Show the colour"))

    def validate_website(self, field: Any) -> None:
        if field.data and (not field.data.startswith(("https://", "http://")) or " " in field.data):
            raise ValidationError(str(_l("An address begins with https://.")))

    def command(self) -> Profile:
        return Profile(
            name=self.name.data or "",
            summary=self.summary.data or "",
            about=self.about.data or "",
            website=self.website.data or "",
            contact=self.contact.data or "",
            language=self.language.data,
            time_zone=self.time_zone.data,
            accent=(self.accent.data or "").strip().lower(),
        )

    def opened_version(self) -> int:
        return natural(str(self.version.data or ""))


class InviteForm(BaseForm):
    email = address_field(_l("E-mail"))
    role = RadioField(_l("Role"), choices=choices_of(OrganizationRole, ROLE_WORDS), default=OrganizationRole.MEMBER)

    def command(self) -> InviteMember:
        return InviteMember(self.email.data or "", OrganizationRole(self.role.data))


class RoleForm(BaseForm):
    role = SelectField(_l("Role"), choices=choices_of(OrganizationRole, ROLE_WORDS))
