"""The directory of calls and the page of one."""

from typing import Any

from flask import render_template, request
from markupsafe import Markup, escape
from werkzeug.datastructures import MultiDict

from crowd.amendments.queries import amended_state
from crowd.calls.gates import call_facts, call_gate
from crowd.calls.models import Call
from crowd.calls.queries import (
    CallFilter,
    Order,
    StageFilter,
    list_calls,
    list_nearest,
    list_organizations,
    list_shifts,
    list_tags,
)
from crowd.core.checklist import missing
from crowd.core.rules import Publicity
from crowd.core.shifts import NOTICE
from crowd.core.status import CallStatus, StageKind
from crowd.core.subjects import CallFacts
from crowd.pages.views.blueprint import bp
from crowd.pages.views.call_story import schedule_lines, steps_of
from crowd.store.db import db, utc_now
from crowd.web.access import Found, current_actor, public
from crowd.web.templating import page_url
from crowd.web.text import _, _l, ngettext
from crowd.web.times import when
from crowd.web.words import PUBLICITIES, RESULTS_PUBLICITIES

STAGE_PILLS: dict[StageFilter, Any] = {
    StageFilter.OPEN: _l("Open for proposals"),
    StageFilter.SCREENING: _l("Being screened"),
    StageFilter.DISCUSSION: _l("In discussion"),
    StageFilter.VOTING: _l("Voting open"),
    StageFilter.REVIEW: _l("With the jury"),
    StageFilter.DECISION: _l("Being decided"),
    StageFilter.SOON: _l("Opens soon"),
    StageFilter.RESULTS: _l("Results published"),
}
MOST_WORDS = 200
KEPT = ("stage", "organization", "tag", "closing", "sort")
"""Filters that a new search keeps."""


@bp.get("/calls")
@public
def calls() -> str:
    """Every listed call: found by words, stage, organization, tag or deadline."""
    session, actor, now = db.session(), current_actor(), utc_now()
    wanted = _wanted(request.args)
    page = list_calls(session, actor, wanted, now, request.args.get("after"))
    nearest = [] if page.items else list_nearest(session, actor, wanted, now)
    return render_template(
        "pages/calls.html",
        page=page,
        wanted=wanted,
        stages=_stage_pills(wanted),
        organizations=_organization_pills(list_organizations(session, actor, now), wanted),
        tags=_tag_pills(list_tags(session, actor, now), wanted),
        orders=_order_pills(wanted),
        kept={arg: value for arg in KEPT if (value := request.args.get(arg))},
        nearest=[
            {"label": _left_out(wanted, each), "url": _url_of(each), "current": False, "count": n}
            for each, n in nearest
        ],
    )


def _wanted(args: MultiDict[str, str]) -> CallFilter:
    """Unknown values narrow nothing."""
    return CallFilter(
        words=" ".join(args.get("q", "").split())[:MOST_WORDS],
        stage=args.get("stage", type=StageFilter),
        organization=args.get("organization") or None,
        tag=args.get("tag") or None,
        closing_soon=args.get("closing") == "soon",
        archived=args.get("archived") == "1",
        order=args.get("sort", default=Order.CLOSING, type=Order),
    )


def _stage_pills(wanted: CallFilter) -> list[dict[str, Any]]:
    chosen = wanted.stage
    any_stage = {
        "label": _("Any stage"),
        "url": page_url(stage=None, closing=None),
        "current": not (chosen or wanted.closing_soon),
    }
    soon = {
        "label": _("Closing within a week"),
        "url": page_url(stage=None, closing="soon"),
        "current": wanted.closing_soon,
    }
    each = [
        {"label": label, "url": page_url(stage=stage.value, closing=None), "current": chosen is stage}
        for stage, label in STAGE_PILLS.items()
    ]
    put_away = {
        "label": _("Archived"),
        "url": page_url(archived=None if wanted.archived else "1"),
        "current": wanted.archived,
    }
    return [any_stage, each[0], soon, *each[1:], put_away]


def _organization_pills(found: list[tuple[str, str, int]], wanted: CallFilter) -> list[dict[str, Any]]:
    """The busiest organizations; the chosen one also when it is not among them."""
    slug = wanted.organization
    rare = [_pill("organization", slug, slug, None, wanted)] if slug and slug not in {each[0] for each in found} else []
    return rare + [_pill("organization", each, name, count, wanted) for each, name, count in found]


def _tag_pills(found: list[tuple[str, int]], wanted: CallFilter) -> list[dict[str, Any]]:
    tag = wanted.tag
    rare = [_pill("tag", tag, f"#{tag}", None, wanted)] if tag and tag not in {each[0] for each in found} else []
    return rare + [_pill("tag", each, f"#{each}", count, wanted) for each, count in found]


def _pill(name: str, value: str, label: str, count: int | None, wanted: CallFilter) -> dict[str, Any]:
    """A filter that is taken away by pressing it again."""
    current = getattr(wanted, name) == value
    return {"label": label, "url": page_url(**{name: None if current else value}), "current": current, "count": count}


def _order_pills(wanted: CallFilter) -> list[dict[str, Any]]:
    labels = {Order.CLOSING: _("Closing first"), Order.NEWEST: _("Newest first")}
    return [
        {"label": label, "url": page_url(sort=order.value), "current": wanted.order is order}
        for order, label in labels.items()
    ]


_ARGS = {"words": "q", "stage": "stage", "organization": "organization", "tag": "tag", "closing_soon": "closing"}


def _url_of(wider: CallFilter) -> str:
    kept = set(wider.set_names())
    return page_url(**{arg: None for name, arg in _ARGS.items() if name not in kept})


def _left_out(wanted: CallFilter, wider: CallFilter) -> str:
    words = {
        "words": _("without “%(words)s”", words=wanted.words),
        "stage": _("at any stage"),
        "organization": _("of any organization"),
        "tag": _("without #%(tag)s", tag=wanted.tag),
        "closing_soon": _("with any deadline"),
    }
    return next(words[name] for name in wanted.set_names() if name not in wider.set_names())


@bp.app_template_global()
def deadline_of(call: Call) -> Markup:
    """What comes next in a call's own zone: when its stage closes, or the next one opens; its stages are loaded."""
    facts, now = call_facts(call), utc_now()
    zone, position = facts.rules.time_zone, facts.position(now)
    if call.results_published_at is not None:
        return when(call.results_published_at, "day", zone)
    if call.status is not CallStatus.PUBLISHED:
        return Markup("")
    if position.current and position.current.closes_at:
        return escape(_("closes %(when)s")) % {"when": when(position.current.closes_at, "both", zone)}
    if position.following:
        return escape(_("opens %(when)s")) % {"when": when(position.following.opens_at, "both", zone)}
    return Markup("")


@bp.app_template_global()
def proposals_words(call: Call) -> str | None:
    """How many proposals came in, where the call's publicity lets everybody count them."""
    facts, now = call_facts(call), utc_now()
    shown = facts.rules.publicity is Publicity.AT_ONCE or (
        facts.rules.publicity is Publicity.AFTER_SUBMISSION and facts.is_past(StageKind.SUBMISSION, now)
    )
    if not shown or not call.proposals_count:
        return None
    return ngettext("%(num)d proposal", "%(num)d proposals", call.proposals_count)


@bp.get("/calls/<public_id>")
@call_gate.requires()
def call(found: Found[Call]) -> str:
    return call_page(found)


def call_page(found: Found[Call], preview: dict[str, Any] | None = None) -> str:
    """`preview`: what stands in the bar over it where somebody else's view is drawn."""
    facts: CallFacts = found.facts
    shifts = list_shifts(db.session(), found.row.id)
    announced = found.row.closing_announced_at
    closing = announced + NOTICE if announced and facts.is_open(StageKind.SUBMISSION, utc_now()) else None
    return render_template(
        "pages/call.html",
        found=found,
        call=found.row,
        rules=facts.rules,
        steps=steps_of(facts.rules),
        lines=schedule_lines(facts),
        last_shift=shifts[0][0] if shifts else None,
        amendments=amended_state(db.session(), found.row.id),
        closing_from=closing,
        ideas=facts.ideas_stage(utc_now()),
        publicity=PUBLICITIES[facts.rules.publicity],
        results_publicity=RESULTS_PUBLICITIES[facts.rules.results_publicity],
        gaps=len(missing(facts.rules, utc_now())) if facts.status is CallStatus.DRAFT else 0,
        preview=preview,
    )
