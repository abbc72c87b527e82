"""Files for some of the demo's proposals, made when it is loaded: a page in PDF, a plan as a picture, a list of costs."""

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import current_app
from PIL import Image, ImageDraw

from crowd.demo.chance import between
from crowd.demo.house import House
from crowd.demo.reading import Written
from crowd.files.checking import check_file
from crowd.files.storage import file_store, with_preview
from crowd.files.typeset import typeset
from crowd.proposals.actions import attach_files
from crowd.proposals.models import Proposal

EVERY = 5
"""One proposal in so many has a file."""
PAGE = Path(__file__).parent / "texts" / "page.typ"
SIZE = (960, 640)
PAPER, INK, GROUND = "#f7f4ec", "#2b2f38", ("#d9e3d0", "#e6dcc4", "#cfdde6", "#e8d3cc")


def attach_some(house: House, proposal: Proposal, written: Written, place: int, at: datetime) -> None:
    """A file for every fifth proposal of a call, beginning with the first, of each kind in turn."""
    if place % EVERY:
        return
    name, data = MAKERS[(proposal.call_id + place // EVERY) % len(MAKERS)](written)
    checked = check_file(name, data)
    actor = house.actor(written.team[0].key)
    store = file_store()
    kept = [(with_preview(checked, store), store.put(checked.data))]
    attach_files(house.session, proposal, kept, actor=actor, now=at)


def _page(written: Written) -> tuple[str, bytes]:
    content = {"title": written.title, "summary": written.summary, "body": written.body, "lang": written.language}
    name = {"es": "propuesta-en-una-pagina.pdf"}.get(written.language, "proposal-on-a-page.pdf")
    return name, typeset(PAGE, content, current_app.extensions["settings"].data)


def _plan(written: Written) -> tuple[str, bytes]:
    """Rooms and paths as on a plan, different for every title."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    for number, ground in enumerate(GROUND):
        left, top = between(40, 560, written.title, number, "x"), between(40, 360, written.title, number, "y")
        wide, high = between(120, 340, written.title, number, "w"), between(90, 220, written.title, number, "h")
        draw.rectangle((left, top, left + wide, top + high), fill=ground, outline=INK, width=4)
    for number in range(5):
        across, down = between(60, 900, written.title, number, "a"), between(60, 580, written.title, number, "b")
        draw.ellipse((across - 14, down - 14, across + 14, down + 14), fill=INK)
    out = io.BytesIO()
    image.save(out, "PNG")
    return {"es": "plano.png"}.get(written.language, "plan.png"), out.getvalue()


def _costs(written: Written) -> tuple[str, bytes]:
    """The cost, or else the days of work, in parts that add up."""
    whole = written.cost or 40
    parts = [whole * 5 // 10, whole * 3 // 10]
    spanish = written.language == "es"
    words = ("material", "trabajo", "reserva") if spanish else ("material", "work", "reserve")
    rows = [*zip(words, [*parts, whole - sum(parts)], strict=True), ("total", whole)]
    lines = [f"{word},{amount}" for word, amount in rows]
    return ("costos.csv" if spanish else "costs.csv"), ("\n".join(lines) + "\n").encode()


MAKERS: tuple[Callable[[Written], tuple[str, bytes]], ...] = (_page, _plan, _costs)
