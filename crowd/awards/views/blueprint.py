"""The pages of prizes."""

from flask import Blueprint

bp = Blueprint("awards", __name__)
