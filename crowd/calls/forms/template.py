"""The name under which rules are kept."""

from crowd.web.forms import BaseForm, one_line
from crowd.web.text import _l


class TemplateForm(BaseForm):
    name = one_line(
        _l("Name of the template"),
        most=120,
        description=_l("A template of the same name is replaced."),
    )
