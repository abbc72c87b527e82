"""Answers to the custom fields of a call: as written, and for what must be answered one of the choices."""

import io
from typing import Any

from PIL import Image, ImageDraw

from crowd.core.actor import Actor
from crowd.core.fields import AnswerKind, CustomField, read_answers
from crowd.core.permissions import Permission
from crowd.core.rules import CallRules
from crowd.demo.chance import between, pick
from crowd.demo.house import House
from crowd.demo.reading import Written
from crowd.files.checking import check_file
from crowd.files.covers import cover_files
from crowd.files.storage import file_store
from crowd.proposals.actions import attach_answers
from crowd.proposals.models import Proposal


def answers_of(written: Written, rules: CallRules) -> dict[str, Any]:
    """Canonical, without files."""
    asked = [field for field in rules.custom_fields if field.kind is not AnswerKind.FILE]
    raw = {field.key: _typed(written, field) for field in asked}
    return {key: answer for key, answer in read_answers(asked, raw).answers.items() if answer}


def _typed(written: Written, field: CustomField) -> str:
    if field.key in written.answers or not (field.required and field.choices):
        return written.answers.get(field.key, "")
    return pick(field.choices, written.title, field.key)


def attach_drawn(house: House, proposal: Proposal, written: Written, rules: CallRules, actor: Actor, at: Any) -> None:
    """Files that answer: a small drawing under the name that was written."""
    names = {f.key: written.answers.get(f.key, "") for f in rules.custom_fields if f.kind is AnswerKind.FILE}
    files = {key: check_file(name, _drawing(written.title)) for key, name in names.items() if name}
    if files:
        kept = {key: (file, file_store().put(file.data)) for key, file in files.items()}
        given = attach_answers(house.session, proposal, kept, permission=Permission.PROPOSAL_EDIT, actor=actor, now=at)
        proposal.answers = {**proposal.answers, **given}
        house.session.flush()


def _drawing(title: str) -> bytes:
    """A plan: some beds and a path, different for each proposal."""
    picture = Image.new("RGB", (720, 480), "#f6f2e7")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((40, 40, 680, 440), outline="#4a4a5e", width=4)
    for place in range(5):
        left, top = 60 + 120 * place, 70 + int(between(0, 200, title, place))
        pen.rounded_rectangle((left, top, left + 90, top + 110), 16, fill="#7fae8c", outline="#2f6b4f", width=3)
    pen.line([(40, 400), (260, 340), (480, 410), (680, 330)], fill="#c9a66b", width=18, joint="curve")
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def garden_picture() -> Any:
    """The cover of the garden's call: a wall, a walnut tree, beds, and a bench beneath."""
    picture = Image.new("RGB", (1600, 800), "#dfe9e4")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 120, 1600, 470), fill="#c98f6b")
    for row in range(7):
        for brick in range(18):
            left, top = brick * 96 - 48 * (row % 2), 120 + row * 50
            pen.rectangle((left, top, left + 92, top + 46), outline="#b47a57", width=3)
    pen.rectangle((0, 470, 1600, 800), fill="#8fb78a")
    pen.rectangle((1120, 300, 1170, 600), fill="#5b4636")
    for x, y, r in ((1145, 190, 190), (990, 250, 130), (1300, 250, 140), (1145, 90, 120)):
        pen.ellipse((x - r, y - r, x + r, y + r), fill="#3f7d5a")
    for place in range(7):
        x = 60 + place * 130
        pen.ellipse((x, 560, x + 120, 640), fill="#6a9a5b")
        for flower in range(5):
            pen.ellipse(
                (x + 14 + flower * 20, 540 - int(between(0, 24, place, flower)), x + 30 + flower * 20, 580),
                fill="#8e6fb0",
            )
    pen.rounded_rectangle((960, 590, 1360, 612), 8, fill="#7a5a3c")
    for x in (990, 1320):
        pen.rectangle((x, 612, x + 16, 670), fill="#7a5a3c")
    pen.line([(0, 760), (500, 700), (1000, 740), (1600, 690)], fill="#d9c39a", width=46, joint="curve")
    return cover_files("garden.png", _png(picture))
