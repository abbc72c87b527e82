"""The blueprint of the composed pages; each module of this package adds its views."""

from flask import Blueprint

bp = Blueprint("pages", __name__)
