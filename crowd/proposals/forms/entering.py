"""Entering a proposal on behalf of somebody: the form that everybody writes in, and who it is for."""

from typing import Any

from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import Email, Length, Optional

from crowd.core.rules import CallRules
from crowd.core.status import EntryChannel
from crowd.proposals.commands import Behalf
from crowd.proposals.forms.writing import ProposalForm
from crowd.web.forms import choices_of, long_text, one_line, required
from crowd.web.text import _l
from crowd.web.words import ENTRY_CHANNELS

TYPED = (EntryChannel.PAPER, EntryChannel.TELEPHONE, EntryChannel.COUNTER)


class EntryForm(ProposalForm):
    person = one_line(_l("Name of the person"), most=120, description=_l("It stands with the proposal."))
    channel = RadioField(_l("How did it come?"), default=EntryChannel.PAPER, coerce=EntryChannel)
    email = StringField(
        _l("E-mail address"),
        [Optional(), Length(max=254), Email(message=_l("This is not an e-mail address."))],
        description=_l("Private. A link goes there with which the person may take the proposal over."),
    )
    contact = one_line(
        _l("Other contact"), most=200, needed=False, description=_l("Private: a telephone number or a postal address.")
    )
    consent = long_text(
        _l("How did the person agree?"),
        most=1000,
        description=_l("To the declarations of the call and to being named: “signed on the form”, with the date."),
    )
    agreed = BooleanField(_l("The person declared what the call asks for"), [required()])

    def __init__(self, rules: CallRules, *args: Any, **kwargs: Any) -> None:
        super().__init__(rules, *args, **kwargs)
        self.channel.choices = choices_of(TYPED, ENTRY_CHANNELS)
        self.agreed.description = " ".join(rules.declarations)

    def behalf(self) -> Behalf:
        return Behalf(
            name=self.person.data or "",
            channel=self.channel.data or EntryChannel.PAPER,
            email=(self.email.data or "").strip(),
            contact=self.contact.data or "",
            consent=self.consent.data or "",
        )
