"""The blueprint of organizations; each module of this package adds its views."""

from typing import TypeAlias

from flask import Blueprint
from werkzeug.wrappers import Response

bp = Blueprint("organizations", __name__)

Reply: TypeAlias = Response | str | tuple[str, int]
