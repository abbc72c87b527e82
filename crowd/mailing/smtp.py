"""Talking to the mail server named by MAIL_URL."""

import smtplib
from urllib.parse import parse_qs, unquote, urlsplit

PATIENCE = 20
"""Seconds."""


def connect(mail_url: str) -> smtplib.SMTP:
    """A signed-in connection to `smtp://[user:password@]host[:port][?starttls=1]` or `smtps://…`. Raises OSError or SMTPException."""
    url = urlsplit(mail_url)
    host = url.hostname or "localhost"
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or 465, timeout=PATIENCE)
    else:
        server = smtplib.SMTP(host, url.port or 25, timeout=PATIENCE)
    if parse_qs(url.query).get("starttls") == ["1"]:
        server.starttls()
    if url.username:
        server.login(unquote(url.username), unquote(url.password or ""))
    return server
