"""Signing up, in and out; one's settings; the legal texts."""

from crowd.accounts.views import addresses, legal, links, pictures, sessions, settings, signing_in, signing_up
from crowd.accounts.views.blueprint import bp

__all__ = ["addresses", "bp", "legal", "links", "pictures", "sessions", "settings", "signing_in", "signing_up"]
