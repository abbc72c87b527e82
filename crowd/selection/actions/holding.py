"""What people do with their own credits: show or hide them, be named or not, have them signed."""

from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.actor import Actor
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.subjects import CreditFacts
from crowd.credentials.actions import forget_holder, forget_names, issue, revoke
from crowd.credentials.commands import Issue
from crowd.credentials.models import Credential, Revocation
from crowd.organizations.models import Organization
from crowd.selection.commands import Claim
from crowd.selection.gates import facts_of_credit
from crowd.selection.models import Correction, Credit, Endorsement, LetterEdit
from crowd.store.events import record_in
from crowd.store.issuer_keys import IssuerKeys
from crowd.web.access import require


def claim_credential(
    session: Session, credit: Credit, command: Claim, keys: IssuerKeys, *, actor: Actor, now: datetime
) -> Credential:
    """Have one's locked credit signed by the organization. Asking for it is the consent to be named by it."""
    facts = facts_of_credit(session, credit)
    require(actor, Permission.CREDENTIAL_CLAIM, facts, now)
    organization = session.get_one(Organization, facts.call.organization.id)
    asked = Issue(credit.id, actor.account_id or 0, command.award, command.holder)
    return issue(session, organization, asked, keys, now=now)


def show_credit(session: Session, credit: Credit, *, shown: bool, actor: Actor, now: datetime) -> None:
    """Whether one's profile shows this credit to others."""
    facts = facts_of_credit(session, credit)
    require(actor, Permission.CREDIT_OWN, facts, now)
    if credit.on_profile is not shown:
        credit.on_profile = shown
        _record(session, credit, facts, "shown" if shown else "hidden", actor=actor, now=now)


def name_holder(session: Session, credit: Credit, *, named: bool, actor: Actor, now: datetime) -> None:
    """Be named for one's credit, or be "a contributor" everywhere; then no credential names the person either."""
    facts = facts_of_credit(session, credit)
    require(actor, Permission.CREDIT_OWN, facts, now)
    if named is facts.named:
        return
    if named:
        credit.name = session.get_one(Account, credit.account_id).name
    else:
        revoke(session, credit.id, Revocation.UNNAMED, actor_id=actor.account_id, now=now)
        _unname(session, credit)
    _record(session, credit, facts, "named" if named else "unnamed", actor=actor, now=now)


def erase_person(session: Session, account_id: int, *, now: datetime) -> None:
    """An account is erased: its credits stay, as those of a contributor; its credentials and its words about others go, and
    so does what others said of it, and what was to be written to it.
    """
    mine = session.scalars(select(Credit).where(Credit.account_id == account_id).order_by(Credit.id)).all()
    for credit in mine:
        _unname(session, credit)
        credit.account_id = None
    forget_holder(session, account_id, now=now)
    about = Endorsement.credit_id.in_([credit.id for credit in mine])
    session.execute(delete(Endorsement).where(or_(Endorsement.author_id == account_id, about)))
    session.execute(delete(LetterEdit).where(LetterEdit.account_id == account_id))
    session.flush()


def _unname(session: Session, credit: Credit) -> None:
    credit.name = ""
    forget_names(session, credit.id)
    of_credits = select(Correction).where(Correction.proposal_id == credit.proposal_id, Correction.kind == "credit")
    for row in session.scalars(of_credits):
        if isinstance(row.after, dict) and isinstance(row.before, dict) and row.after.get("code") == credit.code:
            row.before, row.after = {**row.before, "name": ""}, {**row.after, "name": ""}


def _record(session: Session, credit: Credit, facts: CreditFacts, target: str, *, actor: Actor, now: datetime) -> None:
    about = {"proposal_id": credit.proposal_id, "subject_id": credit.id, "target": target}
    record_in(session, EventKind.CREDIT_SHOWN, facts.call, actor=actor, now=now, **about)
