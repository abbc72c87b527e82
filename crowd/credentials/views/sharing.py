"""The page of a credential that is passed on, and the credential itself as files."""

from flask import Response, abort, render_template, request, url_for
from markupsafe import escape

from crowd.core.badges.jws import read_token
from crowd.credentials.models import Credential
from crowd.credentials.queries import get_credential
from crowd.credentials.views.blueprint import bp, open_data, open_json
from crowd.credentials.views.reading import said_in
from crowd.credentials.views.words import REVOCATIONS
from crowd.store.db import db
from crowd.web.access import current_actor, public
from crowd.web.links import absolute_url


def credential_or_404(public_id: str) -> Credential:
    found = get_credential(db.session(), public_id)
    if found is None:
        abort(404)
    return found


@bp.get("/credentials/<public_id>")
@public
def credential(public_id: str) -> str:
    row = credential_or_404(public_id)
    said = said_in(row.token)
    return render_template(
        "credentials/credential.html",
        credential=row,
        said=said,
        why=REVOCATIONS[row.revoked_for] if row.revoked_for is not None else None,
        snippet=_snippet(public_id, said.title) if said else "",
        mine=row.account_id is not None and row.account_id == current_actor().account_id,
        address=absolute_url("credentials.credential", public_id=public_id),
    )


def _snippet(public_id: str, title: str) -> str:
    """HTML for other pages, to be copied as text."""
    page = absolute_url("credentials.credential", public_id=public_id)
    badge = absolute_url("credentials.badge", public_id=public_id)
    return f'<a href="{page}"><img src="{badge}" width="320" height="120" alt="{escape(title)}"></a>'


def _token(public_id: str) -> str:
    """What was signed; 410 once it must name nobody."""
    token = credential_or_404(public_id).token
    return token if token is not None else abort(410)


@bp.get("/credentials/<public_id>.jwt")
@public
def credential_token(public_id: str) -> Response:
    response = open_data(_token(public_id), "application/jwt")
    if "download" in request.args:
        response.headers["Content-Disposition"] = f'attachment; filename="credential-{public_id}.jwt"'
    return response


@bp.get("/credentials/<public_id>.json")
@public
def credential_data(public_id: str) -> Response:
    """What the credential says, without the claims that only repeat it."""
    payload = read_token(_token(public_id)).payload
    shown = {name: value for name, value in payload.items() if name not in {"iss", "sub", "jti", "nbf"}}
    return open_json(shown, media_type="application/ld+json")


@bp.app_template_global()
def credential_path(row: Credential) -> str:
    return url_for("credentials.credential", public_id=row.public_id)
