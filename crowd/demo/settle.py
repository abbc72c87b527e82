"""The people of a set, with their password, and the two organizations with their roles."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import select

from crowd.accounts.actions import accept_texts, edit_account, make_account, verify_account
from crowd.accounts.commands import EditAccount, SignUp
from crowd.accounts.models import Account
from crowd.core.status import OrganizationRole
from crowd.demo.chance import between
from crowd.demo.house import House
from crowd.demo.people import DUBLIN, MONTEVIDEO, PEOPLE, Person
from crowd.organizations.actions import accept_invitation, invite_member, request_organization
from crowd.organizations.commands import InviteMember, Profile
from crowd.organizations.models import Organization

BEFORE = timedelta(days=200)
ROLE = OrganizationRole


@dataclass(frozen=True)
class Home:
    """An organization and who does what there."""

    key: str
    slug: str
    name: str
    summary: str
    about: str
    website: str
    contact: str
    accent: str
    language: str
    time_zone: str
    roles: dict[str, OrganizationRole]


HOMES = (
    Home(
        key="library",
        slug="demo",
        name="Alder Bay Public Libraries",
        summary="Nine branches, one card, and a lot of questions to the town.",
        about="We are nine libraries around a bay. Since last year we ask before we build, buy or close anything: "
        "each of our calls says beforehand **who decides and how**, and everybody who writes to us gets an answer with a reason.\n\n"
        "Two people look after the calls. If something is unclear, ask under the call: the answer is then there for all.",
        website="https://alderbay-libraries.example",
        contact="calls@alderbay-libraries.example",
        accent="#0f6d63",
        language="en",
        time_zone=DUBLIN,
        roles={
            "owner": ROLE.OWNER,
            "manager": ROLE.MANAGER,
            "george": ROLE.MANAGER,
            "moderator": ROLE.MODERATOR,
            "hana": ROLE.MEMBER,
            "pavel": ROLE.MEMBER,
        },
    ),
    Home(
        key="cooperative",
        slug="sol-del-arroyo",
        name="Cooperativa Sol del Arroyo",
        summary="Seiscientas familias que generan su propia energía y deciden juntas qué hacer con ella.",
        about="Somos una cooperativa de energía de barrio. Empezamos con doce paneles sobre el salón comunal y hoy somos "
        "seiscientas familias.\n\nAquí publicamos nuestras convocatorias: qué se puede proponer, quién decide y cómo. "
        "**Toda propuesta recibe una respuesta con su motivo.**",
        website="https://sol-del-arroyo.example",
        contact="convocatorias@sol-del-arroyo.example",
        accent="#a4460b",
        language="es",
        time_zone=MONTEVIDEO,
        roles={
            "owner": ROLE.OWNER,
            "ramon": ROLE.MANAGER,
            "moderator": ROLE.MODERATOR,
            "pilar": ROLE.MEMBER,
            "facundo": ROLE.MEMBER,
            "julian": ROLE.MEMBER,
        },
    ),
)


def find_settled(house: House) -> bool:
    """Find the people and organizations of a set that is there; False when there is none."""
    emails = {house.email(person.key): person.key for person in PEOPLE}
    found = house.session.scalars(select(Account).where(Account.email_folded.in_(list(emails)), Account.is_demo)).all()
    house.accounts = {emails[account.email_folded]: account for account in found}
    slugs = {house.slug(home.slug): home.key for home in HOMES}
    homes = house.session.scalars(select(Organization).where(Organization.slug.in_(list(slugs)))).all()
    house.organizations = {slugs[home.slug]: home for home in homes}
    return bool(found)


def add_people(house: House, password_hash: str) -> None:
    """Everybody, confirmed, having accepted the texts in force; one hash serves all, since hashing is slow on purpose."""
    for person in PEOPLE:
        house.accounts[person.key] = _add(house, person, password_hash)


def _add(house: House, person: Person, password_hash: str) -> Account:
    joined = house.now - BEFORE + timedelta(days=between(0, 30, person.key))
    sign_up = SignUp(house.email(person.key), person.name, person.language, password_hash, person.time_zone)
    account = make_account(house.session, sign_up, now=joined)
    account.is_demo, account.is_admin = True, person.key == "admin"
    verify_account(house.session, account, now=joined + timedelta(minutes=4))
    accept_texts(house.session, account, now=house.now)
    house.session.flush()
    profile = EditAccount(person.name, person.bio, (), person.language, person.time_zone, profile_public=True)
    edit_account(account, profile)
    return account


def add_organizations(house: House) -> None:
    """Founded by the owner, who invites the others; each accepts within the day."""
    for home in HOMES:
        organization = _found(house, home, house.now - BEFORE + timedelta(days=31))
        house.organizations[home.key] = organization
        for place, (key, role) in enumerate(home.roles.items()):
            if role is not ROLE.OWNER:
                _join(house, organization, key, role, house.now - BEFORE + timedelta(days=32 + place))
    house.forget_actors()


def _found(house: House, home: Home, now: datetime) -> Organization:
    profile = Profile(**{each.name: getattr(home, each.name) for each in fields(Profile)})
    organization = request_organization(house.session, profile, self_service=True, actor=house.actor("owner"), now=now)
    organization.slug = house.slug(home.slug)
    house.session.flush()
    house.forget_actors()
    return organization


def _join(house: House, organization: Organization, key: str, role: OrganizationRole, now: datetime) -> None:
    account = house.accounts[key]
    command = InviteMember(account.email, role)
    invitation = invite_member(house.session, organization, command, actor=house.actor("owner"), now=now)
    house.session.flush()
    accept_invitation(house.session, organization, invitation, account=account, now=now + timedelta(hours=7))
    house.session.flush()
