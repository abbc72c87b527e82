"""The proposal form as people will see it, while its questions are written."""

from dataclasses import replace
from typing import Any

from flask import render_template, request

from crowd.calls.forms import QuestionsForm
from crowd.calls.gates import call_gate, written_rules
from crowd.calls.models import Call
from crowd.calls.views.blueprint import bp
from crowd.core.permissions import Permission
from crowd.web.access import Found
from crowd.web.answers import AnswersForm


def preview_of(form: Any) -> AnswersForm | None:
    """The questions of this page of authoring as a form to look at; None for other pages."""
    if not isinstance(form, QuestionsForm):
        return None
    asked = form.asked()
    return AnswersForm(replace(form.rules, custom_fields=asked), asked, formdata=None)


@bp.post("/calls/<public_id>/edit/form/preview")
@call_gate.requires(Permission.CALL_EDIT)
def preview_form(found: Found[Call]) -> str:
    """A fragment for the script that refreshes the preview while one writes; nothing is saved."""
    form = QuestionsForm(written_rules(found.row), request.form, found.row.version)
    return render_template("calls/_preview.html", asked_preview=preview_of(form))
