"""The start page: for strangers what this is, for the signed-in what needs them first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, url_for

from crowd.core.actor import Actor
from crowd.pages.queries.desk import Need, list_needs
from crowd.pages.queries.home import list_my_calls, list_my_proposals, list_open_calls, list_stories
from crowd.pages.views.blueprint import bp
from crowd.store.db import db, utc_now
from crowd.web.access import current_actor, public
from crowd.web.text import _, _l, ngettext


@dataclass(frozen=True)
class Line:
    """A need as a sentence that ends in its act."""

    text: str
    label: str
    url: str
    due: datetime | None


@bp.get("/")
@public
def home() -> str:
    actor, now, session = current_actor(), utc_now(), db.session()
    page: dict[str, Any] = {"calls": list_open_calls(session, now), "stories": list_stories(session)}
    if actor.account_id is None:
        return render_template("pages/welcome.html", **page)
    return render_template("pages/home.html", **page, **_desk(actor, now))


def _desk(actor: Actor, now: datetime) -> dict[str, Any]:
    session = db.session()
    return {
        "needs": [_line(need) for need in list_needs(session, actor, now)],
        "proposals": list_my_proposals(session, actor),
        "my_calls": list_my_calls(session, actor),
    }


LINES: dict[str, tuple[Callable[[Need], str], Any, str]] = {
    "draft": (
        lambda need: _(
            "Your proposal “%(title)s” is a draft: it is not handed in yet.", title=need.title or _("Untitled")
        ),
        _l("Continue writing"),
        "proposals.edit",
    ),
    "correction": (
        lambda need: _("“%(title)s” needs a correction before it can go on.", title=need.title),
        _l("Correct it"),
        "proposals.edit",
    ),
    "questions": (
        lambda need: ngettext(
            "%(num)d question about “%(title)s” waits for your answer.",
            "%(num)d questions about “%(title)s” wait for your answer.",
            need.count,
            title=need.title,
        ),
        _l("Answer now"),
        "proposals.answers",
    ),
    "consent": (
        lambda need: _("The rules of “%(title)s” are to change, and your consent is asked for.", title=need.title),
        _l("Read and answer"),
        "amendments.index",
    ),
    "team_invitation": (
        lambda need: _("You are invited to join the team of “%(title)s”.", title=need.title),
        _l("Answer"),
        "proposals.invitation",
    ),
    "ballot": (
        lambda need: _("The vote of “%(title)s” is open and your ballot is not cast.", title=need.title),
        _l("Go to the vote"),
        "voting.vote",
    ),
    "review": (
        lambda need: ngettext(
            "%(num)d proposal of “%(title)s” waits for your review.",
            "%(num)d proposals of “%(title)s” wait for your review.",
            need.count,
            title=need.title,
        ),
        _l("Go to your reviews"),
        "reviews.index",
    ),
    "screening": (
        lambda need: ngettext(
            "%(num)d proposal of “%(title)s” waits for screening.",
            "%(num)d proposals of “%(title)s” wait for screening.",
            need.count,
            title=need.title,
        ),
        _l("Screen"),
        "proposals.screening",
    ),
    "decision": (
        lambda need: ngettext(
            "“%(title)s”: %(num)d proposal waits for the decision.",
            "“%(title)s”: %(num)d proposals wait for the decision.",
            need.count,
            title=need.title,
        ),
        _l("Decide"),
        "selection.decisions",
    ),
    "publish": (
        lambda need: _("“%(title)s”: all is decided, and the results wait to be published.", title=need.title),
        _l("Look over and publish"),
        "selection.publish",
    ),
    "chair": (
        lambda need: ngettext(
            "“%(title)s”: %(num)d proposal waits for your decision as chair, since every manager has a stake in it.",
            "“%(title)s”: %(num)d proposals wait for your decision as chair, since every manager has a stake in them.",
            need.count,
            title=need.title,
        ),
        _l("Decide"),
        "selection.chair",
    ),
    "objection": (
        lambda need: ngettext(
            "%(num)d objection to the results of “%(title)s” waits for an answer.",
            "%(num)d objections to the results of “%(title)s” wait for an answer.",
            need.count,
            title=need.title,
        ),
        _l("Read and answer"),
        "objections.index",
    ),
    "free_place": (
        lambda need: ngettext(
            "“%(title)s”: %(num)d place of a selected proposal is free.",
            "“%(title)s”: %(num)d places of selected proposals are free.",
            need.count,
            title=need.title,
        ),
        _l("Say who moves up"),
        "selection.places",
    ),
    "milestone": (
        lambda need: ngettext(
            "“%(title)s”: %(num)d milestone of a selected proposal is overdue.",
            "“%(title)s”: %(num)d milestones of selected proposals are overdue.",
            need.count,
            title=need.title,
        ),
        _l("See how it goes"),
        "followups.of_call",
    ),
    "reported": (
        lambda need: ngettext(
            "%(num)d report in “%(title)s” waits for a moderator.",
            "%(num)d reports in “%(title)s” wait for a moderator.",
            need.count,
            title=need.title,
        ),
        _l("Look at it"),
        "moderation.reports",
    ),
    "organizations": (
        lambda need: ngettext(
            "%(num)d organization waits for approval.", "%(num)d organizations wait for approval.", need.count
        ),
        _l("Look at it"),
        "admin.index",
    ),
}
"""Of each kind of need its sentence, its act and the page of the act."""


def _line(need: Need) -> Line:
    text, label, endpoint = LINES[need.kind]
    return Line(text(need), str(label), url_for(endpoint, **_place(need)), need.due)


def _place(need: Need) -> dict[str, Any]:
    match need.kind:
        case "organizations":
            return {}
        case "team_invitation":
            return {"token": f"my-{need.public_id}"}
        case _:
            return {"public_id": need.public_id}
