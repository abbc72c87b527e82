"""Pages and acts of calls: one module for each kind, all on one blueprint."""

from crowd.calls.views import cover, guests, late, lifecycle, preview, schedule, templates, writing
from crowd.calls.views.blueprint import bp
from crowd.calls.views.sentences import SENTENCES

__all__ = ["SENTENCES", "bp", "cover", "guests", "late", "lifecycle", "preview", "schedule", "templates", "writing"]
