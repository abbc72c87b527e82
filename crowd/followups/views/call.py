"""What became of all that a call selected: a page, and a feed."""

from datetime import UTC

from feedgen.feed import FeedGenerator
from flask import Response, render_template, url_for

from crowd.calls.gates import find_call
from crowd.calls.models import Call
from crowd.core.permissions import Permission
from crowd.followups.actions import may_edit, may_remove
from crowd.followups.models import Update
from crowd.followups.queries import Story, list_milestones, list_selected, list_updates, story_of
from crowd.followups.views.blueprint import bp
from crowd.proposals.models import Proposal
from crowd.store.db import db, utc_now
from crowd.web.access import Found, Gate, current_actor
from crowd.web.markup import plain
from crowd.web.text import _

after_gate: Gate[Call] = Gate(find_call, Permission.RESULTS_VIEW)
"""As the results: before publication there is nothing to follow."""
NEWEST = 30


@bp.app_template_global()
def what_became(found: Found[Proposal]) -> Story:
    """Of a proposal that this person sees; nothing is asked before there are results."""
    if not found.facts.call.results_published or found.row.status not in {"selected", "declined"}:
        return Story()
    return story_of(db.session(), found.row.id)


@bp.app_template_global()
def may_edit_update(update: Update) -> bool:
    return may_edit(update, current_actor())


@bp.app_template_global()
def may_remove_update(update: Update, found: Found[Proposal]) -> bool:
    return may_remove(update, current_actor(), found.facts)


@bp.get("/calls/<public_id>/follow-up")
@after_gate.requires()
def of_call(found: Found[Call]) -> str:
    session, actor, now = db.session(), current_actor(), utc_now()
    return render_template(
        "followups/call.html",
        found=found,
        updates=list_updates(session, found.row.id, actor, now, NEWEST),
        milestones=list_milestones(session, found.row.id, actor, now),
        selected=list_selected(session, found.row.id, actor, now),
        today=now.date(),
    )


@bp.get("/calls/<public_id>/follow-up.atom")
@after_gate.requires()
def feed(found: Found[Call]) -> Response:
    """The newest updates of the call's selected proposals."""
    updates = list_updates(db.session(), found.row.id, current_actor(), utc_now(), NEWEST)
    page = url_for(".of_call", public_id=found.row.public_id, _external=True)
    made = FeedGenerator()
    made.id(page)
    made.title(_("What became of “%(title)s”", title=found.facts.rules.title))
    made.link(href=page)
    made.link(href=url_for(".feed", public_id=found.row.public_id, _external=True), rel="self")
    made.author(name=found.row.organization.name)
    newest = updates[0].edited_at or updates[0].at if updates else found.row.results_published_at
    made.updated((newest or found.row.published_at or found.row.created_at).astimezone(UTC))
    for update in updates:
        entry = made.add_entry(order="append")
        place = url_for("pages.proposal", public_id=update.proposal.public_id, _external=True)
        entry.id(f"{place}#{update.public_id}")
        entry.title(update.proposal.title)
        entry.link(href=f"{place}#{update.public_id}")
        entry.published(update.at.astimezone(UTC))
        entry.updated((update.edited_at or update.at).astimezone(UTC))
        entry.content(plain(update.text), type="text")
    return Response(made.atom_str(), mimetype="application/atom+xml")
