"""A small world with a page of every kind, what is nasty to type, and a reader of the forms that pages offer."""

from dataclasses import dataclass
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from crowd.accounts.models import Account
from crowd.core.status import AssignmentStatus, CallStatus, OrganizationRole, ProposalStatus, StageKind
from crowd.organizations.models import Organization
from tests.filling import _Forms
from tests.make import (
    make_account,
    make_assignment,
    make_call,
    make_juror,
    make_member,
    make_organization,
    make_proposal,
    open_all,
    round_row,
)
from tests.selection.rows import decided_call

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
VALUES: dict[str, str] = {
    "empty": "",
    "spaces": " \t\r\n\u00a0\u2003",
    "nul": "a\0b",
    "controls": "a\x01\x1b[31m\x7f\u0085b",
    "surrogate": "\ud800",
    "noncharacter": "\ufffe\uffff\U0010ffff",
    "turning": "\u202etxt.exe\u2066\u2069",
    "markup": SCRIPT,
    "markdown": "[x](javascript:alert(1)) ![x](https://tracker.example/x.png) <form action=//evil.example>",
    "header": "a@b.example\r\nBcc: all@example.org",
    "formula": '=HYPERLINK("https://evil.example")',
    "format": "%s %(name)s {0.__class__} {{7*7}} ${7*7}",
    "quote": "';-- \" \\ %_",
    "negative": "-1",
    "zero": "0",
    "beyond 32 bit": "2147483648",
    "beyond 64 bit": "9223372036854775808",
    "huge number": "9" * 5000,
    "digits of other scripts": "٣²Ⅷ",
    "float": "1e400",
    "nan": "NaN",
    "early date": "0001-01-01T00:00",
    "late date": "9999-12-31T23:59",
    "no date": "2026-02-30T25:61",
    "long": "x" * 30_000,
    "deep": "> " * 3_000 + "[" * 3_000,
    "wide": "\u0301" * 2_000,
    "address": "//evil.example/\\@evil.example",
    "path": "../../../etc/passwd",
}


@dataclass(frozen=True)
class World:
    organization: Organization
    manager: Account
    contributor: Account
    admin: Account
    values: dict[str, list[Any]]
    """Of every kind of address part, what exists."""


def make_world() -> World:
    organization = make_organization()
    manager = make_member(organization, OrganizationRole.OWNER)
    contributor = make_account("Iris Okafor")
    draft = make_call(organization, status=CallStatus.DRAFT)
    writing = make_call(organization)
    screening = make_call(organization, open_stage=StageKind.SCREENING)
    voting = make_call(organization, open_stage=StageKind.VOTING)
    review = make_call(organization, open_stage=StageKind.REVIEW)
    deciding, decided = decided_call(organization)
    proposals = [
        make_proposal(writing, contributor, status=ProposalStatus.DRAFT),
        make_proposal(writing, contributor, status=ProposalStatus.SUBMITTED),
        make_proposal(screening, contributor, status=ProposalStatus.CORRECTION),
        make_proposal(screening, status=ProposalStatus.SUBMITTED),
        make_proposal(voting, contributor),
        make_proposal(review),
    ]
    open_all(voting)
    jury = open_all(review, "jury")
    juror = make_juror(jury, contributor)
    waiting = make_juror(round_row(review, "jury"), name="Mika", declared=False)
    assignment = make_assignment(juror, proposals[5], status=AssignmentStatus.ASSIGNED)
    return World(
        organization,
        manager,
        contributor,
        make_account("Site Admin", admin=True),
        {
            "slug": [organization.slug],
            "call": [call.public_id for call in (draft, writing, screening, voting, review, deciding)],
            "proposal": [proposal.public_id for proposal in (*proposals, decided[0])],
            "person": [manager.public_id, contributor.public_id],
            "juror_id": [juror.public_id, waiting.public_id],
            "assignment_id": [assignment.public_id],
            "review": [assignment.public_id],
            "key": ["crowd", "jury"],
        },
    )


@dataclass(frozen=True)
class Field:
    name: str
    kind: str
    value: str


@dataclass(frozen=True)
class Form:
    """`sent`: what the page would send as it stands; `fields`: all that may be typed, chosen or pressed."""

    action: str
    fields: tuple[Field, ...]
    sent: dict[str, str]

    def filled(self, **changes: Any) -> dict[str, Any]:
        """What the page would send, with these fields typed over."""
        return {**{name: value for name, value in self.sent.items() if "file" not in self.kinds(name)}, **changes}

    def kinds(self, name: str) -> set[str]:
        return {field.kind for field in self.fields if field.name == name}

    def names(self) -> list[str]:
        return sorted({field.name for field in self.fields})


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[tuple[str, list[Field]]] = []
        self.buttons: list[Field] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self.forms.append((given.get("action") or self.address, []))
        elif tag == "form":
            self.forms.append(("", []))
        if self.forms and tag in {"input", "select", "textarea", "button"} and given.get("name"):
            self.forms[-1][1].append(Field(given["name"], given.get("type", tag), given.get("value", "")))


def forms_of(html: str, address: str) -> list[Form]:
    reader, values = _Reader(address), _Forms()
    reader.feed(html)
    values.feed(html)
    together = zip(reader.forms, values.forms, strict=True)
    return [Form(action, tuple(fields), sent) for (action, fields), (_action, sent) in together if action]


def upload() -> tuple[BytesIO, str]:
    return BytesIO(b"\x89PNG\r\n\x1a\n" + b"\0" * 40), "..\\..\\x\0\u202egnp.html"
