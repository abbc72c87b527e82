"""Forms of the conversation."""

from wtforms import BooleanField, HiddenField, RadioField

from crowd.conversation.commands import PostComment
from crowd.core.credit import OwnRole
from crowd.web.forms import BaseForm, choices_of, long_text, required
from crowd.web.text import _l

SENTENCES = {"parent_gone": _l("The comment you answered is no longer there. Your text is kept below.")}
LONGEST = 5_000


class CommentForm(BaseForm):
    body = long_text(_l("Your comment"), most=LONGEST)
    as_organization = BooleanField(_l("Answer for the organization"))
    parent = HiddenField()

    def command(self) -> PostComment:
        return PostComment(self.body.data or "", self.parent.data or None, self.as_organization.data)


class EditCommentForm(BaseForm):
    body = long_text(_l("Your comment"), most=LONGEST)


class CreditCommentForm(BaseForm):
    role = RadioField(
        _l("What it gave you"),
        [required()],
        choices=choices_of(
            OwnRole, {OwnRole.IDEA: _l("An idea"), OwnRole.FEEDBACK: _l("Feedback that changed the text")}
        ),
    )
