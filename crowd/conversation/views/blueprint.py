"""The blueprint of the conversation; each module of this package adds its views."""

from flask import Blueprint

bp = Blueprint("conversation", __name__)
