"""What an organization says of somebody's part, as an EndorsementCredential (Open Badges 3.0)."""

from datetime import datetime
from typing import Any

from crowd.core.badges.open_badge import CONTEXTS, Issuer
from crowd.core.wall_clock import utc_text


def endorsement(url: str, about: str, text: str, issuer: Issuer, at: datetime) -> dict[str, Any]:
    """With its JWT claims, to be signed. `about`: the address of what is endorsed."""
    return {
        "@context": CONTEXTS[:2],
        "id": url,
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": issuer.profile(),
        "validFrom": utc_text(at),
        "credentialSubject": {"id": about, "type": ["EndorsementSubject"], "endorsementComment": text},
        "iss": issuer.url,
        "sub": about,
        "jti": url,
        "nbf": int(at.timestamp()),
    }
