"""Asking to join a team; saying how a proposal differs from one like it."""

from crowd.web.forms import BaseForm, long_text
from crowd.web.text import _l


class JoinForm(BaseForm):
    message = long_text(
        _l("What you would bring"),
        most=2000,
        description=_l("The lead author reads this, with your name and your e-mail address."),
    )


class DifferenceForm(BaseForm):
    text = long_text(
        _l("How mine differs"),
        most=1000,
        needed=False,
        description=_l("Those who screen and review read this beside your proposal."),
    )
