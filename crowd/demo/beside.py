"""What happens beside the main line: a panel talks, names are taken out of a text, two proposals become one, credit is endorsed."""

import secrets
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crowd.calls.actions.templates import keep_template
from crowd.core.status import AssignmentStatus, ProposalStatus, StageKind
from crowd.demo.house import House
from crowd.demo.opening import Entry, Production
from crowd.proposals.actions import store_redaction
from crowd.reviews.actions.panel import say_as_juror
from crowd.reviews.models import Assignment, Juror
from crowd.selection.actions.endorsing import endorse
from crowd.selection.actions.merging import merge_proposals
from crowd.selection.actions.places import decline_selection
from crowd.selection.commands import Endorse
from crowd.selection.models import Credit

TEMPLATES = {"garden": "A garden, a square, a room: vote and jury", "research": "Small grants, read without names"}
TALK = {
    "Portable ramp": (
        ("odile", "Four out of four for upkeep is generous: a ramp that nobody wipes down is a slide by November."),
        ("reviewer2", "Agreed, and still worth it. I would ask for a hook by the door and a name on the rota."),
        ("siobhan", "The shops on Quay Street borrow ours already. I can ask who carries it back."),
    ),
    "Who was buried outside the wall": (
        ("reviewer2", "My two for the method: nobody says who chooses the names that are **not** read out."),
        ("kenji", "It is in the last sentence, but it comes late. I keep my four."),
    ),
}
"""Title of a proposal: who says what, one a day."""
NAMELESS = {
    "The debt book of Donovan's grocery": (("I am an economist by training. From", "From"),),
    "Old shop signs under the paint": (("I have found 22 so far", "22 are found so far"), ("I expect", "one expects")),
}
"""Title: what is written for what, so that nobody knows the author by it."""
SAME = ("Harbour radio, live from the reading room", "Podcast from the sofa: teenagers interview the over-eighties")
WHY_SAME = (
    "Both record conversations in the reading room with the same four microphones. One evening holds the two: "
    "the sofa first, then the weather from the window."
)
WORDS = {
    "Hearing loops that somebody has tested": (
        ("manager", "She came to all six branches herself, in the rain, and wrote down what she heard.", True),
        (
            "yusuf",
            "She asked the questions I would not have dared to ask a librarian, and kept the notebook dry.",
            False,
        ),
    ),
    "Sign language story hour, told by deaf storytellers": (
        (
            "oleks",
            "She drew every story before it was told, so that nobody had to choose between hands and pictures.",
            False,
        ),
    ),
}
"""Title: who says what of the credit of its lead, and whether for the organization."""
DECLINED = (
    "Large-print labels, printed at the desk",
    "I start at the county archive in January and could not look after it. The text is yours: please let somebody else do it.",
)


def beside(house: House, show: Production) -> None:
    """A shortened set holds too little for it."""
    if house.most is not None:
        return
    if show.plan.key in TEMPLATES:
        actor = house.actor(show.plan.manager)
        keep_template(
            house.session, show.call, TEMPLATES[show.plan.key], actor=actor, now=house.now - timedelta(days=3)
        )
    by_title = {entry.written.title: entry for entry in show.entries}
    _talk(house, by_title)
    _take_names_out(house, show, by_title)
    _merge(house, by_title)
    if show.begun(StageKind.RESULTS, house.now):
        _endorse(house, by_title)
        _decline(house, by_title)
    house.session.flush()


def _talk(house: House, by_title: Mapping[str, Entry]) -> None:
    """Whoever spoke has handed in; of an open round perhaps not all have."""
    for title, lines in TALK.items():
        for place, (key, text) in enumerate(lines if title in by_title else ()):
            about = by_title[title].proposal.id, house.accounts[key].id
            work = _handed_in(house, *about)
            if work:
                at = house.now - timedelta(days=len(lines) - place, hours=2)
                say_as_juror(house.session, work, text, actor=house.actor(key), now=at)
                house.session.flush()


def _handed_in(house: House, proposal_id: int, account_id: int) -> Assignment | None:
    juror = joinedload(Assignment.juror)
    return house.session.scalar(
        select(Assignment)
        .join(Juror, Juror.id == Assignment.juror_id)
        .where(
            Assignment.proposal_id == proposal_id,
            Juror.account_id == account_id,
            Assignment.status == AssignmentStatus.SUBMITTED,
        )
        .options(joinedload(Assignment.proposal), juror.joinedload(Juror.round), juror.joinedload(Juror.account))
    )


def _take_names_out(house: House, show: Production, by_title: Mapping[str, Entry]) -> None:
    by = house.accounts[show.plan.manager].id
    for title in NAMELESS.keys() & by_title.keys():
        row = by_title[title].proposal
        texts = [row.summary, row.body]
        for named, nameless in NAMELESS[title]:
            texts = [text.replace(named, nameless) for text in texts]
        at = house.now - timedelta(days=20)
        store_redaction(house.session, row, (texts[0], texts[1]), files_kept_back=True, by=by, now=at)


def _merge(house: House, by_title: Mapping[str, Entry]) -> None:
    source, target = SAME
    if {source, target} <= by_title.keys():
        rows = by_title[source].proposal, by_title[target].proposal
        merge_proposals(
            house.session,
            *rows,
            WHY_SAME,
            new_token=lambda: secrets.token_urlsafe(32),
            actor=house.actor("moderator"),
            now=house.now - timedelta(hours=20),
        )


def _endorse(house: House, by_title: Mapping[str, Entry]) -> None:
    for title, lines in WORDS.items():
        row = by_title[title].proposal
        credit = house.session.scalars(
            select(Credit).where(Credit.proposal_id == row.id, Credit.account_id == row.lead_id)
        ).one()
        for place, (key, text, official) in enumerate(lines):
            at = house.now - timedelta(days=6 - place)
            endorse(house.session, credit, Endorse(text, official), actor=house.actor(key), now=at)


def _decline(house: House, by_title: Mapping[str, Entry]) -> None:
    title, reason = DECLINED
    row = by_title[title].proposal
    if row.status is ProposalStatus.SELECTED:
        lead = next(key for key, account in house.accounts.items() if account.id == row.lead_id)
        decline_selection(house.session, row, reason, actor=house.actor(lead), now=house.now - timedelta(hours=5))
