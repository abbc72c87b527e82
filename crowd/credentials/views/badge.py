"""The badge as a picture to be put into other sites: SVG without scripts, its text as text."""

from flask import Response, render_template
from flask_babel import force_locale

from crowd.credentials.models import Credential
from crowd.credentials.views.blueprint import bp, open_data
from crowd.credentials.views.reading import Said, said_in
from crowd.credentials.views.sharing import credential_or_404
from crowd.web.access import public
from crowd.web.text import _

MOST = 40
"""Letters that fit on a line of the badge."""


@bp.get("/credentials/<public_id>.svg")
@public
def badge(public_id: str) -> Response:
    """In the language of its holder: one copy for everybody, kept by others for five minutes."""
    row = credential_or_404(public_id)
    said = said_in(row.token) if row.revoked_at is None else None
    language = said.language if said else row.organization.language
    with force_locale(language):
        drawn = _drawn(row, said, language)
    return open_data(drawn, "image/svg+xml", seconds=300)


def _drawn(row: Credential, said: Said | None, language: str) -> str:
    lines = [short(text) for text in (said.name, said.work, said.role)] if said else []
    return render_template(
        "credentials/badge.svg",
        language=language,
        lines=lines,
        issuer=short(_("Signed by %(organization)s", organization=row.organization.name)),
        title=f"{said.name}: {said.title}" if said else _("This credential holds no more"),
        description=said.description if said else _("It was taken back."),
    )


def short(text: str) -> str:
    return text if len(text) <= MOST else f"{text[: MOST - 1].rstrip()}…"
