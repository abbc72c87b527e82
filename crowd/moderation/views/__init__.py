"""Reporting and the moderators' queue."""

from crowd.moderation.views import deciding, queue, reporting
from crowd.moderation.views.blueprint import bp

__all__ = ["bp", "deciding", "queue", "reporting"]
