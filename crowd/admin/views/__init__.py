"""Pages of the site administrators."""

from crowd.admin.views import erasing, jobs, legal, organizations, people
from crowd.admin.views.blueprint import bp

__all__ = ["bp", "erasing", "jobs", "legal", "organizations", "people"]
