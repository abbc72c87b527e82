"""A credential's own words, as pages show them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crowd.core.badges.jws import Unreadable, read_token
from crowd.core.badges.open_badge import ORCID
from crowd.core.badges.orcid import orcid_url


@dataclass(frozen=True)
class Said:
    """`orcid`: the address of the iD, or empty."""

    name: str
    title: str
    description: str
    criteria: str
    issuer: str
    role: str
    share: str
    work: str
    work_url: str
    orcid: str
    language: str
    since: datetime


def said_by(payload: dict[str, Any]) -> Said | None:
    """What a credential says; None where it is not of our shape."""
    try:
        return _said(payload)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return None


def said_in(token: str | None) -> Said | None:
    try:
        return said_by(dict(read_token(token).payload)) if token else None
    except Unreadable:
        return None


def _said(payload: dict[str, Any]) -> Said:
    subject = payload["credentialSubject"]
    known = {each["identityType"]: str(each["identityHash"]) for each in subject["identifier"]}
    achievement, evidence = subject["achievement"], payload["evidence"][0]
    results = subject.get("result") or [{}]
    return Said(
        name=known["name"],
        title=str(achievement["name"]),
        description=str(achievement["description"]),
        criteria=str(achievement["criteria"]["narrative"]),
        issuer=str(payload["issuer"]["name"]),
        role=str(subject.get("role", "")),
        share=str(results[0].get("value", "")),
        work=str(evidence["name"]),
        work_url=str(evidence["id"]),
        orcid=known[ORCID] if known.get(ORCID, "").startswith(orcid_url("")) else "",
        language="es" if achievement.get("inLanguage") == "es" else "en",
        since=datetime.fromisoformat(payload["validFrom"]),
    )
