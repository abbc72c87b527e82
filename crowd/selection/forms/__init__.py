"""Forms of deciding, advancing, publishing and correcting."""

from collections.abc import Sequence
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
)
from wtforms.validators import NumberRange, Optional

from crowd.core.status import LetterFate, Outcome
from crowd.selection.commands import Correct, Decide, EditLetter, MoveUp, Publish
from crowd.web.forms import BaseForm, choice, choices_of, long_text, one_line, required, version_field
from crowd.web.text import _l

OUTCOMES: dict[Outcome, Any] = {
    Outcome.SELECTED: _l("Selected"),
    Outcome.RESERVE: _l("Reserve"),
    Outcome.NOT_SELECTED: _l("Not selected"),
}
CODES: dict[str, Any] = {
    "": _l("None in particular"),
    "ranking": _l("By the ranking"),
    "gates": _l("Did not pass a gate"),
    "left_out": _l("Did not reach a later round"),
    "budget": _l("Places or budget"),
    "feasibility": _l("Can it be carried out"),
    "overlap": _l("Much like a selected proposal"),
    "balance": _l("Balance of the whole selection"),
    "other": _l("Another reason"),
}
WHICH: dict[str, Any] = {
    "picked": _l("those that are ticked"),
    "above": _l("all above the line"),
    "reserve": _l("all in reserve by the numbers"),
    "below": _l("all below the line"),
    "ranks": _l("ranks from … to …"),
    "undecided": _l("all without a verdict"),
}

SENTENCES: dict[str, object] = {
    "not_decidable": _l("This proposal is no longer in the running: it was withdrawn, disqualified or decided."),
    "verdict_reason": _l("Every outcome needs a reason: write one."),
    "verdict_not_yours": _l("No manager has a stake in this proposal: the managers decide about it."),
    "verdict_nothing_to_confirm": _l("There is no verdict to confirm yet."),
    "verdict_nothing_picked": _l("Choose at least one proposal: tick it, or say which ones."),
    "already_published": _l("The results are already published: somebody was a moment faster. Nothing was sent twice."),
    "decisions_changed": _l("A verdict changed while you were looking. Look at the letters again, then publish."),
    "publish_unscreened": _l(
        "Proposals that still wait for screening: %(num)d. Find them eligible or not eligible first."
    ),
    "publish_undecided": _l("Proposals without a verdict: %(num)d."),
    "publish_without_reason": _l("Verdicts without a reason: %(num)d."),
    "publish_outdated": _l(
        "Letters that were edited before their verdict changed: %(num)d. Look at them again, then publish."
    ),
    "letter_reason": _l("Say why this letter is held back or deleted."),
    "letter_text": _l("Write the text that stands in the place of the drafted one."),
    "letter_nobody": _l("Nobody decided yet, or this person is not in the team: there is no letter to edit."),
    "publish_unconfirmed": _l(
        "Proposals in which you have a stake: %(num)d. Another manager or owner has to confirm those verdicts first."
    ),
    "publish_incomplete": _l(
        "Proposals with fewer reviews than the rules ask for: %(num)d. Wait for the reviews, or say in public why you decide without them."
    ),
    "publish_justification": _l("The decision departs from the numbers or the limits: say in public why."),
    "list_confirmed": _l("The list of this round is already confirmed."),
    "list_waits": _l("The earlier round is not over and counted yet."),
    "list_changed": _l("The list changed while you were looking: read it again, then confirm."),
    "list_stake": _l("You have a stake in a proposal on this list, so another manager or owner has to confirm it."),
    "list_by_itself": _l("This round takes every eligible proposal: it opens by itself."),
    "decline_reason": _l("Say why, so that everybody can follow: a sentence is enough."),
    "take_up_over": _l("It can no longer be taken up: a day has gone by, or the place is settled."),
    "place_settled": _l(
        "This place is settled already: somebody was a moment faster, or its authors took it up after all."
    ),
    "not_in_reserve": _l("This proposal is not in reserve, or no longer."),
    "move_up_note": _l("The ranking does not call this one up before all others: say in public why it is chosen."),
    "left_empty_note": _l("Say in public why the place stays empty."),
    "merge_itself": _l("Name another proposal of this call."),
    "merge_target_left": _l("That proposal no longer stands: it was withdrawn, refused, merged or decided."),
    "merge_not_listed": _l(
        "The list of “%(round)s” is frozen with this proposal and without the other, which would lose its place there."
    ),
    "merge_secret": _l(
        "Both stand in “%(round)s”, a secret vote that is open: nobody can touch its ballots. Merge them once nobody votes on them."
    ),
    "merge_over": _l("“%(round)s” is over with this proposal on its list: its ballots stay as they were cast."),
    "merge_ballot": _l(
        "A ballot that names this proposal would no longer keep to the rules of the vote if it named the other."
    ),
    "merge_stays": _l(
        "The merging can no longer be undone: the next stage has begun, or a list of candidates was frozen since."
    ),
    "merge_chained": _l("The other was merged itself meanwhile: undo that first."),
    "correction_note": _l("A correction is public: say what was wrong."),
    "endorsement_hidden": _l("A moderator has hidden what you wrote here: the reason is in your notices."),
    "endorsement_removed": _l("What you wrote was taken away by whoever it is about."),
    "correction_empty": _l("Nothing differs from what is published."),
}


def reason_word(code: str) -> Any:
    """A kind of reason in words: one of the usual ones, or as the rules of the call name it."""
    return CODES[code] if code and code in CODES else code


class VerdictForm(BaseForm):
    """One verdict, or the verdict of many: merge fields are open until it is saved."""

    outcome = RadioField(_l("Verdict"), [required()], choices=choices_of(Outcome, OUTCOMES))
    reason = long_text(
        _l("Reason"), most=4000, description=_l("Published with the results, as far as the call shows them.")
    )
    reason_code = SelectField(_l("Kind of reason"), [Optional()], choices=[choice(*each) for each in CODES.items()])
    letter = long_text(_l("Added to the letter"), most=8000, needed=False, description=_l("Only the authors read it."))
    version = version_field()

    def command(self, reason: str, letter: str, version: int) -> Decide:
        return Decide(Outcome(self.outcome.data), reason, self.reason_code.data or "", letter, version)

    def offer_reasons(self, own: Sequence[str]) -> None:
        """The kinds that the rules of the call name, or the usual ones; what was chosen before stays to choose."""
        words: dict[str, Any] = {"": CODES[""], **dict.fromkeys(own)} if own else dict(CODES)
        kept = self.reason_code.data or ""
        kinds = [*words, *([kept] if kept not in words and kept in CODES else [])]
        self.reason_code.choices = [choice(kind, reason_word(kind) or CODES[""]) for kind in kinds]

    @property
    def opened(self) -> int:
        text = self.version.data or ""
        return int(text) if text.isdecimal() else 0


class ReasonRow(VerdictForm):
    """One of many on a page; the token is that of the form around it."""

    class Meta:
        csrf = False


class ReasonsForm(BaseForm):
    """Around all of them."""


class BulkForm(VerdictForm):
    which = SelectField(_l("For which proposals"), choices=[choice(*each) for each in WHICH.items()], default="picked")
    first = IntegerField(_l("From rank"), [Optional(), NumberRange(min=1)])
    last = IntegerField(_l("To rank"), [Optional(), NumberRange(min=1)])
    versions = HiddenField()

    def opened_versions(self) -> dict[str, int]:
        """`id:version` pairs as the page was drawn; what was not there had no verdict."""
        pairs = (part.partition(":") for part in (self.versions.data or "").split())
        return {key: int(version) for key, _, version in pairs if version.isdecimal()}


class FieldForm(BaseForm):
    """Reasons for those left out: one text for all with merge fields, or an own text for some."""

    reason = long_text(_l("Reason for those left out"), most=4000)
    seen = HiddenField()


class MergeForm(BaseForm):
    into = one_line(_l("The other proposal"), description=_l("Its number, such as #12, or the address of its page."))
    reason = long_text(
        _l("Reason"), most=2000, description=_l("Both teams read it, and everybody on the pages of both.")
    )


FATES: dict[LetterFate, Any] = {
    LetterFate.SEND: _l("Send it when the results are published"),
    LetterFate.HELD: _l("Hold it back: it can be sent later"),
    LetterFate.DELETED: _l("Delete it: no letter is sent, the page of the proposal tells the outcome"),
}


class LetterForm(BaseForm):
    text = long_text(_l("Your text"), most=8000, needed=False, description=_l("Only this person reads it."))
    replaces = BooleanField(_l("It stands in the place of the drafted letter, not below it"))
    fate = RadioField(_l("What becomes of the letter"), [required()], choices=choices_of(LetterFate, FATES))
    reason = long_text(
        _l("Why it is held back or deleted"), most=2000, needed=False, description=_l("For the organization's record.")
    )
    version = version_field()

    def command(self) -> EditLetter:
        opened = self.version.data or ""
        return EditLetter(
            self.text.data or "",
            bool(self.replaces.data),
            LetterFate(self.fate.data),
            self.reason.data or "",
            int(opened) if opened.isdecimal() else 0,
        )


class PublishForm(BaseForm):
    justification = long_text(
        _l("Why the decision departs from the numbers or the limits"),
        most=8000,
        needed=False,
        description=_l("Published on the results page."),
    )
    incomplete_justification = long_text(
        _l("Why you decide although reviews are missing"),
        most=8000,
        needed=False,
        description=_l("Published on the results page."),
    )
    fingerprint = HiddenField()

    def command(self) -> Publish:
        return Publish(
            self.fingerprint.data or "", self.justification.data or "", self.incomplete_justification.data or ""
        )


class CorrectionForm(BaseForm):
    outcome = RadioField(_l("Outcome"), [required()], choices=choices_of(Outcome, OUTCOMES))
    reason = long_text(_l("Reason"), most=4000)
    note = long_text(_l("What was wrong"), most=2000, description=_l("Public, and sent to the authors."))
    version = version_field()

    def command(self) -> Correct:
        text = self.version.data or ""
        return Correct(
            Outcome(self.outcome.data),
            self.reason.data or "",
            self.note.data or "",
            int(text) if text.isdecimal() else 0,
        )


class DeclineForm(BaseForm):
    reason = long_text(_l("Why you decline"), most=2000, description=_l("Public: it stands with the results."))


NOBODY = "nobody"


class MoveUpForm(BaseForm):
    chosen = RadioField(_l("Who moves up"), validators=[required()])
    reason = long_text(
        _l("Reason of the selection"),
        most=4000,
        needed=False,
        description=_l("Published in place of its reason for standing in reserve. Left empty, that one stays."),
    )
    note = long_text(
        _l("Public note"),
        most=2000,
        needed=False,
        description=_l("Needed where somebody else moves up than the best of the ranking, or nobody."),
    )
    vacated = HiddenField()

    def command(self) -> MoveUp:
        chosen = "" if self.chosen.data == NOBODY else self.chosen.data or ""
        return MoveUp(self.vacated.data or "", chosen, self.reason.data or "", self.note.data or "")
