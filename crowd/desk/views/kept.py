"""Choosing columns, saving filters, making labels."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import abort, flash, redirect, request, url_for
from sqlalchemy import select

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.errors import DomainError
from crowd.core.permissions import Permission
from crowd.desk.actions import choose_columns, delete_filter, delete_label, make_label, save_filter
from crowd.desk.commands import Column, Query
from crowd.desk.forms import FilterForm, LabelForm
from crowd.desk.models import SavedFilter
from crowd.desk.queries import get_label
from crowd.desk.views.asked import asked_of
from crowd.desk.views.blueprint import bp
from crowd.desk.views.table import table_page
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _


def _back(found: Found[Call], query: Query) -> Any:
    return redirect(url_for(".proposals", public_id=found.row.public_id, **query.asked()), 303)


@bp.post("/calls/<public_id>/desk/columns")
@call_gate.requires(Permission.DESK_VIEW)
def choose(found: Found[Call]) -> Any:
    wanted = set(request.form.getlist("column"))
    with transaction() as session:
        columns = [column for column in Column if column.value in wanted]
        choose_columns(session, found.row, columns, actor=current_actor())
    return _back(found, asked_of(found, request.form).query)


@bp.post("/calls/<public_id>/desk/filters")
@call_gate.requires(Permission.DESK_VIEW)
def keep_filter(found: Found[Call]) -> Any:
    form = FilterForm()
    query = Query.of(dict(parse_qsl(urlsplit(form.query.data or "").query)))
    if not form.validate():
        return table_page(found, form, LabelForm(formdata=None)), 422
    try:
        with transaction() as session:
            save_filter(
                session,
                found.row,
                form.name.data or "",
                query,
                shared=bool(form.shared.data),
                actor=current_actor(),
                now=utc_now(),
            )
    except DomainError as error:
        fill_errors(form, error)
        return table_page(found, form, LabelForm(formdata=None)), error.status
    flash(_("The filter “%(name)s” is saved.", name=form.name.data), "success")
    return _back(found, query)


@bp.post("/calls/<public_id>/desk/filters/<key>/delete")
@call_gate.requires(Permission.DESK_VIEW)
def forget_filter(found: Found[Call], key: str) -> Any:
    own = select(SavedFilter).where(
        SavedFilter.public_id == key, SavedFilter.organization_id == found.row.organization_id
    )
    row = db.session.scalar(own) or abort(404)
    with transaction(row) as session:
        delete_filter(session, row, actor=current_actor())
    flash(_("The filter is deleted."), "success")
    return _back(found, Query.of(request.args))


@bp.post("/calls/<public_id>/desk/labels")
@call_gate.requires(Permission.DESK_VIEW)
def new_label(found: Found[Call]) -> Any:
    form = LabelForm()
    if not form.validate():
        return table_page(found, FilterForm(formdata=None), form), 422
    try:
        with transaction(found.row) as session:
            made = make_label(session, found.row, form.name.data or "", now=utc_now())
    except DomainError as error:
        fill_errors(form, error)
        return table_page(found, FilterForm(formdata=None), form), error.status
    flash(_("The label “%(name)s” can be put on proposals now.", name=made.name), "success")
    return _back(found, Query.of(request.args))


@bp.post("/calls/<public_id>/desk/labels/<key>/delete")
@call_gate.requires(Permission.DESK_VIEW)
def forget_label(found: Found[Call], key: str) -> Any:
    label = get_label(db.session(), found.row.organization_id, key) or abort(404)
    with transaction(label) as session:
        delete_label(session, label)
    flash(_("The label “%(name)s” is deleted everywhere.", name=label.name), "success")
    query = Query.of(request.args)
    return _back(found, replace(query, label="") if query.label == key else query)
