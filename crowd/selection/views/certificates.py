"""Certificates of credit: a page that verifies them and the PDF; and putting a credit right."""

import unicodedata
from pathlib import Path
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import format_date

from crowd.accounts.models import Account
from crowd.core.credit import CreditRole, percent_text, read_percent
from crowd.core.errors import InvalidInput
from crowd.core.permissions import Permission
from crowd.files.typeset import qr_svg, typeset
from crowd.selection.actions.correct import correct_credit
from crowd.selection.commands import CorrectCredit
from crowd.selection.forms import CreditForm
from crowd.selection.models import Credit
from crowd.selection.queries.certificates import Certificate, find_certificate
from crowd.selection.views.blueprint import bp
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, Gate, allowed, current_actor, public
from crowd.web.forms import fill_errors
from crowd.web.links import absolute_url
from crowd.web.text import _, in_digits
from crowd.web.words import CREDIT_ROLES

SOURCE = Path("selection") / "certificate.typ"


def _certificate(code: str) -> Certificate:
    found = find_certificate(db.session(), code)
    if found is None:
        abort(404)
    return found


@bp.get("/certificates/<code>")
@public
def certificate(code: str) -> Any:
    found = _certificate(code)
    address = absolute_url("selection.certificate", code=code)
    return render_template(
        "selection/certificate.html",
        found=found,
        credit=found.credit,
        sentence=contributed(found),
        roles=role_words(found.credit),
        share=in_digits(percent_text(found.credit.share)),
        address=address,
        profile=_profile(found),
        may_correct=allowed(Permission.SELECTION_CORRECT, found.facts),
    )


def _profile(found: Certificate) -> str | None:
    account = db.session.get(Account, found.credit.account_id) if found.credit.account_id else None
    shown = account is not None and account.profile_public
    return url_for("pages.person", public_id=account.public_id) if account and shown else None


@bp.get("/certificates/<code>.pdf")
@public
def certificate_pdf(code: str) -> Response:
    """The PDF. A credit that was taken back has none."""
    found = _certificate(code)
    if not found.holds:
        abort(404)
    source = Path(current_app.root_path) / (current_app.template_folder or "templates") / SOURCE
    made = typeset(source, certificate_content(found), current_app.extensions["settings"].data)
    response = Response(made, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="certificate-{code}.pdf"'
    return response


def certificate_content(found: Certificate) -> dict[str, str]:
    """All words of the certificate; names and titles with the direction of their own letters."""
    credit, organization = found.credit, found.call.organization.name
    address = absolute_url("selection.certificate", code=credit.code)
    roles = role_words(credit)
    return {
        "lang": str(found.facts.rules.language),
        "title": _("Certificate of credit: %(name)s", name=credit.name),
        "site": current_app.extensions["settings"].site_name,
        "organization": organization,
        "organization_dir": direction(organization),
        "organization_kind": _("Open call of"),
        "certifies": _("This certifies that"),
        "name": credit.name,
        "name_dir": direction(credit.name),
        "contributed": contributed(found),
        "proposal": found.proposal.title,
        "proposal_dir": direction(found.proposal.title),
        "selected_in": _("selected in the open call"),
        "call": found.facts.rules.title,
        "call_dir": direction(found.facts.rules.title),
        "roles": _("Roles: %(roles)s", roles=", ".join(roles)) if roles else "",
        "issued": _("Issued on %(day)s", day=format_date(credit.issued_at, "long")),
        "verify": _("Whether it holds is told at"),
        "url": address,
        "qr": qr_svg(address),
        "qr_alt": _("QR code with the address at which this certificate is verified"),
    }


def contributed(found: Certificate) -> str:
    share = in_digits(percent_text(found.credit.share))
    if found.credit.share == 10_000:
        return _("is the author of")
    return _("contributed %(share)s %% to", share=share)


def role_words(credit: Credit) -> list[str]:
    known = {role.value: words for role, words in CREDIT_ROLES.items()}
    return [str(known[role]) for role in credit.roles if role in known]


def direction(text: str) -> str:
    """`rtl` or `ltr`, by the first letter that has a direction."""
    for sign in text:
        if unicodedata.bidirectional(sign) in {"R", "AL"}:
            return "rtl"
        if unicodedata.bidirectional(sign) == "L":
            return "ltr"
    return "ltr"


def _find_credit(_session: Any, code: str) -> Found[Credit] | None:
    found = find_certificate(db.session(), code)
    return Found(found.credit, found.facts) if found else None


credit_gate: Gate[Credit] = Gate(_find_credit, Permission.CALL_VIEW, "code")


@bp.get("/certificates/<code>/correct")
@credit_gate.requires(Permission.SELECTION_CORRECT)
def credit_correction(found: Found[Credit]) -> Any:
    credit = found.row
    form = CreditForm(formdata=None)
    form.name.data, form.share.data = credit.name, percent_text(credit.share)
    form.roles.data, form.revoked.data = list(credit.roles), credit.revoked_at is not None
    return _correction_page(found, form)


@bp.post("/certificates/<code>/correct")
@credit_gate.requires(Permission.SELECTION_CORRECT)
def correct_this_credit(found: Found[Credit]) -> Any:
    form = CreditForm()
    if not form.validate_on_submit():
        return _correction_page(found, form), 422
    try:
        with transaction(found.row) as session:
            correct_credit(session, found.row, _command(form), actor=current_actor(), now=utc_now())
    except InvalidInput as error:
        fill_errors(form, error)
        return _correction_page(credit_gate.load(found.row.code), form), 422
    flash(_("Corrected in public. The person is told, with your note."), "success")
    return redirect(url_for(".certificate", code=found.row.code), 303)


def _command(form: CreditForm) -> CorrectCredit:
    known = {role.value for role in CreditRole}
    return CorrectCredit(
        name=form.name.data or "",
        roles=tuple(role for role in form.roles.data or () if role in known),
        share=read_percent(form.share.data or "0"),
        revoked=bool(form.revoked.data),
        note=form.note.data or "",
    )


def _correction_page(found: Found[Credit], form: CreditForm) -> str:
    return render_template("selection/credit.html", found=found, credit=found.row, form=form)
