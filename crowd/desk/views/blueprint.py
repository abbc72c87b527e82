"""The desk's pages."""

from flask import Blueprint

bp = Blueprint("desk", __name__)
