"""Founding and editing organizations, their people, invitations and mails."""

from crowd.organizations.views import founding, invitations, mails, members
from crowd.organizations.views.blueprint import bp

__all__ = ["bp", "founding", "invitations", "mails", "members"]
