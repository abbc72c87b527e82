"""Issuing credentials and taking them back. Whoever calls has judged whether this person may be named for this."""

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crowd.core.badges.jws import write_token
from crowd.core.badges.open_badge import Holder, open_badge
from crowd.core.badges.status_list import BITS, FULL
from crowd.core.events import EventKind
from crowd.credentials.commands import Issue
from crowd.credentials.models import Credential, Revocation
from crowd.credentials.queries import (
    credential_url,
    is_taken,
    issuer_of,
    key_url,
    last_list,
    status_list_url,
)
from crowd.organizations.models import Organization
from crowd.store.db import lock
from crowd.store.events import record
from crowd.store.issuer_keys import IssuerKey, IssuerKeys
from crowd.store.types import new_public_id


def issue(
    session: Session, organization: Organization, command: Issue, keys: IssuerKeys, *, now: datetime
) -> Credential:
    """Sign a credential for a credit in the organization's name; an earlier one of the same credit holds no more."""
    lock(session, organization)
    revoke(session, command.credit_id, Revocation.RENEWED, actor_id=command.account_id, now=now)
    number, index = _place(session, organization.id)
    public_id, holder = new_public_id(), _salted(command.holder)
    status = (status_list_url(organization, number), index)
    badge = open_badge(credential_url(public_id), command.award, holder, issuer_of(organization), status, now)
    key, token = _signed(organization, keys, badge)
    made = Credential(
        public_id=public_id,
        organization_id=organization.id,
        credit_id=command.credit_id,
        account_id=command.account_id,
        list_number=number,
        list_index=index,
        key=key.name,
        token=token,
        sha256=hashlib.sha256(token.encode()).hexdigest(),
        issued_at=now,
    )
    session.add(made)
    session.flush()
    _record(session, EventKind.CREDENTIAL_ISSUED, made, actor_id=command.account_id, now=now)
    return made


def _salted(holder: Holder) -> Holder:
    return replace(holder, salt=secrets.token_hex(8)) if holder.address else holder


def _place(session: Session, organization_id: int) -> tuple[int, int]:
    """A free place found by chance, so that it says nothing of when or for whom. The organization is locked."""
    number, taken = last_list(session, organization_id)
    if taken >= FULL:
        number += 1
    index = secrets.randbelow(BITS)
    while is_taken(session, organization_id, number, index):
        index = secrets.randbelow(BITS)
    return number, index


def _signed(organization: Organization, keys: IssuerKeys, badge: dict[str, object]) -> tuple[IssuerKey, str]:
    """Somebody may have rotated the key in between: then the new one signs."""
    key = keys.signing_key(organization.public_id)
    try:
        return key, _written(organization, keys, key, badge)
    except LookupError:
        key = keys.signing_key(organization.public_id)
        return key, _written(organization, keys, key, badge)


def _written(organization: Organization, keys: IssuerKeys, key: IssuerKey, badge: dict[str, object]) -> str:
    return write_token(badge, key_url(organization, key), lambda data: keys.sign(organization.public_id, key, data))


def revoke(
    session: Session, credit_id: int, why: Revocation, *, actor_id: int | None, now: datetime
) -> list[Credential]:
    """Take back what holds of a credit; the status list says so from now on."""
    standing = session.scalars(
        select(Credential).where(Credential.credit_id == credit_id, Credential.revoked_at.is_(None))
    ).all()
    for one in standing:
        one.revoked_at, one.revoked_for = now, why
        if why in {Revocation.UNNAMED, Revocation.ERASED}:
            one.token = None
        _record(session, EventKind.CREDENTIAL_REVOKED, one, actor_id=actor_id, now=now)
    session.flush()
    return list(standing)


def forget_holder(session: Session, account_id: int, *, now: datetime) -> None:
    """An account is erased: its credentials hold no more, and what was signed is forgotten, of revoked ones too."""
    mine = session.scalars(select(Credential).where(Credential.account_id == account_id)).all()
    for one in mine:
        if one.revoked_at is None:
            one.revoked_at, one.revoked_for = now, Revocation.ERASED
            _record(session, EventKind.CREDENTIAL_REVOKED, one, actor_id=None, now=now)
    session.flush()
    session.execute(update(Credential).where(Credential.account_id == account_id).values(token=None, account_id=None))


def forget_names(session: Session, credit_id: int) -> None:
    """Nobody is named for this credit any more: nor by its revoked credentials."""
    session.execute(
        update(Credential)
        .where(Credential.credit_id == credit_id, Credential.revoked_at.is_not(None))
        .values(token=None)
    )


def rotate(session: Session, organization: Organization, keys: IssuerKeys, *, now: datetime) -> IssuerKey:
    """A new key signs from now on. What earlier ones signed stays valid: their public keys stay published."""
    lock(session, organization)
    key = keys.rotate(organization.public_id)
    record(
        session,
        EventKind.ISSUER_KEY_ROTATED,
        now=now,
        organization_id=organization.id,
        subject_id=organization.id,
        key=key.name,
    )
    return key


def _record(session: Session, kind: EventKind, one: Credential, *, actor_id: int | None, now: datetime) -> None:
    record(
        session,
        kind,
        now=now,
        actor_id=actor_id,
        organization_id=one.organization_id,
        subject_id=one.id,
        account_id=one.account_id,
        source="issued" if one.revoked_for else None,
        target=one.revoked_for.value if one.revoked_for else None,
    )
