"""The start page: for strangers what this is, for the signed-in what needs them."""

from flask import render_template

from crowd.pages.views.blueprint import bp
from crowd.web.access import public


@bp.get("/")
@public
def home() -> str:
    return render_template("pages/home.html")
