"""Co-authors: invited by the lead with role and share, and in the team before the proposal is handed in."""

from datetime import datetime, timedelta

from crowd.core.credit import WHOLE, CreditRole
from crowd.demo.chance import chance
from crowd.demo.house import House
from crowd.demo.reading import Author, Written
from crowd.proposals.actions import accept_invitation, invite_member, set_places, team_of
from crowd.proposals.commands import Invitation, Place
from crowd.proposals.models import Proposal, TeamMember
from crowd.store.secrets import new_token

OTHER_ROLES = tuple(role for role in CreditRole if role is not CreditRole.CONCEPTUALIZATION)


def gather(house: House, proposal: Proposal, written: Written, at: datetime) -> None:
    """The lead's roles, then the others: invited in turn, accepted within hours; whom `pending:` names has not answered yet."""
    lead = written.team[0].key
    place = Place(team_of(house.session, proposal.id)[0].id, roles_of(lead, written.title, lead=True), WHOLE)
    set_places(house.session, proposal, [place], actor=house.actor(lead), now=at - timedelta(hours=1))
    house.session.flush()
    invited = [
        (_invite(house, proposal, written, author, at - timedelta(minutes=50)), author) for author in written.team[1:]
    ]
    for member, author in invited:
        now = at - timedelta(minutes=45)
        accept_invitation(house.session, proposal, member, actor=house.actor(author.key), now=now)
        house.session.flush()
    if key := written.headers.get("pending"):
        _invite(house, proposal, written, Author(key), at - timedelta(minutes=40))


def _invite(house: House, proposal: Proposal, written: Written, author: Author, at: datetime) -> TeamMember:
    account, lead = house.accounts[author.key], house.actor(written.team[0].key)
    share = None if author.share is None else author.share * 100
    invitation = Invitation(account.email, account.name, roles_of(author.key, written.title, lead=False), share)
    member = invite_member(house.session, proposal, invitation, token=new_token(), actor=lead, now=at)
    house.session.flush()
    return member


def roles_of(key: str, title: str, *, lead: bool) -> tuple[str, ...]:
    """The lead had the idea; everybody did two things more."""
    others = sorted(OTHER_ROLES, key=lambda role: chance(key, title, role))[:2]
    return (*((CreditRole.CONCEPTUALIZATION.value,) if lead else ()), *(role.value for role in others))
