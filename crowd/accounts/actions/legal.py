"""Publishing legal texts and accepting them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crowd.accounts.commands import PublishLegalText
from crowd.accounts.models import Acceptance, Account, LegalKind, LegalText
from crowd.accounts.queries import built_in_text, newest_legal_text
from crowd.core.actor import Actor
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.store.events import record
from crowd.web.access import require


def accept_texts(session: Session, account: Account, *, now: datetime) -> None:
    """Store that this person accepts the texts in force now."""
    for kind in LegalKind:
        text = newest_legal_text(session, kind) or _store_built_in(session, kind, now)
        known = select(Acceptance.id).where(Acceptance.account_id == account.id, Acceptance.legal_text_id == text.id)
        if session.scalar(known) is None:
            session.add(Acceptance(account_id=account.id, legal_text_id=text.id, accepted_at=now))
    account.accepted_at = now


def _store_built_in(session: Session, kind: LegalKind, now: datetime) -> LegalText:
    """Version 1 is the product's own text: what was accepted stays on record, whatever a later release says."""
    text = LegalText(
        kind=kind,
        version=1,
        body_en=built_in_text(kind, "en"),
        body_es=built_in_text(kind, "es"),
        is_built_in=True,
        published_at=now,
    )
    try:
        with session.begin_nested():
            session.add(text)
    except IntegrityError:  # two first people at once
        return session.scalars(select(LegalText).where(LegalText.kind == kind)).one()
    return text


def publish_legal_text(
    session: Session, kind: LegalKind, command: PublishLegalText, *, actor: Actor, now: datetime
) -> LegalText:
    """A new version; everybody but its publisher is asked to accept it at the next sign-in or act."""
    require(actor, Permission.SITE_ADMIN, None, now)
    newest = newest_legal_text(session, kind)
    text = LegalText(
        kind=kind,
        version=newest.version + 1 if newest else 1,
        body_en=command.body_en,
        body_es=command.body_es,
        published_at=now,
        published_by_id=actor.account_id,
    )
    session.add(text)
    session.flush()
    record(
        session,
        EventKind.LEGAL_TEXT_PUBLISHED,
        now=now,
        actor_id=actor.account_id,
        subject_id=text.id,
        target=kind,
        version=text.version,
    )
    if actor.account_id is not None:
        accept_texts(session, session.get_one(Account, actor.account_id), now=now)
    return text
