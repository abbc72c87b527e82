"""What became of what was selected: a prize with its obligations, milestones, and a word now and then."""

from dataclasses import dataclass
from datetime import timedelta

from crowd.awards.actions import add_obligation, answer_part, give_award, tick
from crowd.awards.commands import AddObligation, GiveAward
from crowd.core.awards import PartMove
from crowd.core.rules import CallRules
from crowd.core.status import ProposalStatus, StageKind
from crowd.demo.house import House
from crowd.demo.opening import Entry, Production
from crowd.followups.actions import add_milestone, post_update
from crowd.followups.commands import SetMilestone, WriteUpdate


@dataclass(frozen=True)
class Step:
    """A milestone: its days are counted from now. `done` None: not reached yet."""

    title: str
    due: int
    done: int | None = None
    note: str = ""


@dataclass(frozen=True)
class News:
    """An update of so many days ago; `by` is a key of a person, or empty for the one who leads the proposal."""

    days: int
    text: str
    by: str = ""


@dataclass(frozen=True)
class Sequel:
    steps: tuple[Step, ...]
    news: tuple[News, ...]
    prize: int | None = None  # minor units
    owed: tuple[str, ...] = ()


SEQUELS: dict[str, Sequel] = {
    "Hearing loops that somebody has tested": Sequel(
        (
            Step("All six loops measured by somebody who hears with them", -6, -7, "Two were silent, one hummed."),
            Step("New amplifier in Hill Road", 21),
            Step("The yearly test stands in the diary of every branch", 80),
        ),
        (
            News(
                11,
                "We went to all six branches in one week, with a hearing aid and a notebook. **Hill Road is the worst**: "
                "the amplifier is gone, and nobody knows since when.",
            ),
            News(3, "The amplifier for Hill Road is ordered. It costs 60 EUR less than was planned.", "manager"),
        ),
        prize=30_000,
        owed=("Invoice, or your account number", "A page on what you found, for the catalogue"),
    ),
    "A chair at every returns machine": Sequel(
        (Step("Nine seats ordered", -9, -8), Step("The first seat hangs in Harbour Street", -2)),
        (News(7, "Ordered. The shop wanted to know what nine libraries do with nine folding seats.", "manager"),),
    ),
}


def follow_up(house: House, show: Production) -> None:
    """In the call whose results are out; what the set does not hold is left out."""
    if not show.begun(StageKind.RESULTS, house.now):
        return
    for entry in show.entries:
        sequel = SEQUELS.get(entry.written.title)
        if sequel and entry.proposal.status is ProposalStatus.SELECTED:
            _tell(house, show, entry, sequel)


def _tell(house: House, show: Production, entry: Entry, sequel: Sequel) -> None:
    manager = house.actor(show.plan.manager)
    for step in sequel.steps:
        due, done = house.now + timedelta(days=step.due), house.now + timedelta(days=step.done or 0)
        command = SetMilestone(step.title, due.date(), None if step.done is None else done.date(), step.note)
        add_milestone(house.session, entry.proposal, command, actor=manager, now=house.now - timedelta(days=7))
    for news in sequel.news:
        by = news.by or next(key for key, account in house.accounts.items() if account.id == entry.proposal.lead_id)
        at = house.now - timedelta(days=news.days)
        post_update(house.session, entry.proposal, WriteUpdate(news.text), actor=house.actor(by), now=at)
    if sequel.prize:
        _give(house, show.rules, entry, sequel, show.plan.manager)


def _give(house: House, rules: CallRules, entry: Entry, sequel: Sequel, by: str) -> None:
    """Given, accepted by the lead, and half of what is owed for it is there."""
    session, manager, at = house.session, house.actor(by), house.now - timedelta(days=12)
    command = GiveAward("Help with the making", sequel.prize, rules.currency, "", is_public=True)
    award = give_award(session, entry.proposal, command, actor=manager, now=at)
    for place, text in enumerate(sequel.owed):
        due = (house.now + timedelta(days=30 * place + 10)).date()
        owed = add_obligation(session, award, AddObligation(text, due), actor=manager, now=at)
        session.flush()
        if place == 0:
            tick(session, owed, done=True, actor=manager, now=at + timedelta(days=4))
    first = award.parts[0]
    lead = next(key for key, account in house.accounts.items() if account.id == first.account_id)
    answer_part(session, first, PartMove.ACCEPT, "", actor=house.actor(lead), now=at + timedelta(days=1))
