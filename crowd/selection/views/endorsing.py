"""Words about somebody's part: written, and taken away."""

from typing import Any

from flask import Response, abort, flash, redirect, url_for

from crowd.core.badges.endorsement import endorsement
from crowd.core.badges.jws import write_token
from crowd.core.errors import InvalidInput
from crowd.core.permissions import Permission
from crowd.credentials.queries import issuer_of, key_url
from crowd.selection.actions.endorsing import endorse, remove_endorsement
from crowd.selection.forms.crediting import EndorseForm
from crowd.selection.gates import credit_gate, endorsement_gate
from crowd.selection.models import Credit, Endorsement
from crowd.selection.queries.endorsements import signed_endorsement
from crowd.selection.views.blueprint import bp
from crowd.selection.views.certificates import certificate_or_404, certificate_page
from crowd.store.db import db, transaction, utc_now
from crowd.store.issuer_keys import issuer_keys
from crowd.web.access import Found, current_actor, public
from crowd.web.forms import fill_errors
from crowd.web.links import absolute_url
from crowd.web.text import _


@bp.post("/certificates/<code>/endorse")
@credit_gate.requires(Permission.CREDIT_ENDORSE)
def endorse_credit(found: Found[Credit]) -> Any:
    form, code = EndorseForm(), found.row.code
    if not form.validate_on_submit():
        return certificate_page(certificate_or_404(code), endorse=form), 422
    try:
        with transaction(found.row) as session:
            endorse(session, found.row, form.command(), actor=current_actor(), now=utc_now())
    except InvalidInput as error:
        fill_errors(form, error)
        return certificate_page(certificate_or_404(code), endorse=form), 422
    flash(_("Your words stand beside this credit. Whoever they are about can take them away."), "success")
    return redirect(url_for(".certificate", code=code), 303)


@bp.post("/endorsements/<public_id>/remove")
@endorsement_gate.requires()
def remove(found: Found[Endorsement]) -> Any:
    code = db.session.get_one(Credit, found.row.credit_id).code
    with transaction(found.row) as session:
        remove_endorsement(session, found.row, actor=current_actor(), now=utc_now())
    flash(_("The words are taken away."), "success")
    return redirect(url_for(".certificate", code=code), 303)


@bp.get("/endorsements/<public_id>.jwt")
@public
def endorsement_token(public_id: str) -> Response:
    """What was said in the organization's name, signed by it, while it stands."""
    found = signed_endorsement(db.session(), public_id)
    if found is None:
        abort(404)
    row, code, organization = found
    address = absolute_url("selection.endorsement_token", public_id=public_id)
    about = absolute_url("selection.certificate", code=code)
    keys, name = issuer_keys(), organization.public_id
    key = keys.signing_key(name)
    data = endorsement(address, about, row.text, issuer_of(organization), row.at)
    token = write_token(data, key_url(organization, key), lambda signed: keys.sign(name, key, signed))
    return Response(token, mimetype="application/jwt")
