"""Forms of the desk."""

from wtforms import BooleanField, HiddenField

from crowd.web.forms import BaseForm, long_text, one_line
from crowd.web.text import _l

SENTENCES: dict[str, object] = {
    "not_of_staff": _l("Only people of this organization look after its proposals."),
    "undone_already": _l("This was undone already."),
    "not_your_act": _l("Only the person who did this can undo it."),
    "not_your_note": _l("Only who wrote a note can take it away."),
    "not_your_filter": _l("Only who saved a filter can delete it."),
    "too_many_labels": _l("At most %(most)s labels. Delete one first."),
    "too_many_filters": _l("At most %(most)s saved filters. Delete one first."),
}


class LabelForm(BaseForm):
    name = one_line(_l("New label"), most=40)


class NoteForm(BaseForm):
    text = long_text(
        _l("Note"),
        most=4000,
        description=_l("Only people of the organization who have no stake in this proposal read it."),
    )


class FilterForm(BaseForm):
    """`query` is the table's address, read again as a query."""

    name = one_line(_l("Name"), most=80)
    query = HiddenField()
    shared = BooleanField(_l("Share with the organization"))
