"""Pages of deciding, publishing and showing results."""

from crowd.selection.views import room, verdict
from crowd.selection.views.blueprint import bp

__all__ = ["bp", "room", "verdict"]
