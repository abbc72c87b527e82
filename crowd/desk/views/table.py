"""The table of a call's proposals for the organization's own people."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for

from crowd.accounts.models import Account
from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.permissions import Permission
from crowd.core.status import ProposalStatus
from crowd.desk.commands import NOBODY, Column, Query
from crowd.desk.forms import FilterForm, LabelForm
from crowd.desk.models import Label, SavedFilter
from crowd.desk.queries import (
    beside,
    chosen_columns,
    list_labels,
    list_saved_filters,
    list_staff,
    list_table,
)
from crowd.desk.views.asked import Asked, asked_of
from crowd.desk.views.blueprint import bp
from crowd.desk.views.words import COLUMNS, NUMBERS, SORTS, STATUSES
from crowd.proposals.queries import count_by_status
from crowd.store.db import db
from crowd.web.access import Found, allowed, current_actor
from crowd.web.templating import page_url
from crowd.web.text import _


@bp.get("/calls/<public_id>/desk/proposals")
@call_gate.requires(Permission.DESK_VIEW)
def proposals(found: Found[Call]) -> str:
    return table_page(found, FilterForm(formdata=None), LabelForm(formdata=None))


def table_page(found: Found[Call], filter_form: FilterForm, label_form: LabelForm) -> str:
    """The page, with a form that was not taken where there is one."""
    session, asked, actor = db.session(), asked_of(found), current_actor()
    organization = found.row.organization_id
    listing = list_table(session, asked.scope, asked.query, asked.sort, request.args.get("after") or None)
    labels, staff = list_labels(session, organization), list_staff(session, organization)
    counts = count_by_status(session, [found.row.id])[found.row.id]
    chosen = chosen_columns(session, found.row.id, actor.account_id)
    filter_form.query.data = url_for(".proposals", public_id=found.row.public_id, **asked.query.asked())
    return render_template(
        "desk/table.html",
        found=found,
        call=found.row,
        asked=asked,
        asked_values=asked.query.asked(),
        listing=listing,
        total=sum(counts.values()) - counts[ProposalStatus.DRAFT],
        drafts=counts[ProposalStatus.DRAFT],
        beside=beside(session, asked.scope, [row.id for row in listing.page.items]),
        columns=[column for column in chosen if column in asked.columns],
        all_columns=asked.columns,
        column_words=COLUMNS,
        column_kinds={column: "num" if column in NUMBERS else None for column in Column},
        pills=_pills(asked, counts, labels, staff),
        saved=_saved(found.row, list_saved_filters(session, organization, actor.account_id), asked.query),
        labels=labels,
        staff=staff,
        filter_form=filter_form,
        label_form=label_form,
        may_send=allowed(Permission.MESSAGE_SEND, found.facts),
        next_url=page_url(after=listing.page.next) if listing.page.next else None,
    )


def _pills(
    asked: Asked, counts: Any, labels: Sequence[Label], staff: Sequence[Account]
) -> list[tuple[str, list[dict[str, Any]]]]:
    query = asked.query
    groups = [
        (
            _("State"),
            [
                _pill(words, "status", status.value, query.status, counts[status])
                for status, words in STATUSES.items()
                if counts[status] or query.status == status
            ],
        ),
        (_("Labels"), [_pill(label.name, "label", label.public_id, query.label) for label in labels]),
        (_("Looked after by"), _colleague_pills(query, staff)),
        (_("Only with"), list(_only_pills(asked))),
        (_("Order"), [_pill(SORTS[sort], "sort", sort.value, asked.sort.value) for sort in asked.sorts]),
    ]
    return [(name, pills) for name, pills in groups if pills]


def _colleague_pills(query: Query, staff: Sequence[Account]) -> list[dict[str, Any]]:
    me = current_actor().public_id
    ordered = sorted(staff, key=lambda account: account.public_id != me)
    named = [(_("me") if account.public_id == me else account.name, account.public_id) for account in ordered]
    return [_pill(name, "colleague", key, query.colleague) for name, key in [*named, (_("nobody"), NOBODY)]]


def _only_pills(asked: Asked) -> list[dict[str, Any]]:
    found = [_pill(_("files"), "files", "1", "1" if asked.query.files else "")]
    if asked.scope.reviewed is not None:
        found.append(_pill(_("missing reviews"), "lacking", "1", "1" if asked.query.lacking else ""))
    return found


def _pill(label: Any, name: str, value: str, current: str, count: int | None = None) -> dict[str, Any]:
    """Pressed again it takes its filter away."""
    pressed = value == current
    url = page_url(**{name: None if pressed else value})
    return {"label": label, "url": url, "current": pressed, "count": count}


def _saved(call: Call, rows: Sequence[SavedFilter], query: Query) -> list[dict[str, Any]]:
    me = current_actor().account_id
    return [
        {
            "label": row.name,
            "url": url_for(".proposals", public_id=call.public_id, **Query.of(dict(row.query)).asked()),
            "current": Query.of(dict(row.query)) == query,
            "count": None,
            "delete_url": url_for(".forget_filter", public_id=call.public_id, key=row.public_id, **query.asked())
            if row.owner_id == me
            else None,
            "shared": row.is_shared,
        }
        for row in rows
    ]
