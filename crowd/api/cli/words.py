"""What an imported election says of itself, in the reader's language. What the file does not say is said to be unknown."""

import re
from collections.abc import Iterator

from flask_babel import force_locale, format_decimal

from crowd.api.actions import BallotForm, follows_rule
from crowd.api.commands import ElectionWords
from crowd.core.pabulib import Election
from crowd.core.tally.profile import Kind
from crowd.web.text import _, ngettext

_TOLD = ("country", "unit", "subunit", "district", "instance", "edition", "date_begin", "date_end", "rule", "comment")


def words_in(language: str, election: Election, form: BallotForm, source: str) -> ElectionWords:
    with force_locale(language):
        return ElectionWords(
            source=source,
            language=language,
            lead=_lead(election),
            body=_body(election),
            eligibility=_("This election was held elsewhere. Nobody takes part in it here."),
            handed_in=_("The projects of the imported file, with their costs."),
            credit=_("The projects are listed as the file names them; it does not say who proposed them."),
            licence=_("The data are those of the file; see its acknowledgments and pabulib.org."),
            decides=_decides(election, form),
            vote=_("Vote"),
        )


def _decides(election: Election, form: BallotForm) -> str:
    amount = f"{format_decimal(int(election.budget))} {election.meta.get('currency', '')}".strip()
    if not follows_rule(election, form):
        return _undecided(election, form, amount)
    if form.kind is Kind.POINTS:
        rule = _(
            "The rule of the file, greedy: most points first, whatever still fits the budget of %(amount)s.",
            amount=amount,
        )
    else:
        rule = _(
            "The rule of the file, greedy: most votes first, whatever still fits the budget of %(amount)s.",
            amount=amount,
        )
    if not election.bounds:
        return rule
    bounds = _("Within bounds for each “%(part)s” of the file.", part=election.bounds.removeprefix("budget_per_"))
    return f"{rule} {bounds}"


def _undecided(election: Election, form: BallotForm, amount: str) -> str:
    if form.kind is not Kind.RANK:
        return _(
            "The rule of the file is “%(rule)s”. It is not applied here, so the votes are shown and no outcome is stated. "
            "The budget was %(amount)s.",
            rule=election.rule,
            amount=amount,
        )
    if election.rule == "unknown":
        return _(
            "The ballots are rankings. They are counted here by the method of Schulze; the file does not say by which rule it was "
            "decided, so the ranking is shown and no outcome is stated. The budget was %(amount)s.",
            amount=amount,
        )
    return _(
        "The ballots are rankings. They are counted here by the method of Schulze. The rule of the file is another, “%(rule)s”; it is not "
        "applied here, so the ranking is shown and no outcome is stated. The budget was %(amount)s.",
        rule=election.rule,
        amount=amount,
    )


def _lead(election: Election) -> str:
    projects = ngettext(
        "An election held elsewhere, imported from a Pabulib file: %(num)s project.",
        "An election held elsewhere, imported from a Pabulib file: %(num)s projects.",
        len(election.projects),
    )
    promised = election.declared_votes
    if not promised:
        return projects
    ballots = ngettext(
        "%(count)s ballot was cast.", "%(count)s ballots were cast.", promised, count=format_decimal(promised)
    )
    return f"{projects} {ballots}"


def _body(election: Election) -> str:
    told = "\n".join(f"- {key.replace('_', ' ')}: {_plain(value)}" for key, value in _facts(election))
    return "\n\n".join(
        [
            _(
                "This election was not held here. Its projects, costs and ballots come from a file of [Pabulib](%(url)s), "
                "the library of participatory budgeting elections. The ballots hang on a roll of opaque voter ids. The file "
                "states when people voted; the other dates stand for what it leaves out.",
                url="https://pabulib.org",
            ),
            _("What the file says of itself:"),
            f"{told}\n",
        ]
    )


def _facts(election: Election) -> Iterator[tuple[str, str]]:
    for key in (*_TOLD, *(key for key in sorted(election.meta) if key.startswith("budget")), "acknowledgments"):
        if election.meta.get(key):
            yield key, election.meta[key]


def _plain(text: str) -> str:
    """Text that Markdown leaves as it is."""
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", " ".join(text.split()))
