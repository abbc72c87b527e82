"""Public pages of organizations and people, and what the platform says of itself."""

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crowd.core.badges.orcid import orcid_url
from crowd.core.permissions import Permission
from crowd.organizations.gates import organization_gate
from crowd.organizations.models import Organization
from crowd.pages.queries.people import (
    count_calls,
    get_person,
    list_calls_of,
    list_credits,
    list_organizations,
    list_people_of,
    list_shown_proposals,
)
from crowd.pages.views.blueprint import bp
from crowd.selection.queries.endorsements import list_endorsements
from crowd.store.db import db, utc_now
from crowd.web.access import Found, current_actor, public, requires


@bp.get("/organizations")
@public
def organizations() -> str:
    page = list_organizations(db.session(), request.args.get("after"))
    counts = count_calls(db.session(), [row.id for row in page.items])
    return render_template("pages/organizations.html", page=page, counts=counts)


@bp.get("/organizations/<slug>")
@organization_gate.requires()
def organization(found: Found[Organization]) -> str:
    row, session = found.row, db.session()
    calls = list_calls_of(session, row, current_actor())
    return render_template(
        "pages/organization.html", found=found, organization=row, calls=calls, people=list_people_of(session, row.id)
    )


@bp.get("/people/<public_id>")
@public
def person(public_id: str) -> str:
    account = get_person(db.session(), public_id)
    if account is None:
        abort(404)
    actor = current_actor()
    earned = list_credits(db.session(), account.id, actor, utc_now())
    credited = {line.proposal.id for line in earned}
    handed_in = [
        one
        for one in list_shown_proposals(db.session(), account.id, actor, utc_now())
        if one.proposal.id not in credited
    ]
    mine, shown = account.id == actor.account_id, account.profile_public and account.verified_at is not None
    if not (mine or shown or earned or handed_in):
        abort(404)
    return render_template(
        "pages/person.html",
        person=account,
        earned=earned,
        handed_in=handed_in,
        endorsements=list_endorsements(db.session(), [line.credit.id for line in earned if line.credit.name]),
        orcid=orcid_url(account.orcid) if account.orcid else "",
        mine=mine,
        shown=shown or mine,
    )


@bp.get("/profile")
@requires(Permission.SIGNED_IN)
def profile() -> Response:
    """One's own public page."""
    return redirect(url_for("pages.person", public_id=current_actor().public_id), 303)


@bp.get("/about")
@public
def about() -> str:
    return render_template("pages/about.html")
