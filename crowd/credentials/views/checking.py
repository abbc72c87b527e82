"""Anybody checks a credential: pasted, or by its address here. No other site is ever asked."""

import re
from typing import Any

from flask import render_template, request
from wtforms import TextAreaField
from wtforms.validators import Length

from crowd.core.badges.examining import Finding
from crowd.core.badges.jws import LONGEST
from crowd.credentials.queries import Checked, check, credential_url, get_credential
from crowd.credentials.views.blueprint import bp
from crowd.credentials.views.reading import said_by
from crowd.credentials.views.words import FINDINGS, REVOCATIONS
from crowd.store.db import db, utc_now
from crowd.store.issuer_keys import issuer_keys
from crowd.web.access import public
from crowd.web.forms import BaseForm, required
from crowd.web.negotiate import wants_json
from crowd.web.text import _l

_ADDRESS = re.compile(r"(?:https?://\S+|)/credentials/([a-z0-9]{12})(?:\.jwt|\.json|\.svg)?/?", re.ASCII)


class CheckForm(BaseForm):
    credential = TextAreaField(
        _l("Credential"),
        [required(), Length(max=LONGEST)],
        description=_l("The text of the .jwt file, or the address of a credential on this site."),
    )


@bp.route("/credentials/check", methods=["GET", "POST"])
@public
def check_credential() -> Any:
    given = request.args.get("credential")
    form = CheckForm(formdata=None, credential=given) if given else CheckForm()
    if not given and not form.validate_on_submit():
        page = render_template("credentials/check.html", form=form, found=None, said=None, finding=None, why=None)
        return page, 422 if form.errors else 200
    return _answer(form, _checked((form.credential.data or "").strip()))


def _checked(text: str) -> Checked:
    """An address leads to what is kept here, if it is one of ours."""
    session, match = db.session(), _ADDRESS.fullmatch(text)
    row = get_credential(session, match[1]) if match else None
    if row is not None and (text.startswith(("/", credential_url(row.public_id)))):
        if row.token is None:
            return Checked(Finding.REVOKED, {}, row, row.organization)
        text = row.token
    return check(session, text, issuer_keys(), utc_now())


def _answer(form: CheckForm, found: Checked) -> Any:
    why = REVOCATIONS[found.row.revoked_for] if found.row and found.row.revoked_for else None
    sentence = FINDINGS[found.finding]
    if wants_json():
        holds = found.finding is Finding.GENUINE
        return {"finding": found.finding.value, "holds": holds, "words": str(sentence), "reason": str(why or "")}
    return render_template(
        "credentials/check.html", form=form, found=found, said=said_by(found.says), finding=sentence, why=why
    )
