"""`/styleguide`: every component in all its states, with long names, for those who build pages. Served with the demo only."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, abort, current_app, render_template
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    DecimalField,
    EmailField,
    FileField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from crowd.store.db import utc_now
from crowd.web.access import public
from crowd.web.forms import BaseForm, choice

bp = Blueprint("styleguide", __name__)

STATUSES = (
    "draft submitted correction eligible ineligible shortlisted not_advanced selected reserve not_selected withdrawn "
    "published paused cancelled ended requested approved refused hidden pending accepted declined invited assigned "
    "recused queued sent failed incomplete overdue undecided"
).split()

TONES = ("info", "good", "attend", "reserve", "refuse")

PEOPLE = (
    {"name": "Wilhelmina Vandersteen-Achterberg", "url": "#main", "role": None},
    {"name": "عبد الرحمن الكواكبي", "url": "#main", "role": None},
    {"name": "María de los Ángeles Etxeberria Goikoetxea", "url": None, "role": "writing"},
)


class SampleForm(BaseForm):
    """One field of each kind, some with errors."""

    title = StringField("Title", [DataRequired(), Length(max=120)], description="One line that says what would change.")
    email = EmailField("E-mail", [DataRequired()])
    password = PasswordField("Password", [DataRequired()])
    text = TextAreaField(
        "Your proposal", [DataRequired(), Length(max=2000)], description="Markdown: **bold**, lists, links."
    )
    cost = DecimalField("Cost", [Optional()], description="In whole euros, all taxes included.")
    places = IntegerField("Places", [Optional()])
    closes = DateTimeLocalField("Submission closes", [Optional()], description="In the time zone of the call.")
    licence = SelectField(
        "Licence",
        choices=[
            choice("by", "CC BY 4.0"),
            choice("by-sa", "CC BY-SA 4.0"),
            choice("none", "All rights stay with the authors"),
        ],
    )
    publicity = RadioField(
        "Who sees proposals, and from when",
        [DataRequired()],
        choices=[
            choice("at_once", "Everybody, at once"),
            choice("after", "Everybody, once submission has closed"),
            choice("never", "Only the organization and the jury"),
        ],
    )
    score = RadioField("Quality of the idea", [Optional()], choices=[choice(str(n), str(n)) for n in range(6)])
    topics = SelectMultipleField(
        "Topics",
        [Optional()],
        choices=[
            choice("water", "Water"),
            choice("shade", "Shade and trees"),
            choice("ways", "Ways on foot"),
            choice("uni", "Desinstitucionalización"),
        ],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    plan = FileField("Plan", [Optional()], description="PDF, PNG or JPEG, at most 10 MB.")
    own_work = BooleanField("This is our own work and every co-author agrees.", [DataRequired()])


def _stages() -> list[dict[str, Any]]:
    words = ["Submission", "Screening", "Discussion", "Voting", "Review", "Selection", "Objections", "Results"]
    dates = [
        "closed 3 May",
        "closed 9 May",
        "closed 16 May",
        "closes in 3 days",
        "from 2 June",
        "from 20 June",
        "from 1 July",
        "9 July",
    ]
    states = ["past"] * 3 + ["current"] + ["next"] * 4
    return [
        {"label": label, "when": when, "state": state} for label, when, state in zip(words, dates, states, strict=True)
    ]


def _tabs() -> list[dict[str, Any]]:
    tabs = [("The call", None), ("Proposals", 214), ("Questions", 8), ("Updates", 0), ("How it is decided", None)]
    return [{"label": label, "url": "#main", "count": count, "current": label == "The call"} for label, count in tabs]


def _facts() -> list[dict[str, Any]]:
    rows = (
        ("What you get", "€ 12,000 and a place to build it", "Up to four proposals are chosen"),
        ("Who decides", "Everybody votes, then a jury of five", "40 % vote, 60 % jury"),
        ("Who may take part", "Anyone living or working in the district", None),
        ("Hand in until", "in 3 days (Fri 12 May, 18:00 Mexico City)", None),
        ("You are answered", "within 10 working days", None),
    )
    return [{"term": term, "value": value, "note": note} for term, value, note in rows]


def _head() -> dict[str, Any]:
    return {
        "organization": "Ayuntamiento de San Cristóbal de las Lomas",
        "organization_url": "#main",
        "rehearsal": None,
        "accent_url": None,
        "title": "Shade for the walk to school: ideas for twelve streets without a single tree",
        "url": "#main",
        "lead": "In May the asphalt in front of our schools reaches 54 degrees. We look for ways to bring shade that families can help to build and keep.",
        "status": "published",
        "stages": _stages(),
        "tabs": _tabs(),
        "facts": _facts(),
        "act": {
            "label": "Hand in a proposal",
            "url": "#main",
            "method": "get",
            "enabled": True,
            "reason": "You can change it until submission closes.",
        },
    }


def _comments(now: datetime) -> list[dict[str, Any]]:
    reply: dict[str, Any] = {
        "id": "b",
        "author": "Julia Ferrán",
        "author_url": "#main",
        "picture": None,
        "at": now - timedelta(hours=2),
        "official": "San Cristóbal de las Lomas",
        "html": "Yes: the waterworks gave us the plan of the pipes, it is attached to the call.",
        "note": None,
        "acts": [],
        "replies": [],
    }
    act = {"label": "Reply", "url": "#main", "method": "get"}
    hidden: dict[str, Any] = {
        "id": "c",
        "author": "Somebody",
        "author_url": None,
        "picture": None,
        "at": now - timedelta(days=1),
        "official": None,
        "html": None,
        "note": "Hidden by a moderator: a private address was shown. The author was told.",
        "acts": [],
        "replies": [],
    }
    first = {
        "id": "a",
        "author": "عبد الرحمن الكواكبي",
        "author_url": "#main",
        "picture": None,
        "at": now - timedelta(days=2),
        "official": None,
        "html": "Has anyone looked at where the water pipes run before planting?",
        "note": None,
        "acts": [act],
        "replies": [reply],
    }
    return [first, hidden]


def _timeline(now: datetime) -> list[dict[str, Any]]:
    return [
        {"label": "Received", "state": "done", "when": now - timedelta(days=9), "note": "Number 0147"},
        {"label": "Eligible", "state": "done", "when": now - timedelta(days=6), "note": None},
        {"label": "3 of 4 reviews are in", "state": "current", "when": None, "note": "The jury has until Monday."},
        {"label": "Decision", "state": "next", "when": "by 12 May", "note": None},
    ]


CHART = (
    {"label": "Toldos que se recogen", "value": 412, "text": "412", "url": "#main", "marked": True, "tied": False},
    {
        "label": "A pergola of vines along Calle Nueva",
        "value": 388,
        "text": "388",
        "url": "#main",
        "marked": True,
        "tied": True,
    },
    {"label": "Mulberries, two by two", "value": 388, "text": "388", "url": "#main", "marked": True, "tied": True},
    {"label": "Paint the asphalt white", "value": 97, "text": "97", "url": "#main", "marked": False, "tied": False},
)
DIFF = (
    {"op": "equal", "text": "We plant "},
    {"op": "delete", "text": "forty young trees"},
    {"op": "insert", "text": "twenty-four mulberries, two by two,"},
    {"op": "equal", "text": " along the south side, and the school waters them until the rains."},
)
STEPS = (
    {
        "title": "Everybody votes",
        "weight": "40 %",
        "text": "Support up to ten proposals. Counts stay hidden until the vote closes.",
    },
    {
        "title": "A jury reviews",
        "weight": "60 %",
        "text": "Five people score four criteria, at least three for each proposal.",
    },
    {"title": "Gates", "weight": None, "text": "At least 50 supports and a median of 3."},
    {
        "title": "The council decides",
        "weight": None,
        "text": "Numbers propose, people decide: each outcome with its reason.",
    },
)
CHECKLIST = (
    {"label": "What is asked and why", "done": True, "url": "#main"},
    {"label": "Who may take part", "done": True, "url": "#main"},
    {"label": "Who decides and how", "done": False, "url": "#main"},
    {"label": "Dates of all stages", "done": False, "url": "#main"},
)


def _form() -> SampleForm:
    form = SampleForm(
        data={"title": "Toldos que se recogen", "publicity": "after", "score": "4", "topics": ["shade"]},
        meta={"csrf": False},
    )
    form.text.errors = ["A proposal needs a text."]
    form.publicity.errors = ["Choose one."]
    form.email.errors = ["This is not an address we could write to."]
    form.own_work.errors = ["We need this to go on."]
    return form


@bp.get("/styleguide")
@public
def show() -> str:
    if not current_app.extensions["settings"].demo:
        abort(404)
    now = utc_now().astimezone(UTC)
    return render_template(
        "styleguide.html",
        head=_head(),
        form=_form(),
        statuses=STATUSES,
        tones=TONES,
        people_sample=PEOPLE,
        comments=_comments(now),
        timeline_sample=_timeline(now),
        chart_sample=CHART,
        diff_sample=DIFF,
        steps_sample=STEPS,
        checklist_sample=CHECKLIST,
        soon=now + timedelta(days=3),
    )
