"""Forms of accounts."""

from typing import Any

from flask_wtf.file import FileRequired
from wtforms import BooleanField, FileField, HiddenField, PasswordField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from crowd.accounts.commands import EditAccount
from crowd.accounts.queries import LANGUAGES, ZONES
from crowd.core.badges.orcid import read_orcid
from crowd.web.forms import BaseForm, address_field, choice, long_text, one_line, required
from crowd.web.text import _l

SENTENCES: dict[str, Any] = {
    "wrong_password": _l("The address or the password is not right."),
    "wrong_current_password": _l("This is not your current password."),
    "too_many_sign_ins": _l(
        "Too many wrong passwords. Wait a quarter of an hour, or let us mail you a link that signs you in."
    ),
    "too_many_mails": _l("Too many mails were asked for. Try again in an hour."),
    "link_used": _l("This link was used already."),
    "link_expired": _l("This link is too old."),
    "same_address": _l("This is your address already."),
    "address_gone": _l("This address cannot be used."),
    "not_oneself": _l("You cannot do this to your own account."),
}
LEAST_PASSWORD = 10
MOST_LINKS = 10


def new_password(label: Any, **kwargs: Any) -> PasswordField:
    least = Length(min=LEAST_PASSWORD, max=200, message=_l("At least %(min)d characters, at most %(max)d."))
    return PasswordField(label, [required(), least], **kwargs)


class SignInForm(BaseForm):
    email = address_field(_l("E-mail"))
    password = PasswordField(_l("Password"), [required()])
    next = HiddenField()


class AddressForm(BaseForm):
    """Ask for a link."""

    email = address_field(_l("E-mail"))
    next = HiddenField()


class SignUpForm(BaseForm):
    name = one_line(_l("Your name"), most=80, description=_l("As it should stand beside what you write."))
    email = address_field(_l("E-mail"), description=_l("We send a link to this address. It is never shown."))
    password = new_password(_l("Password"), description=_l("At least 10 characters."))
    accept = BooleanField(
        _l("I accept the terms and have read the privacy notice."),
        [InputRequired(message=_l("Without this there can be no account."))],
    )
    next = HiddenField()

    def validate_password(self, field: Any) -> None:
        if field.data and field.data.strip().casefold() == (self.email.data or "").casefold():
            raise ValidationError(str(_l("The password must not be your address.")))


class PasswordForm(BaseForm):
    """Prove that one knows the password of an account."""

    password = PasswordField(_l("Password"), [required()])


class NewPasswordForm(BaseForm):
    new_password = new_password(_l("New password"), description=_l("At least 10 characters."))


class ChangePasswordForm(BaseForm):
    current_password = PasswordField(_l("Current password"))
    new_password = new_password(_l("New password"), description=_l("At least 10 characters."))


class PictureForm(BaseForm):
    picture = FileField(
        _l("Picture"),
        [FileRequired(message=_l("Choose a file."))],
        description=_l(
            "PNG, JPEG or WebP, at most 5 MB. Its middle is shown as a square; places and other hidden data are removed."
        ),
        render_kw={"accept": "image/png,image/jpeg,image/webp"},
    )


class AddressChangeForm(BaseForm):
    email = address_field(
        _l("New address"), description=_l("We send a link to it. Until you open that link nothing changes.")
    )
    current_password = PasswordField(_l("Current password"))


class AcceptForm(BaseForm):
    accept = BooleanField(
        _l("I accept the terms and have read the privacy notice."),
        [InputRequired(message=_l("Accept to go on, or sign out."))],
    )
    next = HiddenField()
    shown = HiddenField()  # the versions on the page: a newer one may come while it is read


class SettingsForm(BaseForm):
    name = one_line(_l("Your name"), most=80)
    bio = long_text(_l("About you"), most=2000, needed=False, description=_l("Markdown. Shown on your profile."))
    links = TextAreaField(
        _l("Links"), [Length(max=3000)], description=_l("One address on each line, beginning with https://.")
    )
    orcid = one_line(
        _l("ORCID iD"),
        most=60,
        needed=False,
        description=_l("Sixteen digits, such as 0000-0002-1825-0097. Shown on your profile and in your credentials."),
    )
    language = SelectField(
        _l("Language"),
        choices=[choice(code, name) for code, name in LANGUAGES.items()],
        description=_l("Of pages and mails."),
    )
    time_zone = SelectField(_l("Time zone"), choices=[choice(zone, zone.replace("_", " ")) for zone in ZONES])
    profile_public = BooleanField(_l("Show my profile to everybody"))

    def validate_links(self, field: Any) -> None:
        lines = lines_of(field.data)
        if len(lines) > MOST_LINKS:
            raise ValidationError(str(_l("At most %(count)d links.", count=MOST_LINKS)))
        if any(not line.startswith(("https://", "http://")) or " " in line for line in lines):
            raise ValidationError(str(_l("Each line must be an address that begins with https://.")))

    def validate_orcid(self, field: Any) -> None:
        if field.data:
            try:
                field.data = read_orcid(field.data)
            except ValueError as error:
                raise ValidationError(
                    str(_l("This is no ORCID iD: look at the digits again, the last one checks the others."))
                ) from error

    def command(self) -> EditAccount:
        return EditAccount(
            orcid=self.orcid.data or "",
            name=self.name.data or "",
            bio=self.bio.data or "",
            links=tuple(lines_of(self.links.data)),
            language=self.language.data,
            time_zone=self.time_zone.data,
            profile_public=bool(self.profile_public.data),
        )


def lines_of(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
