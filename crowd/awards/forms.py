"""Forms of the ledger."""

from typing import Any

from babel.numbers import list_currencies
from wtforms import BooleanField, DateField
from wtforms.validators import Optional, ValidationError

from crowd.awards.commands import AddObligation, EditAward, GiveAward
from crowd.core.awards import PartState, decimals, read_amount
from crowd.web.forms import BaseForm, long_text, one_line, version_field
from crowd.web.numbers import natural
from crowd.web.text import _, _l

STATES: dict[PartState, Any] = {
    PartState.DUE: _l("Due"),
    PartState.ACCEPTED: _l("Accepted"),
    PartState.PAID: _l("Paid"),
    PartState.DECLINED: _l("Not wanted"),
}

SENTENCES: dict[str, object] = {
    "award_nothing": _l("Write an amount, or a thing in words."),
    "award_currency": _l("This is not a currency: write its three letters, such as EUR."),
    "award_nobody": _l("Nobody holds a credit for this proposal, so there is nobody to receive a prize."),
    "award_reason": _l("Say why it is taken back."),
    "award_change_reason": _l("Say why it is changed."),
    "award_unchanged": _l("Nothing is changed: this is what the prize is already."),
    "award_settled": _l("It is taken back already, or a part of it is paid."),
    "award_not_standing": _l("This prize no longer stands: it was taken back, or the proposal is no longer selected."),
    "award_reference": _l("Name where the payment can be found: a transfer, a receipt, a handover."),
}


class PrizeForm(BaseForm):
    title = one_line(_l("What for"), description=_l("Such as “First prize” or “Start-up grant”."))
    amount = one_line(
        _l("Amount in all"), most=19, needed=False, description=_l("Split among the team by its agreed shares.")
    )
    currency = one_line(_l("Currency"), most=3, needed=False, description=_l("Three letters, such as EUR."))
    thing = long_text(
        _l("Or a thing, in words"), most=2000, needed=False, description=_l("Such as “a residency of two weeks”.")
    )

    def validate_amount(self, field: Any) -> None:
        currency = self._currency()
        try:
            read_amount(field.data, currency)
        except ValueError as error:
            message = _("Write a number with at most %(num)d decimals, such as 1200.", num=decimals(currency))
            raise ValidationError(message) from error

    def validate_currency(self, field: Any) -> None:
        if self.amount.data and self._currency() not in list_currencies():
            raise ValidationError(_("This is not a currency: write its three letters, such as EUR."))

    def _currency(self) -> str:
        return (self.currency.data or "").strip().upper()

    def prize(self) -> tuple[str, int | None, str, str]:
        """Title, amount in minor units, its currency, and the thing in words."""
        amount = read_amount(self.amount.data, self._currency()) if self.amount.data else None
        return self.title.data or "", amount, self._currency() if amount else "", self.thing.data or ""


class AwardForm(PrizeForm):
    is_public = BooleanField(_l("Show the amount and the thing to everybody, on the page of the proposal"))

    def command(self) -> GiveAward:
        return GiveAward(*self.prize(), bool(self.is_public.data))


class AwardEditForm(PrizeForm):
    reason = long_text(_l("Why it is changed"), most=2000, description=_l("The receivers read it."))
    version = version_field()

    def command(self) -> EditAward:
        return EditAward(*self.prize(), self.reason.data or "", natural(self.version.data))


class ObligationForm(BaseForm):
    text = one_line(_l("What is owed"), description=_l("Such as “invoice” or “final report”."))
    due_on = DateField(_l("By when"), [Optional()])

    def command(self) -> AddObligation:
        return AddObligation(self.text.data or "", self.due_on.data)


class TakeBackForm(BaseForm):
    reason = long_text(_l("Why it is taken back"), most=2000, description=_l("The receivers read it."))


class PaidForm(BaseForm):
    reference = one_line(_l("Reference"), description=_l("Such as the number of the transfer."))


class PartDeclineForm(BaseForm):
    reason = long_text(
        _l("Why you do not want it"), most=1000, needed=False, description=_l("Only the organization reads it.")
    )
