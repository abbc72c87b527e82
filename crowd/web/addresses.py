"""Many e-mail addresses typed into one field."""

import re
from typing import Any

from wtforms import TextAreaField
from wtforms.validators import Length, ValidationError

from crowd.web.forms import required
from crowd.web.text import _, _l

ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
LONGEST = 254


class AddressList(TextAreaField):
    """One address in each line, or parted by commas; `Name <address>` is read as the address."""

    def __init__(self, label: Any = None, *, most: int = 500, **kwargs: Any) -> None:
        self.most = most
        letters = most * 80
        length = Length(max=letters, message=_l("At most %(max)d characters."))
        super().__init__(label, [required(), length], **kwargs)

    def parts(self) -> list[str]:
        return [part.strip("<>.\"'") for part in re.split(r"[\s,;]+", self.data or "") if "@" in part]

    def post_validate(self, form: Any, validation_stopped: bool) -> None:  # noqa: FBT001 (WTForms calls it so)
        if validation_stopped:
            return
        parts = self.parts()
        wrong = [part for part in parts if not ADDRESS.fullmatch(part) or len(part) > LONGEST]
        if wrong:
            raise ValidationError(_("This is not an e-mail address: %(word)s", word=wrong[0][:80]))
        if not parts:
            raise ValidationError(_("There is no e-mail address in it."))
        if len(parts) > self.most:
            raise ValidationError(_("At most %(most)d addresses at once.", most=self.most))
