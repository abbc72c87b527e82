"""Forms of the administration."""

from wtforms import BooleanField

from crowd.accounts.commands import PublishLegalText
from crowd.privacy.commands import Asked
from crowd.web.forms import BaseForm, long_text, one_line
from crowd.web.text import _l


class ReasonForm(BaseForm):
    """A refusal, read by those who asked."""

    reason = long_text(_l("Reason"), most=2000, description=_l("The people who asked read it."))


class BlockForm(BaseForm):
    reason = one_line(_l("Reason"), most=300, description=_l("Kept in the record, not sent."))


class EraseForm(BaseForm):
    reason = one_line(
        _l("Reason"),
        most=300,
        description=_l("Such as who asked, how, and when. It stays on record, so leave the name and the address out."),
    )
    withdraw_comments = BooleanField(_l("Take their words in discussions away, too"))
    all_the_same = BooleanField(_l("Although nobody has taken over what only this person holds"))

    def command(self, by_id: int | None) -> Asked:
        return Asked(bool(self.withdraw_comments.data), by_id, self.reason.data or "", bool(self.all_the_same.data))


class LegalTextForm(BaseForm):
    body_en = long_text(_l("Text in English"), most=100_000, description=_l("Markdown."))
    body_es = long_text(_l("Text in Spanish"), most=100_000, description=_l("Markdown."))

    def command(self) -> PublishLegalText:
        return PublishLegalText(self.body_en.data or "", self.body_es.data or "")
