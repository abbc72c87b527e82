"""Certificates of credit: a page that verifies them and the PDF; and putting a credit right."""

import unicodedata
from pathlib import Path
from typing import Any

from flask import Response, abort, current_app, render_template, url_for
from flask_babel import force_locale, format_date

from crowd.accounts.models import Account
from crowd.core.badges.orcid import orcid_url
from crowd.core.credit import OwnRole, percent_text
from crowd.core.permissions import Permission
from crowd.credentials.queries import standing_credential
from crowd.files.typeset import qr_svg, typeset
from crowd.selection.forms.crediting import ClaimForm, EndorseForm
from crowd.selection.gates import facts_of_credit
from crowd.selection.models import Credit
from crowd.selection.queries.certificates import Certificate, find_certificate
from crowd.selection.queries.endorsements import list_endorsements
from crowd.selection.views.blueprint import bp
from crowd.store.db import db
from crowd.web.access import allowed, current_actor, public
from crowd.web.links import absolute_url
from crowd.web.text import _, in_digits
from crowd.web.words import credited_name, role_names

SOURCE = Path("selection") / "certificate.typ"


def certificate_or_404(code: str) -> Certificate:
    found = find_certificate(db.session(), code)
    if found is None:
        abort(404)
    return found


@bp.get("/certificates/<code>")
@public
def certificate(code: str) -> Any:
    return certificate_page(certificate_or_404(code))


def certificate_page(found: Certificate, claim: ClaimForm | None = None, endorse: EndorseForm | None = None) -> str:
    credit, session = found.credit, db.session()
    facts = facts_of_credit(session, credit)
    account = _account(credit)
    return render_template(
        "selection/certificate.html",
        found=found,
        credit=credit,
        facts_of_credit=facts,
        sentence=contributed(credit),
        name=credited_name(credit.name),
        roles=role_names(credit.roles),
        share=in_digits(percent_text(credit.share)) if credit.share or not is_of_comment(credit) else None,
        address=absolute_url("selection.certificate", code=credit.code),
        profile=_profile(credit, account),
        orcid=orcid_url(account.orcid) if account and account.orcid and credit.name else "",
        credential=standing_credential(session, credit.id),
        endorsements=list_endorsements(session, [credit.id]).get(credit.id, []) if found.holds and credit.name else [],
        mine=facts.account_id is not None and facts.account_id == current_actor().account_id,
        claim=claim or ClaimForm(formdata=None),
        endorse=endorse or EndorseForm(formdata=None),
        may_correct=allowed(Permission.SELECTION_CORRECT, found.facts),
    )


def _account(credit: Credit) -> Account | None:
    return db.session.get(Account, credit.account_id) if credit.account_id else None


def _profile(credit: Credit, account: Account | None) -> str | None:
    shown = account is not None and account.profile_public and credit.name
    return url_for("pages.person", public_id=account.public_id) if account and shown else None


@bp.get("/certificates/<code>.pdf")
@public
def certificate_pdf(code: str) -> Response:
    """The PDF. A credit that was taken back has none."""
    found = certificate_or_404(code)
    if not found.holds:
        abort(404)
    source = Path(current_app.root_path) / (current_app.template_folder or "templates") / SOURCE
    made = typeset(source, certificate_content(found), current_app.extensions["settings"].data)
    response = Response(made, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="certificate-{code}.pdf"'
    return response


def language_of(found: Certificate) -> str:
    """The contributor's own; of somebody without an account, that of the call."""
    account = _account(found.credit)
    return account.language if account else str(found.facts.rules.language)


def certificate_content(found: Certificate) -> dict[str, str]:
    """All words of the certificate in its language; names and titles in theirs, with the direction of their letters."""
    language = language_of(found)
    with force_locale(language):
        return {"lang": language, **_words(found), **_names(found)}


def _names(found: Certificate) -> dict[str, str]:
    names = {
        "organization": found.call.organization.name,
        "name": credited_name(found.credit.name),
        "proposal": found.proposal.title,
        "call": found.facts.rules.title,
    }
    return {
        **names,
        **{f"{key}_dir": direction(text) for key, text in names.items()},
        "proposal_lang": found.proposal.language,
        "call_lang": str(found.facts.rules.language),
    }


def _words(found: Certificate) -> dict[str, str]:
    credit = found.credit
    address = absolute_url("selection.certificate", code=credit.code)
    roles = role_names(credit.roles)
    return {
        "title": _("Certificate of credit: %(name)s", name=credited_name(credit.name)),
        "site": current_app.extensions["settings"].site_name,
        "organization_kind": _("Open call of"),
        "certifies": _("This certifies that"),
        "contributed": contributed(credit),
        "selected_in": _("selected in the open call"),
        "roles": _("Roles: %(roles)s", roles=", ".join(roles)) if roles else "",
        "issued": _("Issued on %(day)s", day=format_date(credit.issued_at, "long")),
        "verify": _("Whether it holds is told at"),
        "url": address,
        "qr": qr_svg(address),
        "qr_alt": _("QR code with the address at which this certificate is verified"),
    }


def is_of_comment(credit: Credit) -> bool:
    """Given for comments alone: there is no share in it."""
    own = {role.value for role in OwnRole}
    return credit.share == 0 and bool(credit.roles) and own.issuperset(str(role) for role in credit.roles)


def contributed(credit: Credit) -> str:
    if is_of_comment(credit):
        return _("gave an idea or feedback to")
    if credit.share == 10_000:
        return _("is the author of")
    return _("contributed %(share)s %% to", share=in_digits(percent_text(credit.share)))


def direction(text: str) -> str:
    """`rtl` or `ltr`, by the first letter that has a direction."""
    for sign in text:
        if unicodedata.bidirectional(sign) in {"R", "AL"}:
            return "rtl"
        if unicodedata.bidirectional(sign) == "L":
            return "ltr"
    return "ltr"
