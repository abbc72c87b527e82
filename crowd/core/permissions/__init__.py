"""May I? One table and one judge.

`POLICY` maps a permission to the ways in which it is had. The name of the predicate that refuses is the key of the sentence
people read (`crowd.web.errors`).
"""

from crowd.core.permissions.judging import Permitted, Refused, judge
from crowd.core.permissions.names import Permission
from crowd.core.permissions.policy import POLICY
from crowd.core.permissions.predicates import PUBLIC_STATUSES, PUBLISHED_AS_SELECTED, SHORTLISTED_STATUSES

__all__ = [
    "POLICY",
    "PUBLIC_STATUSES",
    "PUBLISHED_AS_SELECTED",
    "SHORTLISTED_STATUSES",
    "Permission",
    "Permitted",
    "Refused",
    "judge",
]
