"""Pages and data of credentials and of those who sign them."""

from crowd.credentials.views import badge, checking, issuers, sharing
from crowd.credentials.views.blueprint import bp

__all__ = ["badge", "bp", "checking", "issuers", "sharing"]
