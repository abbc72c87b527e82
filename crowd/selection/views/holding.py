"""What people do with their own credits."""

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import force_locale

from crowd.accounts.models import Account
from crowd.core.badges.open_badge import Award, Holder, Role
from crowd.core.badges.orcid import orcid_url
from crowd.core.credit import CreditRole
from crowd.core.permissions import Permission
from crowd.selection.actions.holding import claim_credential, name_holder, show_credit
from crowd.selection.commands import Claim
from crowd.selection.forms.crediting import ClaimForm
from crowd.selection.gates import credit_gate
from crowd.selection.models import Credit
from crowd.selection.queries.certificates import Certificate
from crowd.selection.views.blueprint import bp
from crowd.selection.views.certificates import (
    certificate_or_404,
    certificate_page,
    contributed,
    is_of_comment,
    language_of,
)
from crowd.store.db import db, transaction, utc_now
from crowd.store.issuer_keys import issuer_keys
from crowd.web.access import Found, current_actor
from crowd.web.links import absolute_url
from crowd.web.text import _
from crowd.web.words import ROLE_NAMES


@bp.post("/certificates/<code>/credential")
@credit_gate.requires(Permission.CREDENTIAL_CLAIM)
def claim(found: Found[Credit]) -> Any:
    form, about = ClaimForm(), certificate_or_404(found.row.code)
    if not form.validate_on_submit():
        return certificate_page(about, claim=form), 422
    asked = Claim(award_of(about), _holder(about, with_address=bool(form.with_address.data)))
    with transaction(found.row) as session:
        made = claim_credential(session, found.row, asked, issuer_keys(), actor=current_actor(), now=utc_now())
    flash(_("Your credential is signed. Download it, or pass on its address."), "success")
    return redirect(url_for("credentials.credential", public_id=made.public_id), 303)


def _holder(about: Certificate, *, with_address: bool) -> Holder:
    account = db.session.get_one(Account, about.credit.account_id)
    return Holder(
        url=absolute_url("pages.person", public_id=account.public_id),
        name=about.credit.name,
        orcid=orcid_url(account.orcid) if account.orcid else "",
        address=account.email if with_address else "",
    )


def award_of(about: Certificate) -> Award:
    """What the credential says, in the language of its holder."""
    credit, language = about.credit, language_of(about)
    call, organization = about.facts.rules.title, about.call.organization.name
    with force_locale(language):
        what = _("%(did)s “%(proposal)s”", did=contributed(credit), proposal=about.proposal.title)
        return Award(
            url=absolute_url("selection.results", public_id=about.call.public_id),
            name=_("Contribution to “%(proposal)s”", proposal=about.proposal.title),
            description=f"{credit.name} {what}, "
            + _("selected in the open call “%(call)s” of %(organization)s.", call=call, organization=organization),
            criteria=_(
                "The proposal was selected by the published rules of the call; the results page shows how it was decided, with the reasons."
            ),
            roles=tuple(_role(key) for key in credit.roles if key in ROLE_NAMES),
            share=None if is_of_comment(credit) else credit.share,
            share_name=_("Share agreed in the team"),
            work_url=absolute_url("pages.proposal", public_id=about.proposal.public_id),
            work_name=about.proposal.title,
            language=language,
            awarded_at=credit.issued_at,
        )


def _role(key: str) -> Role:
    standard = {role.value: role.url for role in CreditRole}
    return Role(str(ROLE_NAMES[key]), standard.get(key, ""))


def _shown(found: Found[Credit], *, shown: bool) -> Any:
    with transaction(found.row) as session:
        show_credit(session, found.row, shown=shown, actor=current_actor(), now=utc_now())
    flash(
        _("Your profile shows this credit.") if shown else _("Your profile hides this credit from others."), "success"
    )
    return redirect(url_for("pages.profile"), 303)


@bp.post("/certificates/<code>/show")
@credit_gate.requires(Permission.CREDIT_OWN)
def show_on_profile(found: Found[Credit]) -> Any:
    return _shown(found, shown=True)


@bp.post("/certificates/<code>/hide")
@credit_gate.requires(Permission.CREDIT_OWN)
def hide_on_profile(found: Found[Credit]) -> Any:
    return _shown(found, shown=False)


def _named(found: Found[Credit], *, named: bool) -> Any:
    with transaction(found.row) as session:
        name_holder(session, found.row, named=named, actor=current_actor(), now=utc_now())
    words = (
        _("Your name stands beside this credit.")
        if named
        else _("You are “a contributor” now, and no credential names you.")
    )
    flash(words, "success")
    return redirect(url_for(".certificate", code=found.row.code), 303)


@bp.post("/certificates/<code>/be-named")
@credit_gate.requires(Permission.CREDIT_OWN)
def be_named(found: Found[Credit]) -> Any:
    return _named(found, named=True)


@bp.post("/certificates/<code>/be-unnamed")
@credit_gate.requires(Permission.CREDIT_OWN)
def be_unnamed(found: Found[Credit]) -> Any:
    return _named(found, named=False)
