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
from crowd.web.text import _, ngettext


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
        "needs": [LINES[need.kind](need) for need in list_needs(session, actor, now)],
        "proposals": list_my_proposals(session, actor),
        "my_calls": list_my_calls(session, actor),
    }


def _draft(need: Need) -> Line:
    text = _("Your proposal “%(title)s” is a draft: it is not handed in yet.", title=need.title or _("Untitled"))
    return Line(text, _("Continue writing"), url_for("proposals.edit", public_id=need.public_id), need.due)


def _correction(need: Need) -> Line:
    text = _("“%(title)s” needs a correction before it can go on.", title=need.title)
    return Line(text, _("Correct it"), url_for("proposals.edit", public_id=need.public_id), need.due)


def _questions(need: Need) -> Line:
    text = ngettext(
        "%(num)d question about “%(title)s” waits for your answer.",
        "%(num)d questions about “%(title)s” wait for your answer.",
        need.count,
        title=need.title,
    )
    return Line(text, _("Answer now"), url_for("proposals.answers", public_id=need.public_id), need.due)


def _team_invitation(need: Need) -> Line:
    text = _("You are invited to join the team of “%(title)s”.", title=need.title)
    return Line(text, _("Answer"), url_for("proposals.invitation", token=f"my-{need.public_id}"), need.due)


def _ballot(need: Need) -> Line:
    text = _("The vote of “%(title)s” is open and your ballot is not cast.", title=need.title)
    return Line(text, _("Go to the vote"), url_for("voting.vote", public_id=need.public_id), need.due)


def _review(need: Need) -> Line:
    text = ngettext(
        "%(num)d proposal of “%(title)s” waits for your review.",
        "%(num)d proposals of “%(title)s” wait for your review.",
        need.count,
        title=need.title,
    )
    return Line(text, _("Go to your reviews"), url_for("reviews.index", public_id=need.public_id), need.due)


def _screening(need: Need) -> Line:
    text = ngettext(
        "%(num)d proposal of “%(title)s” waits for screening.",
        "%(num)d proposals of “%(title)s” wait for screening.",
        need.count,
        title=need.title,
    )
    return Line(text, _("Screen"), url_for("proposals.screening", public_id=need.public_id), need.due)


def _decision(need: Need) -> Line:
    text = ngettext(
        "“%(title)s”: %(num)d proposal waits for the decision.",
        "“%(title)s”: %(num)d proposals wait for the decision.",
        need.count,
        title=need.title,
    )
    return Line(text, _("Decide"), url_for("selection.decisions", public_id=need.public_id), need.due)


def _organizations(need: Need) -> Line:
    text = ngettext("%(num)d organization waits for approval.", "%(num)d organizations wait for approval.", need.count)
    return Line(text, _("Look at it"), url_for("admin.index"), None)


LINES: dict[str, Callable[[Need], Line]] = {
    "draft": _draft,
    "correction": _correction,
    "questions": _questions,
    "team_invitation": _team_invitation,
    "ballot": _ballot,
    "review": _review,
    "screening": _screening,
    "decision": _decision,
    "organizations": _organizations,
}
