"""Forms of the administration."""

from crowd.accounts.commands import PublishLegalText
from crowd.web.forms import BaseForm, long_text, one_line
from crowd.web.text import _l


class ReasonForm(BaseForm):
    """A refusal, read by those who asked."""

    reason = long_text(_l("Reason"), most=2000, description=_l("The people who asked read it."))


class BlockForm(BaseForm):
    reason = one_line(_l("Reason"), most=300, description=_l("Kept in the record, not sent."))


class LegalTextForm(BaseForm):
    body_en = long_text(_l("Text in English"), most=100_000, description=_l("Markdown."))
    body_es = long_text(_l("Text in Spanish"), most=100_000, description=_l("Markdown."))

    def command(self) -> PublishLegalText:
        return PublishLegalText(self.body_en.data or "", self.body_es.data or "")
