"""Reading accounts, their links and the legal texts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from crowd.accounts.commands import LASTS, fold_address
from crowd.accounts.models import (
    Acceptance,
    Account,
    BrowserSession,
    LegalKind,
    LegalText,
    LinkPurpose,
    MailedLink,
    is_behind,
    people_signed_in,
    texts_published,
)
from crowd.store.among import among, listed
from crowd.store.paging import Key, Page, page_of
from crowd.store.prepared import Prepared, Question
from crowd.store.search import holds
from crowd.store.secrets import token_hash

SIZE = 30
LANGUAGES = {"en": "English", "es": "Español"}
ZONES = tuple(sorted(available_timezones()))


@dataclass(frozen=True)
class LegalInForce:
    """`text` None: the built-in one, until somebody accepts it or another is published."""

    kind: LegalKind
    text: LegalText | None
    accepted: bool


def get_account(session: Session, account_id: int) -> Account:
    return session.get_one(Account, account_id)


def holding_people(keys: Iterable[str], now: datetime) -> Question:
    """Whose sessions these are, by the hashes of their keys, of those that hold: rows as of `people_signed_in`, with `key_hash`.

    Nobody is shut out or erased until the commit. Held in the order of their ids. Who is shut out already is not left out here:
    PostgreSQL takes that for rare in a table that it has not measured yet, and reads the whole table for it.
    """
    return _people_held, {"keys": listed(keys), "since": now - LASTS}


@Prepared
def _people_held() -> Select[Any]:
    key = BrowserSession.__table__.c.key_hash
    named = people_signed_in().add_columns(key).where(among(key, "keys")).order_by(Account.id)
    return named.with_for_update(read=True, of=Account.__table__)


def may_act(person: Any) -> bool:
    """Of a row of `people_signed_in`: neither shut out, nor has the terms still to accept."""
    return person.blocked_at is None and not is_behind(person.accepted_at, person.texts_at)


def get_account_by_address(session: Session, email: str) -> Account | None:
    """The account of an address, in any letter case."""
    return session.scalar(select(Account).where(Account.email_folded == fold_address(email)))


def address_taken(session: Session, email: str, now: datetime) -> bool:
    """Whether an account has this address, or had it until a few days ago and may take it back."""
    folded = fold_address(email)
    kept = select(MailedLink.id).where(
        MailedLink.email_folded == folded,
        MailedLink.purpose == LinkPurpose.OLD_ADDRESS,
        MailedLink.used_at.is_(None),
        MailedLink.expires_at > now,
    )
    return bool(session.scalar(select(or_(exists().where(Account.email_folded == folded), kept.exists()))))


def list_sessions(session: Session, account_id: int, now: datetime) -> Sequence[BrowserSession]:
    """Where a person is signed in, the one used last first."""
    mine = select(BrowserSession).where(
        BrowserSession.account_id == account_id, BrowserSession.ended_at.is_(None), BrowserSession.used_at > now - LASTS
    )
    return session.scalars(mine.order_by(BrowserSession.used_at.desc(), BrowserSession.id.desc())).all()


def get_account_by_public_id(session: Session, public_id: str) -> Account | None:
    """None for an erased one, too."""
    return session.scalar(select(Account).where(Account.public_id == public_id, Account.erased_at.is_(None)))


def get_link(session: Session, token: str) -> tuple[MailedLink, Account] | None:
    """A mailed link with its account, whether it still holds or not."""
    row = session.execute(
        select(MailedLink, Account)
        .join(Account, MailedLink.account_id == Account.id)
        .where(MailedLink.token_hash == token_hash(token))
    ).first()
    return (row[0], row[1]) if row else None


def list_people(session: Session, words: str, after: str | None, *, blocked: bool = False) -> Page[Account]:
    """Accounts, the newest first, by part of the name or address."""
    statement = select(Account).where(Account.rehearsal_id.is_(None), Account.erased_at.is_(None))
    if words:
        columns = (Account.name.expression, Account.email_folded.expression)
        statement = statement.where(holds(session, columns, words))
    if blocked:
        statement = statement.where(Account.blocked_at.is_not(None))
    return page_of(session, statement, [Key(Account.__table__.c.id, descending=True)], after, SIZE)


def newest_legal_text(session: Session, kind: LegalKind) -> LegalText | None:
    """The version that holds; None while the built-in text does."""
    newest = select(LegalText).where(LegalText.kind == kind).order_by(LegalText.version.desc()).limit(1)
    return session.scalar(newest)


def get_legal_text(session: Session, kind: LegalKind, version: int) -> LegalText | None:
    return session.scalar(select(LegalText).where(LegalText.kind == kind, LegalText.version == version))


def list_legal_versions(session: Session, kind: LegalKind) -> Sequence[LegalText]:
    return session.scalars(select(LegalText).where(LegalText.kind == kind).order_by(LegalText.version.desc())).all()


def built_in_text(kind: LegalKind, language: str) -> str:
    """What the product says until an administrator publishes a text of their own."""
    return (Path(__file__).parent / f"{kind}.{language}.md").read_text(encoding="utf-8")


def must_accept(session: Session, account: Account) -> bool:
    """Whether the terms or the notice in force wait for this person's word."""
    return is_behind(account.accepted_at, session.scalar(texts_published()))


def list_in_force(session: Session, account: Account) -> list[LegalInForce]:
    """Terms and notice with what this person has accepted of them."""
    accepted = set(session.scalars(select(Acceptance.legal_text_id).where(Acceptance.account_id == account.id)))
    texts = {kind: newest_legal_text(session, kind) for kind in LegalKind}
    return [LegalInForce(kind, text, text is not None and text.id in accepted) for kind, text in texts.items()]
