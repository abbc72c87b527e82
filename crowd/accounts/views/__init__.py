"""Signing up, in and out; one's settings; the legal texts."""

from crowd.accounts.views import legal, links, settings, signing_in, signing_up
from crowd.accounts.views.blueprint import bp

__all__ = ["bp", "legal", "links", "settings", "signing_in", "signing_up"]
