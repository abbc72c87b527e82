"""Conflicts of interest between a reviewer and a proposal: their kinds, how they are found, what they do. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from crowd.core.rules import ConflictPolicy


class ConflictKind(StrEnum):
    """What ties a reviewer to a proposal. `STATED`: whatever they or a chair said themselves."""

    STATED = "stated"
    AUTHORSHIP = "authorship"  # own or team proposal, also invited and not answered
    ORGANIZATION = "organization"
    EMAIL_DOMAIN = "email_domain"
    COAUTHOR = "coauthor"
    INVITATION = "invitation"
    COMMENT = "comment"
    VOTE = "vote"


class ConflictSource(StrEnum):
    DECLARED = "declared"  # by the reviewer
    NOTED = "noted"  # by a chair or manager
    DETECTED = "detected"


class ConflictStatus(StrEnum):
    """`OPEN`: found, not looked at; `CONFIRMED`: a stake; `SET_ASIDE`: looked at, and none; `TAKEN_BACK`: was one, by mistake."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    SET_ASIDE = "set_aside"
    TAKEN_BACK = "taken_back"


SOFT = tuple(kind for kind in ConflictKind if kind not in {ConflictKind.STATED, ConflictKind.AUTHORSHIP})
"""Kinds that say no more than that somebody should look: the policy of the round decides what they do meanwhile."""

PUBLIC_PROVIDERS = frozenset(
    """aol.com fastmail.com free.fr gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.es gmx.net googlemail.com hey.com hotmail.com
    hotmail.es hotmail.fr icloud.com laposte.net libero.it live.com mac.com mail.com mail.ru mailbox.org me.com msn.com orange.fr
    outlook.com outlook.es pm.me posteo.de posteo.net proton.me protonmail.com qq.com riseup.net t-online.de terra.es tuta.com
    tutanota.com web.de yahoo.com yahoo.co.uk yahoo.es yahoo.fr yandex.com yandex.ru ymail.com zoho.com 163.com 126.com""".split()
)
"""Whoever shares one of these domains shares no employer."""


@dataclass(frozen=True)
class Person:
    """Somebody as far as ties are looked for: an account, if there is one, folded addresses, organizations on this site."""

    account_id: int | None = None
    emails: frozenset[str] = frozenset()
    organizations: frozenset[int] = frozenset()

    @property
    def domains(self) -> frozenset[str]:
        return frozenset(domain for domain in map(domain_of, self.emails) if domain)


@dataclass(frozen=True)
class Ties:
    """What is known of one reviewer beyond themselves, all of it ids of accounts or of proposals.

    `coauthors`: accepted in one team with them anywhere; `invitations`: one of the two asked the other into a team or a jury;
    `commented`, `voted`: proposals they wrote about, or named on a ballot that is published with names.
    """

    coauthors: frozenset[int] = frozenset()
    invitations: frozenset[int] = frozenset()
    asked_into: frozenset[int] = frozenset()
    commented: frozenset[int] = frozenset()
    voted: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Entry:
    """A proposal with its authors (lead and accepted team), and everybody in the team, also invited, by account and by address."""

    id: int
    authors: tuple[Person, ...] = ()
    team_ids: frozenset[int] = frozenset()
    team_emails: frozenset[str] = frozenset()


def found_among(
    reviewers: Mapping[int, tuple[Person, Ties]], entries: Iterable[Entry]
) -> dict[tuple[int, int], frozenset[ConflictKind]]:
    """(reviewer, proposal) → what ties them, for all that are tied. Only pairs that share something are looked at."""
    kept = {entry.id: entry for entry in entries}
    shelf = _Shelf(kept.values())
    return {
        (key, id_): kinds
        for key, (person, ties) in reviewers.items()
        for id_ in shelf.near(person, ties)
        if (kinds := found(person, ties, kept[id_]))
    }


class _Shelf:
    """Proposals by everything by which a reviewer may be tied to them."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.ids: set[int] = set()
        self.by: dict[object, set[int]] = defaultdict(set)
        for entry in entries:
            self.ids.add(entry.id)
            for mark in _marks_of(entry):
                self.by[mark].add(entry.id)

    def near(self, person: Person, ties: Ties) -> frozenset[int]:
        accounts = {person.account_id, *ties.coauthors, *ties.invitations} - {None}
        marks: list[object] = [("account", id_) for id_ in accounts]
        marks += [("email", email) for email in person.emails]
        marks += [("organization", id_) for id_ in person.organizations]
        for domain in person.domains:
            marks += [("within", domain), *(("domain", part) for part in _ends_of(domain))]
        named = (ties.asked_into | ties.commented | ties.voted) & self.ids
        return named.union(*(self.by.get(mark, set()) for mark in marks))


def _marks_of(entry: Entry) -> Iterator[object]:
    yield from (("account", id_) for id_ in entry.team_ids)
    yield from (("email", email) for email in entry.team_emails)
    for author in entry.authors:
        yield ("account", author.account_id)
        yield from (("organization", id_) for id_ in author.organizations)
        for domain in author.domains:
            yield ("domain", domain)
            yield from (("within", part) for part in _ends_of(domain))


def _ends_of(domain: str) -> list[str]:
    """`a.b.example` and `b.example`: a domain and all that it lies within, the last word alone left out."""
    words = domain.split(".")
    return [".".join(words[start:]) for start in range(len(words) - 1)]


def domain_of(email: str) -> str | None:
    """The domain of an address in lower case; None for public mail providers and for what is no address."""
    _name, at, domain = email.rpartition("@")
    domain = domain.strip(".").casefold()
    return domain if at and "." in domain and domain not in PUBLIC_PROVIDERS else None


def same_house(one: str, other: str) -> bool:
    """One domain, or one within the other (`physics.uni.example` and `uni.example`)."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def found(reviewer: Person, ties: Ties, entry: Entry) -> frozenset[ConflictKind]:
    """The kinds of ties between a reviewer and a proposal. With a stake in it authorship alone is told: it says enough."""
    if _in_team(reviewer, entry):
        return frozenset({ConflictKind.AUTHORSHIP})
    ids = {author.account_id for author in entry.authors if author.account_id is not None}
    tests = {
        ConflictKind.ORGANIZATION: any(author.organizations & reviewer.organizations for author in entry.authors),
        ConflictKind.EMAIL_DOMAIN: any(_share_domain(reviewer, author) for author in entry.authors),
        ConflictKind.COAUTHOR: bool(ids & ties.coauthors),
        ConflictKind.INVITATION: bool(ids & ties.invitations) or entry.id in ties.asked_into,
        ConflictKind.COMMENT: entry.id in ties.commented,
        ConflictKind.VOTE: entry.id in ties.voted,
    }
    return frozenset(kind for kind, holds in tests.items() if holds)


def _in_team(reviewer: Person, entry: Entry) -> bool:
    by_account = reviewer.account_id is not None and reviewer.account_id in entry.team_ids
    return by_account or bool(reviewer.emails & entry.team_emails)


def _share_domain(one: Person, other: Person) -> bool:
    return any(same_house(a, b) for a in one.domains for b in other.domains)


def blocks(kind: ConflictKind, status: ConflictStatus, policy: ConflictPolicy) -> bool:
    """Whether it keeps the reviewer from the proposal now. Authorship always does; of the others one that nobody looked at yet
    does where the policy says so.
    """
    if kind is ConflictKind.AUTHORSHIP:
        return True
    if status is ConflictStatus.OPEN:
        return policy is ConflictPolicy.BLOCK
    return status is ConflictStatus.CONFIRMED
