"""Pages of the site administrators."""

from crowd.admin.views import jobs, legal, organizations, people
from crowd.admin.views.blueprint import bp

__all__ = ["bp", "jobs", "legal", "organizations", "people"]
