"""What is found about a credential, in words."""

from typing import Any

from crowd.core.badges.examining import Finding
from crowd.credentials.models import Revocation
from crowd.web.text import _l

FINDINGS: dict[Finding, Any] = {
    Finding.UNREADABLE: _l(
        "This is no credential: it cannot be read. Paste the whole text of the .jwt file, or its address."
    ),
    Finding.NO_BADGE: _l("This is signed text, but no Open Badges credential."),
    Finding.FOREIGN: _l("Another site signed this credential. Whether it is genuine is told there, not here."),
    Finding.UNKNOWN_KEY: _l("It names a key that this organization never signed with. Do not trust it."),
    Finding.FORGED: _l("The signature does not belong to this text: something in it was changed. Do not trust it."),
    Finding.INCONSISTENT: _l("It is signed, but what it says contradicts itself. Do not trust it."),
    Finding.TOO_EARLY: _l("It is signed, but does not hold yet."),
    Finding.UNKNOWN: _l("The signature is right, but no such credential is on record here. Ask the organization."),
    Finding.REVOKED: _l("The signature is right, but the credential was taken back. It holds no more."),
    Finding.GENUINE: _l("It is genuine and holds: signed by this organization, unchanged, and not taken back."),
}
REVOCATIONS: dict[Revocation, Any] = {
    Revocation.CORRECTED: _l("The credit was corrected: it says something else now."),
    Revocation.DECLINED: _l("The authors declined the place."),
    Revocation.TAKEN_BACK: _l("The organization took the credit back."),
    Revocation.UNNAMED: _l("The person does not want to be named."),
    Revocation.RENEWED: _l("The person had a newer one made."),
    Revocation.ERASED: _l("The account of this person was erased."),
}
