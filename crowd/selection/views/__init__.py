"""Pages of deciding, publishing and showing results."""

from crowd.selection.views import certificates, corrections, field, publish, results, room, verdict
from crowd.selection.views.blueprint import bp

__all__ = ["bp", "certificates", "corrections", "field", "publish", "results", "room", "verdict"]
