"""The picture of a call, and what it shows in words."""

from wtforms import FileField

from crowd.web.forms import BaseForm, one_line
from crowd.web.text import _l


class CoverForm(BaseForm):
    picture = FileField(
        _l("Picture"),
        description=_l(
            "JPEG, PNG or WebP, at least 480 pixels wide, better 1600. Places and names hidden in it are removed."
        ),
    )
    alt = one_line(
        _l("What it shows"),
        most=250,
        description=_l("One sentence for people who cannot see it."),
    )
