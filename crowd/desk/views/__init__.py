"""Pages of the desk."""

from crowd.desk.views import bulk, export, kept, notes, overview, table
from crowd.desk.views.blueprint import bp

__all__ = ["bp", "bulk", "export", "kept", "notes", "overview", "table"]
