"""Reading credentials and status lists. A credential is found by its public id; what it may still show is `token`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from crowd.core.badges.examining import Examined, Finding, Keys, examine
from crowd.core.badges.open_badge import Issuer
from crowd.core.status import OrganizationStatus
from crowd.credentials.models import Credential
from crowd.organizations.models import Organization
from crowd.store.issuer_keys import IssuerKey, IssuerKeys, is_signed
from crowd.web.links import absolute_url


@dataclass(frozen=True)
class Checked:
    """A pasted credential: what was found, what it says, and its row when this installation issued it."""

    finding: Finding
    says: dict[str, object]
    row: Credential | None
    organization: Organization | None


def issuer_url(organization: Organization) -> str:
    return absolute_url("credentials.issuer", public_id=organization.public_id)


def issuer_of(organization: Organization) -> Issuer:
    website = organization.website or absolute_url("pages.organization", slug=organization.slug)
    return Issuer(issuer_url(organization), organization.name, website)


def key_url(organization: Organization, key: IssuerKey) -> str:
    """The address that names a key and shows it."""
    return absolute_url("credentials.key", public_id=organization.public_id, name=key.name)


def status_list_url(organization: Organization, number: int) -> str:
    return absolute_url("credentials.status_list", public_id=organization.public_id, number=number)


def credential_url(public_id: str) -> str:
    return absolute_url("credentials.credential", public_id=public_id)


def get_issuer(session: Session, public_id: str) -> Organization | None:
    """An approved organization by its public id, which no renaming changes."""
    return session.scalar(
        select(Organization).where(
            Organization.public_id == public_id, Organization.status == OrganizationStatus.APPROVED
        )
    )


def list_issuers(session: Session) -> Sequence[Organization]:
    """Organizations that issued a credential."""
    issued = select(Credential.organization_id).distinct()
    return session.scalars(select(Organization).where(Organization.id.in_(issued)).order_by(Organization.id)).all()


def get_credential(session: Session, public_id: str) -> Credential | None:
    return session.scalar(
        select(Credential)
        .join(Credential.organization)
        .where(Credential.public_id == public_id)
        .options(contains_eager(Credential.organization))
    )


def standing_credential(session: Session, credit_id: int) -> Credential | None:
    """The one credential of a credit that holds."""
    return session.scalar(
        select(Credential)
        .join(Credential.organization)
        .where(Credential.credit_id == credit_id, Credential.revoked_at.is_(None))
        .order_by(Credential.id.desc())
        .limit(1)
        .options(contains_eager(Credential.organization))
    )


def last_list(session: Session, organization_id: int) -> tuple[int, int]:
    """The number of the newest status list, from 1, and how many of its places are taken."""
    number = session.scalar(
        select(func.max(Credential.list_number)).where(Credential.organization_id == organization_id)
    )
    taken = select(func.count()).where(
        Credential.organization_id == organization_id, Credential.list_number == (number or 1)
    )
    return number or 1, session.scalar(taken) or 0


def is_taken(session: Session, organization_id: int, number: int, index: int) -> bool:
    place = select(Credential.id).where(
        Credential.organization_id == organization_id,
        Credential.list_number == number,
        Credential.list_index == index,
    )
    return session.scalar(place) is not None


def list_revoked(session: Session, organization_id: int, number: int) -> list[int]:
    """The places of a list whose credentials hold no more."""
    return list(
        session.scalars(
            select(Credential.list_index).where(
                Credential.organization_id == organization_id,
                Credential.list_number == number,
                Credential.revoked_at.is_not(None),
            )
        )
    )


def check(session: Session, token: str, keys: IssuerKeys, now: datetime) -> Checked:
    """Everything that can be said of a token: signature, issuer, claims, and its status as it is on record now."""
    issuers: dict[str, Organization] = {}

    def keys_of(address: str) -> Keys | None:
        organization = get_issuer(session, address.rsplit("/", 1)[-1])
        if organization is None or issuer_url(organization) != address:
            return None
        issuers[address] = organization
        return Keys(address, {key_url(organization, key): key.public for key in keys.keys(organization.public_id)})

    found = examine(token, keys_of, is_signed, now)
    organization = next(iter(issuers.values()), None)
    row = _on_record(session, found, token) if found.finding is Finding.GENUINE else None
    return Checked(_final(found, row), dict(found.payload), row, organization)


def _on_record(session: Session, found: Examined, token: str) -> Credential | None:
    address = str(found.payload.get("id"))
    row = get_credential(session, address.rsplit("/", 1)[-1])
    return row if row is not None and credential_url(row.public_id) == address else None


def _final(found: Examined, row: Credential | None) -> Finding:
    if found.finding is not Finding.GENUINE:
        return found.finding
    if row is None:
        return Finding.UNKNOWN
    return Finding.REVOKED if row.revoked_at is not None else Finding.GENUINE
