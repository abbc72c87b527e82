"""Loading a set in short transactions, one for the people and one for each call, so that a server beside it is not held up.

What is there is not made again: an interrupted loading is completed by the next, a complete one is left as it is.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.actions.publish import next_change
from crowd.calls.models import Call, CallStage
from crowd.demo.beside import beside
from crowd.demo.calls import PLANS
from crowd.demo.deciding import decide
from crowd.demo.following import follow_up
from crowd.demo.house import House
from crowd.demo.judging import judge_all
from crowd.demo.opening import Production, open_call
from crowd.demo.people import LOGINS
from crowd.demo.plans import Plan
from crowd.demo.proposing import propose_all, screen_all
from crowd.demo.settle import add_organizations, add_people, find_settled
from crowd.demo.talking import talk
from crowd.demo.telling import settle_events, settle_mails
from crowd.demo.voting import vote
from crowd.store.models import Event

Transaction = Callable[[], AbstractContextManager[Session]]

ACTS: tuple[Callable[[House, Production], None], ...] = (
    propose_all,
    screen_all,
    vote,
    judge_all,
    decide,
    follow_up,
    talk,
    beside,
)
STEPS = 2 + len(PLANS)


def sets_loaded(session: Session) -> int:
    """How many sets there are: each has one demo administrator."""
    admins = select(func.count()).select_from(Account).where(Account.is_demo, Account.is_admin)
    return session.scalar(admins) or 0


def logins_of(house: House) -> list[str]:
    return [house.email(person.key) for person in LOGINS]


def load_set(
    house: House,
    transaction: Transaction,
    *,
    password_hash: str,
    deliver: Callable[[], object],
    step: Callable[[str], None],
) -> None:
    """Make what the set lacks; `deliver` carries events to their readers; `step` is told what comes next, STEPS times."""
    step("People")
    if not find_settled(house):
        with transaction():
            first = newest_event(house)
            add_people(house, password_hash)
            add_organizations(house)
            settle_events(house, first)
    for plan in PLANS:
        step(plan.rules.title)
        if not _is_made(house, plan):
            with transaction():
                _play(house, plan)
    step("Notices")
    deliver()
    with transaction():
        settle_mails(house)


def _is_made(house: House, plan: Plan) -> bool:
    home = house.organizations[plan.organization]
    made = select(Call.id).where(Call.organization_id == home.id, Call.title == plan.rules.title, Call.is_demo)
    return house.session.scalar(made.limit(1)) is not None


def _play(house: House, plan: Plan) -> None:
    first = newest_event(house)
    show = open_call(house, plan)
    for act in ACTS:
        act(house, show)
    _catch_up(house, show)
    settle_events(house, first)


def newest_event(house: House) -> int:
    return house.session.scalar(select(func.max(Event.id))) or 0


def _catch_up(house: House, show: Production) -> None:
    """What the clock would have announced in time is not announced again."""
    house.session.execute(
        update(CallStage)
        .where(CallStage.call_id == show.call.id, CallStage.opens_at <= house.now)
        .values(announced_at=CallStage.opens_at)
    )
    if show.plan.published is not None:
        show.call.next_change_at = next_change(show.rules.stages, house.now)
    house.session.flush()
