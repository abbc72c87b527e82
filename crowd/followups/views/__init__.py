"""Pages of what became of proposals."""

from crowd.followups.views import call, milestones, updates
from crowd.followups.views.blueprint import bp

__all__ = ["bp", "call", "milestones", "updates"]
