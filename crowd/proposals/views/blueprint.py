"""The blueprint of proposals; each module of this package adds its views."""

from flask import Blueprint

bp = Blueprint("proposals", __name__)
