"""What the demo's past leaves in the inbox: a few unread notices for those who sign in, and no mail that would leave now."""

from collections.abc import Iterable
from itertools import groupby

from sqlalchemy import or_, select, update

from crowd.core.events import EventKind
from crowd.core.status import MailStatus
from crowd.demo.house import House
from crowd.demo.people import LOGINS
from crowd.mailing.models import Mail
from crowd.proposals.models import TeamMember
from crowd.reviews.models import Assignment, Juror
from crowd.store.models import Event

TO_AUTHORS = (
    EventKind.PROPOSAL_CORRECTION_ASKED,
    EventKind.PROPOSAL_FOUND_ELIGIBLE,
    EventKind.OUTCOME_PUBLISHED,
    EventKind.CREDIT_ISSUED,
    EventKind.COMMENT_POSTED,
)
OF_EACH_KIND = 2


def settle_events(house: House, first: int) -> None:
    """`first`: the newest event before the call. The past counts as told, but for a little that the logins find unread."""
    waiting = [
        event.id for event in (*_for_authors(house, first), *_for_jurors(house, first), *_for_staff(house, first))
    ]
    ours = [account.id for account in house.accounts.values()]
    homes = [organization.id for organization in house.organizations.values()]
    house.session.execute(
        update(Event)
        .where(
            Event.id > first,
            Event.id.not_in(waiting),
            Event.delivered_at.is_(None),
            or_(Event.actor_id.in_(ours), Event.organization_id.in_(homes)),
        )
        .values(delivered_at=Event.at)
        .execution_options(synchronize_session=False)
    )


def _for_authors(house: House, first: int) -> Iterable[Event]:
    theirs = select(TeamMember.proposal_id).where(TeamMember.account_id.in_(_logins(house)))
    events = house.session.scalars(
        select(Event)
        .where(Event.id > first, Event.kind.in_(TO_AUTHORS), Event.proposal_id.in_(theirs))
        .order_by(Event.kind, Event.at.desc())
    ).all()
    for _, of_kind in groupby(events, key=lambda event: event.kind):
        yield from list(of_kind)[:OF_EACH_KIND]


def _for_jurors(house: House, first: int) -> Iterable[Event]:
    """The newest assignment of each juror who signs in."""
    events = house.session.execute(
        select(Juror.account_id, Event)
        .join(Assignment, Assignment.id == Event.subject_id)
        .join(Juror, Juror.id == Assignment.juror_id)
        .where(Event.id > first, Event.kind == EventKind.REVIEW_ASSIGNED, Juror.account_id.in_(_logins(house)))
        .order_by(Event.at)
    )
    return dict(iter(events)).values()


def _for_staff(house: House, first: int) -> Iterable[Event]:
    """The newest question asked under a call."""
    staff = [house.accounts[key].id for key in ("manager", "moderator", "ramon")]
    return house.session.scalars(
        select(Event)
        .where(
            Event.id > first,
            Event.kind == EventKind.COMMENT_POSTED,
            Event.proposal_id.is_(None),
            Event.actor_id.not_in(staff),
        )
        .order_by(Event.at.desc())
        .limit(1)
    ).all()


def _logins(house: House) -> list[int]:
    return [house.accounts[person.key].id for person in LOGINS]


def settle_mails(house: House) -> None:
    """As if they had left when they were written; a text with a link that opens a door is wiped, as after any sending."""
    ours = [account.id for account in house.accounts.values()]
    addresses = [account.email for account in house.accounts.values()]
    mine = (Mail.status == MailStatus.QUEUED, or_(Mail.account_id.in_(ours), Mail.to_email.in_(addresses)))
    house.session.execute(
        update(Mail).where(*mine, Mail.has_secret).values(text="", html="").execution_options(synchronize_session=False)
    )
    house.session.execute(
        update(Mail)
        .where(*mine)
        .values(status=MailStatus.SENT, attempts=1, sent_at=Mail.created_at)
        .execution_options(synchronize_session=False)
    )
