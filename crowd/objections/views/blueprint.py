"""The blueprint of objections; each module of this package adds its views."""

from flask import Blueprint

bp = Blueprint("objections", __name__)
