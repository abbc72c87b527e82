"""One's own data: taking it along, having it erased."""

from crowd.privacy.views import erasing, exporting
from crowd.privacy.views.blueprint import bp

__all__ = ["bp", "erasing", "exporting"]
