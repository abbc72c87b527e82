"""Forms of credit: correcting it, having it signed, endorsing it."""

from wtforms import BooleanField, SelectMultipleField, StringField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from crowd.core.credit import WHOLE, read_percent
from crowd.selection.commands import Endorse
from crowd.web.forms import BaseForm, choice, long_text, one_line, required
from crowd.web.text import _, _l
from crowd.web.words import ROLE_NAMES


class CreditForm(BaseForm):
    name = one_line(_l("Name"), most=300)
    share = StringField(_l("Share in percent"), [required()])
    roles = SelectMultipleField(
        _l("Roles"),
        [Optional()],
        choices=[choice(*each) for each in ROLE_NAMES.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    revoked = BooleanField(_l("Take this credit back"))
    note = long_text(_l("What was wrong"), most=2000, description=_l("Public, and sent to the person."))

    def validate_share(self, field: StringField) -> None:
        try:
            points = read_percent(field.data or "")
        except ValueError:
            points = WHOLE + 1
        if points > WHOLE:
            raise ValidationError(_("Write a percentage from 0 to 100, such as 33.33."))


class ClaimForm(BaseForm):
    """Asking for a credential is agreeing to be named by it."""

    consent = BooleanField(
        _l("My name, my part and the title of the proposal may be read by everybody who has it."),
        [required()],
    )
    with_address = BooleanField(
        _l("Also tie it to my e-mail address"),
        description=_l("As a hash: whoever knows the address can tell that it is yours, nobody can read it from it."),
    )


class EndorseForm(BaseForm):
    text = long_text(
        _l("What you say of this part"), most=600, description=_l("In public, with your name. Plain text.")
    )
    for_organization = BooleanField(_l("In the name of the organization"))

    def command(self) -> Endorse:
        return Endorse(self.text.data or "", bool(self.for_organization.data))
