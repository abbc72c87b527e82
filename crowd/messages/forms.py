"""The form in which a message is written, and the words of groups."""

from typing import Any

from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from crowd.core.reach import Group
from crowd.messages.commands import MessageText
from crowd.web.forms import BaseForm, long_text, one_line
from crowd.web.text import _l

SENTENCES: dict[str, object] = {
    "unknown_field": _l("There is no such field: %(names)s"),
    "nobody_there": _l("Nobody is in this group now."),
    "message_over": _l("This message is not being sent any more."),
}
GROUPS: dict[Group, Any] = {
    Group.CHOSEN: _l("Authors of the proposals that the table's filters find"),
    Group.DRAFTS: _l("People who have begun a draft"),
    Group.ENTRANTS: _l("Everybody who handed in a proposal"),
    Group.SHORTLISTED: _l("Authors of shortlisted proposals"),
    Group.SELECTED: _l("Authors of selected proposals"),
    Group.NOT_VOTED: _l("People who may vote and have not voted"),
    Group.BEHIND: _l("Reviewers with open work"),
}
NOTES: dict[Group, Any] = {
    Group.DRAFTS: _l("Nobody sees who they are; you see only how many."),
    Group.NOT_VOTED: _l(
        "It goes to those who may vote now: to all on a list of voters, else to people with a part in this call, to members, and to those who asked to be reminded. Who and how many they are is not told, because it would say who has voted."
    ),
}
MOST_PER_MINUTE = 600


class MessageForm(BaseForm):
    subject = one_line(_l("Subject"), most=200)
    body = long_text(_l("Message"), most=8000)
    is_service = BooleanField(
        _l("Needed to take part"),
        description=_l(
            "Such a message comes even to people who stopped messages. Use it for dates, rules and what they must do."
        ),
    )
    per_minute = IntegerField(
        _l("Mails per minute"),
        [
            InputRequired(message=_l("This is needed.")),
            NumberRange(1, MOST_PER_MINUTE, message=_l("Between 1 and 600.")),
        ],
        default=60,
    )

    def text(self) -> MessageText:
        return MessageText(
            subject=self.subject.data or "",
            body=self.body.data or "",
            is_service=bool(self.is_service.data),
            per_minute=self.per_minute.data or 1,
        )
