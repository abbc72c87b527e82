"""Handing in and withdrawing."""

from collections.abc import Sequence
from typing import Any

from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from crowd.web.forms import BaseForm, choice, long_text, version_field
from crowd.web.numbers import natural
from crowd.web.text import _l


class HandInForm(BaseForm):
    """The declarations of the call, each to be ticked."""

    declarations = SelectMultipleField(
        _l("You declare"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    version = version_field()

    def __init__(self, declarations: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.declarations.choices = [choice(str(place), words) for place, words in enumerate(declarations)]
        if not declarations:
            del self.declarations

    @property
    def opened(self) -> int:
        return natural(self.version.data)

    @property
    def declared(self) -> frozenset[int]:
        return frozenset(self.declarations.data or ()) if "declarations" in self else frozenset()


class WithdrawForm(BaseForm):
    reason = long_text(_l("Why"), most=1000, needed=False, description=_l("The organization can read it."))


class DeleteForm(BaseForm):
    pass
