"""The blueprint of amendments; each module of this package adds its views."""

from flask import Blueprint

bp = Blueprint("amendments", __name__)
