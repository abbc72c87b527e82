"""Forms about one's data."""

from typing import Any

from wtforms import BooleanField, PasswordField, RadioField
from wtforms.validators import InputRequired

from crowd.privacy.commands import WAITS, Asked, Obstacle
from crowd.web.forms import BaseForm, choice
from crowd.web.text import _l

SENTENCES: dict[str, Any] = {
    "erasure_blocked": _l("Somebody has to take over from you first: see what, above."),
    "erasure_waits": _l("Your account waits to be erased already."),
    "erasure_done": _l("This account is erased: nothing is left to be kept."),
    "reason_names": _l("Leave the name and the address out: the reason stays when they are gone."),
}
OBSTACLES = {
    Obstacle.LAST_OWNER: _l("You are the only owner of %(name)s. Make somebody else an owner first."),
    Obstacle.LAST_ADMIN: _l("You are the only administrator of this site. Appoint another first."),
    Obstacle.DEMO: _l("This is a login of the demo, which everybody shares. It cannot be erased."),
}
KEEP, WITHDRAW = "keep", "withdraw"


class EraseForm(BaseForm):
    comments = RadioField(
        _l("What you wrote in discussions"),
        choices=[
            choice(KEEP, _l("Leave it, as words of a contributor")),
            choice(WITHDRAW, _l("Take it away; gaps stay, so that the answers of others keep their place")),
        ],
        default=KEEP,
    )
    understood = BooleanField(
        _l(
            "I know that nobody can undo it after %(days)d days, and that I cannot sign in to this account again.",
            days=WAITS.days,
        ),
        [InputRequired(message=_l("Without this your account stays."))],
    )
    current_password = PasswordField(_l("Your password"))

    def command(self) -> Asked:
        return Asked(self.comments.data == WITHDRAW)
