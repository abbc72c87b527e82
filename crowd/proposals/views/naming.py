"""Authors of a call whose reviewers may not know them are warned where their text or files tell. Nothing is forbidden."""

from collections.abc import Iterator
from typing import Any

from crowd.core.rules import Blindness, CallRules
from crowd.core.self_naming import Hint, Telling, hints
from crowd.core.status import MemberStatus
from crowd.core.subjects import ProposalFacts
from crowd.files.storage import Missing, file_store, whole
from crowd.files.words import words_of
from crowd.proposals.commands import ProposalText
from crowd.proposals.models import Proposal
from crowd.proposals.views.blueprint import bp
from crowd.web.text import _, _l

TELLINGS: dict[Telling, Any] = {
    Telling.NAME: _l("a name of your team"),
    Telling.EMAIL: _l("an e-mail address"),
    Telling.PROFILE: _l("a link to a profile"),
    Telling.ORCID: _l("an ORCID iD"),
}


@bp.app_template_global()
def is_blind(rules: CallRules) -> bool:
    """Whether some round's reviewers may not know the authors."""
    return any(each.blindness is Blindness.DOUBLE for each in rules.rounds)


@bp.app_template_global()
def naming_hints(
    proposal: Proposal, facts: ProposalFacts, text: ProposalText, *, files: bool = False
) -> list[tuple[str, str, str]]:
    """(what it is, where, the words) for each place that tells who wrote it; `files`: read them too, which takes a moment."""
    if not is_blind(facts.call.rules):
        return []
    people = [member for member in proposal.team if member.status in {MemberStatus.ACCEPTED, MemberStatus.PENDING}]
    names = [name for one in people for name in (one.account.name if one.account else "", one.name)]
    parts = [*_parts(text, facts.call.rules), *_files(proposal, read=files)]
    return [_told(hint) for hint in hints(parts, names)]


def _told(hint: Hint) -> tuple[str, str, str]:
    return str(TELLINGS[hint.telling]), hint.where, hint.found


def _parts(text: ProposalText, rules: CallRules) -> Iterator[tuple[str, str]]:
    yield _("Title"), text.title
    yield _("In short"), text.summary
    yield _("Proposal"), text.body
    for asked in rules.custom_fields:
        answer = text.answers.get(asked.key)
        if asked.seen_by != "organizers" and isinstance(answer, str):
            yield asked.label, answer


def _files(proposal: Proposal, *, read: bool) -> Iterator[tuple[str, str]]:
    for file in proposal.attachments:
        if not read:
            continue
        try:
            yield file.filename, words_of(file.media_type, whole(file_store(), file.storage_key))
        except Missing:
            continue
