"""The two links of a juror. Both follow from the site's secret, so a mail can repeat them; only their hashes are kept."""

import hashlib
import hmac

from crowd.reviews.models import Juror


def mailed_token(juror: Juror, secret: str) -> str:
    """Of the link that only a mail carries: who opens it reads that mailbox."""
    return _token("mailed", juror, secret)


def copied_token(juror: Juror, secret: str) -> str:
    """Of the link a chair may copy: it opens the invitation, but proves no address."""
    return _token("copied", juror, secret)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def keep_hashes(juror: Juror, secret: str) -> None:
    """Only these two links open the invitation from now on."""
    juror.token_hash = digest(mailed_token(juror, secret))
    juror.copied_hash = digest(copied_token(juror, secret))


def _token(use: str, juror: Juror, secret: str) -> str:
    message = f"jury {use} {juror.public_id} {juror.link_number}"
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()[:40]
