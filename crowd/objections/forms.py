"""Objecting, and answering an objection."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, RadioField, SelectField

from crowd.core.status import ObjectionKind, ObjectionStatus
from crowd.objections.commands import Answer, Object
from crowd.web.forms import BaseForm, choice, choices_of, long_text, required
from crowd.web.text import _, _l

SENTENCES: dict[str, Any] = {
    "objection_about": _l("This proposal does not stand in this call."),
    "objection_twice": _l("You have objected with the same words already. You are told what comes of it."),
    "objections_many": _l("Five objections of yours wait for an answer. Take one back, or wait for the answers."),
    "objection_answer": _l("Say why: everybody reads the answer."),
}
KINDS: dict[ObjectionKind, Any] = {
    ObjectionKind.COUNT: _l("A number is wrong, or was put together wrongly"),
    ObjectionKind.RULES: _l("Something was done otherwise than the rules of the call say"),
    ObjectionKind.STAKE: _l("Somebody with an interest in it took part in deciding"),
    ObjectionKind.FACTS: _l("A reason rests on something that is not true"),
    ObjectionKind.OTHER: _l("Something else"),
}
STATUSES: dict[ObjectionStatus, Any] = {
    ObjectionStatus.OPEN: _l("waits for an answer"),
    ObjectionStatus.UPHELD: _l("upheld"),
    ObjectionStatus.REJECTED: _l("not upheld"),
    ObjectionStatus.WITHDRAWN: _l("taken back"),
}
UPHELD = "upheld"


class ObjectionForm(BaseForm):
    proposal = SelectField(_l("What is it about?"))
    kind = RadioField(_l("What is wrong?"), [required()], choices=choices_of(ObjectionKind, KINDS))
    text = long_text(
        _l("Your objection"), most=5000, description=_l("Say what happened, and what should have happened instead.")
    )
    evidence = long_text(
        _l("Evidence"),
        most=5000,
        needed=False,
        description=_l("Where can it be checked? Links, numbers of pages, a passage of the rules."),
    )
    is_public = BooleanField(
        _l("Everybody may read my objection"),
        description=_l(
            "Without this, only the organization reads your words; the answer is public in any case. Your name is never shown to the public."
        ),
    )

    def __init__(self, proposals: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        whole = choice("", _("The whole result"))
        self.proposal.choices = [whole, *(choice(key, title) for key, title in proposals)]

    def command(self) -> Object:
        return Object(
            kind=ObjectionKind(self.kind.data),
            text=self.text.data or "",
            evidence=self.evidence.data or "",
            proposal=self.proposal.data or None,
            is_public=bool(self.is_public.data),
        )


class AnswerForm(BaseForm):
    finding = RadioField(
        _l("The finding"),
        [required()],
        choices=[
            choice(UPHELD, _l("The objection is right")),
            choice("rejected", _l("The objection is not right")),
        ],
    )
    text = long_text(
        _l("Answer"),
        most=5000,
        needed=False,
        description=_l("Public. Say what was looked at, what was found, and what follows from it."),
    )

    def command(self) -> Answer:
        return Answer(self.finding.data == UPHELD, self.text.data or "")
