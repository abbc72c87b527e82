"""Forms: parse, never decide. A valid form gives a frozen command object; a fault from below is shown beside its field."""

from typing import Any

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import EmailField, FileField, HiddenField, MultipleFileField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, Email, Length, Optional

from crowd.core.errors import DomainError
from crowd.web.errors import sentence
from crowd.web.text import _l


class BaseForm(FlaskForm):
    """Every form of the project. Messages come in the reader's language from our own catalogue."""

    class Meta:
        locales = ("en",)

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What a browser's form sends, never JSON. A file sent where text is expected is not there."""
            if formdata is None or hasattr(formdata, "getlist"):
                return formdata
            if request.method != "POST" or not (request.form or request.files):
                return None
            wanted = {field.name for field in form if isinstance(field, FileField | MultipleFileField)}
            files = [(name, file) for name, file in request.files.items(multi=True) if name in wanted]
            return CombinedMultiDict([MultiDict(files), request.form])

        def render_field(self, field: Any, render_kw: dict[str, Any]) -> Any:
            return field.widget(field, **{**(field.render_kw or {}), **render_kw})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        untyped: Any = super()
        untyped.__init__(*args, **kwargs)

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        untyped: Any = super()
        return bool(untyped.validate_on_submit(extra_validators))


def required() -> DataRequired:
    return DataRequired(message=_l("This is needed."))


def one_line(label: Any, *, most: int = 200, needed: bool = True, **kwargs: Any) -> StringField:
    validators = [required() if needed else Optional(), Length(max=most, message=_l("At most %(max)d characters."))]
    return StringField(label, validators, filters=[_stripped], **kwargs)


def long_text(label: Any, *, most: int = 20_000, needed: bool = True, **kwargs: Any) -> TextAreaField:
    validators = [required() if needed else Optional(), Length(max=most, message=_l("At most %(max)d characters."))]
    return TextAreaField(label, validators, filters=[_unix_lines], **kwargs)


def version_field() -> HiddenField:
    """The version the form was opened with; the action compares it on the locked row."""
    return HiddenField(default="1")


def _stripped(value: str | None) -> str | None:
    return " ".join(value.split()) if value else value


def _unix_lines(value: str | None) -> str | None:
    return value.replace("\r\n", "\n").strip() if value else value


def fill_errors(form: FlaskForm, error: DomainError) -> None:
    """Show a refused command beside its field, or on top of the form when it is about no field."""
    text = sentence(error.code, **error.values)
    field = getattr(error, "field", None)
    if field and field in form:
        form[field].errors = [*form[field].errors, text]
    else:
        form.form_errors = [*form.form_errors, text]


def choice(value: str, label: Any) -> Any:
    """One choice of a select, radio or checkbox field. WTForms 3.3 warns of plain pairs."""
    return SelectChoice(value, label)


def choices_of(kind: Any, labels: dict[Any, Any]) -> list[Any]:
    """Choices of an enum in its own order with the given labels."""
    return [choice(member.value, labels[member]) for member in kind]


def address_field(label: Any, **kwargs: Any) -> EmailField:
    """One e-mail address."""
    validators = [required(), Length(max=254), Email(message=_l("This is not an e-mail address."))]
    return EmailField(label, validators, filters=[_stripped], **kwargs)
