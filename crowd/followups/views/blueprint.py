"""The pages of what became of selected proposals."""

from flask import Blueprint

bp = Blueprint("followups", __name__)
