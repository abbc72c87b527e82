"""The blueprint of calls; each module of this package adds its views."""

from flask import Blueprint

bp = Blueprint("calls", __name__)
