"""What a credential says, as an OpenBadgeCredential (Open Badges 3.0) secured as JWT (section 8.2 there)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crowd.core.badges.status_list import CONTEXT, status_entry
from crowd.core.credit import WHOLE, percent_text
from crowd.core.wall_clock import utc_text

CONTEXTS = [
    CONTEXT,
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
]
SCHEMA = {
    "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
    "type": "1EdTechJsonSchemaValidator2019",
}
TYPES = ["VerifiableCredential", "OpenBadgeCredential"]
ORCID = "ext:orcid"


@dataclass(frozen=True)
class Issuer:
    url: str
    name: str
    website: str = ""

    def profile(self) -> dict[str, Any]:
        found: dict[str, Any] = {"id": self.url, "type": ["Profile"], "name": self.name}
        return found | ({"url": self.website} if self.website else {})


@dataclass(frozen=True)
class Holder:
    """Who is credited: `url` names the person. `address` is told as a salted hash only; ORCID iD as its address."""

    url: str
    name: str
    orcid: str = ""
    address: str = ""
    salt: str = ""

    def identifiers(self) -> list[dict[str, Any]]:
        found = [_identity("name", self.name)]
        if self.orcid:
            found.append(_identity(ORCID, self.orcid))
        if self.address:
            digest = hashlib.sha256(f"{self.address}{self.salt}".encode()).hexdigest()
            found.append(_identity("emailAddress", f"sha256${digest}", hashed=True) | {"salt": self.salt})
        return found


def _identity(kind: str, value: str, *, hashed: bool = False) -> dict[str, Any]:
    return {"type": "IdentityObject", "hashed": hashed, "identityHash": value, "identityType": kind}


@dataclass(frozen=True)
class Role:
    """`url`: the role in the taxonomy it is of, empty for the platform's own."""

    name: str
    url: str = ""


@dataclass(frozen=True)
class Award:
    """What somebody is credited for, in words of the holder's language. `share` in hundredths of a percent, None where there is none."""

    url: str
    name: str
    description: str
    criteria: str
    roles: tuple[Role, ...]
    share: int | None
    share_name: str
    work_url: str
    work_name: str
    language: str
    awarded_at: datetime


def open_badge(
    url: str, award: Award, holder: Holder, issuer: Issuer, status: tuple[str, int], now: datetime
) -> dict[str, Any]:
    """The credential with its JWT claims, to be signed. `url` names it; `status`: its list's address and its place there."""
    return {
        "@context": CONTEXTS,
        "id": url,
        "type": TYPES,
        "name": award.name,
        "description": award.description,
        "issuer": issuer.profile(),
        "validFrom": utc_text(now),
        "awardedDate": utc_text(award.awarded_at),
        "credentialSubject": _subject(award, holder),
        "evidence": [{"id": award.work_url, "type": ["Evidence"], "name": award.work_name}],
        "credentialStatus": status_entry(*status),
        "credentialSchema": [SCHEMA],
        "iss": issuer.url,
        "sub": holder.url,
        "jti": url,
        "nbf": int(now.timestamp()),
    }


def _subject(award: Award, holder: Holder) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": holder.url,
        "type": ["AchievementSubject"],
        "identifier": holder.identifiers(),
        "achievement": _achievement(award),
    }
    if award.roles:
        found["role"] = ", ".join(role.name for role in award.roles)
    if award.share is not None:
        value = percent_text(award.share)
        found["result"] = [{"type": ["Result"], "resultDescription": _share_url(award), "value": value}]
    return found


def _achievement(award: Award) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": award.url,
        "type": ["Achievement"],
        "name": award.name,
        "description": award.description,
        "criteria": {"id": award.url, "narrative": award.criteria},
        "achievementType": "Award",
        "inLanguage": award.language,
    }
    if aligned := _alignments(award.roles):
        found["alignment"] = aligned
    if award.share is not None:
        bounds = {"valueMin": "0", "valueMax": percent_text(WHOLE)}
        described = {"id": _share_url(award), "type": ["ResultDescription"], "name": award.share_name}
        found["resultDescription"] = [{**described, "resultType": "Percent", **bounds}]
    return found


def _share_url(award: Award) -> str:
    return f"{award.url}#share"


def _alignments(roles: Sequence[Role]) -> list[dict[str, Any]]:
    return [
        {"type": ["Alignment"], "targetName": role.name, "targetUrl": role.url, "targetFramework": "CRediT"}
        for role in roles
        if role.url
    ]
