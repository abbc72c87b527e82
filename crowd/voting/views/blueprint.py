"""The blueprints of voting and of the pages of rounds."""

from flask import Blueprint

bp = Blueprint("voting", __name__)
rounds_bp = Blueprint("rounds", __name__)
