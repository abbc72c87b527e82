"""The roll of a vote, its ballots, the leaves of its ledger with their signed heads, and its counts.

Who voted (`Voter`) and what was chosen (`Ballot`) are tables apart, held together by one column that a secret vote empties at its
close. Keys of ballots and leaves are random and the tables are ordered by them, so that neither says when a row was written.
"""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crowd.core.signals import SignalKind
from crowd.store.db import Base
from crowd.store.types import Id, Long, MaybeMoment, Moment, PublicId, Short, enum_type, kept_without, owned_by


class Voter(Base):
    """One per person and round: an account, a one-time code, or the opaque voter id of an imported roll.

    `ballot`: the key of the ballot, by which it can be changed; a secret vote forgets it, and the hour, at its close.
    `cast_at` is empty for a ballot that was taken back.
    """

    __tablename__ = "voters"
    __table_args__ = (
        UniqueConstraint("round_id", "account_id", name="uq_voters_round_account"),
        UniqueConstraint("round_id", "code_id", name="uq_voters_round_code"),
        UniqueConstraint("round_id", "voter_ref", name="uq_voters_round_voter"),
        CheckConstraint(
            "((account_id IS NULL) OR (voter_ref IS NULL AND code_id IS NULL)) AND (voter_ref IS NULL OR code_id IS NULL)",
            name="one_kind_of_voter",
        ),
        Index("ix_voters_account_id", "account_id"),
    )

    id: Mapped[Id]
    round_id: Mapped[int] = owned_by("rounds.id", index=False)
    account_id: Mapped[int | None] = kept_without("accounts.id", index=False)
    code_id: Mapped[int | None] = kept_without("voter_codes.id")
    voter_ref: Mapped[str | None] = mapped_column(String(64))
    ballot: Mapped[str | None] = mapped_column(String(16))
    network: Mapped[str | None] = mapped_column(String(64))  # a keyed hash, until the close
    cast_at: Mapped[MaybeMoment]
    changed_at: Mapped[MaybeMoment]


class Ballot(Base):
    """What one voter chose, as data (`core.tally.choices`); `choices` is empty for one that was taken back.

    `acts`: how often it was cast, changed or taken back. `leaf`: the hash of the newest leaf about it; none in an imported election.
    `member`: cast by a member of the organization, where the rules weigh groups. `seen`: proposal → the version that the voter read.
    """

    __tablename__ = "ballots"
    __table_args__ = ({"sqlite_with_rowid": False},)

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(16), primary_key=True)
    choices: Mapped[Long | None]
    seen: Mapped[Long | None]
    member: Mapped[bool | None]
    acts: Mapped[int] = mapped_column(default=0)
    leaf: Mapped[str | None] = mapped_column(String(64))


class Leaf(Base):
    """One act of the ledger, known by the hash of its leaf, which a nonce in it makes random. `data` are the bytes that are hashed.

    `position` is its place in the tree, empty until it is sealed.
    """

    __tablename__ = "leaves"
    __table_args__ = (
        UniqueConstraint("round_id", "position", name="uq_leaves_round_position"),
        {"sqlite_with_rowid": False},
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[Long]
    position: Mapped[int | None]


class Head(Base):
    """A signed head of the ledger: how many leaves, the root over them, and what is needed to go on from there."""

    __tablename__ = "heads"
    __table_args__ = (UniqueConstraint("round_id", "size", name="uq_heads_round_size"),)

    id: Mapped[Id]
    round_id: Mapped[int] = owned_by("rounds.id", index=False)
    size: Mapped[int]
    root: Mapped[str] = mapped_column(String(64))
    at: Mapped[Moment]
    signature: Mapped[str] = mapped_column(String(128))
    frontier: Mapped[Long]


class Block(Base):
    """The root over 1,024 leaves that stand for good, so that a proof need not read a million."""

    __tablename__ = "ledger_blocks"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[str] = mapped_column(String(64))


class Elector(Base):
    """An address on the list of an invited electorate."""

    __tablename__ = "electors"
    __table_args__ = (UniqueConstraint("round_id", "email_folded", name="uq_electors_round_email"),)

    id: Mapped[Id]
    round_id: Mapped[int] = owned_by("rounds.id", index=False)
    email: Mapped[Short]
    email_folded: Mapped[Short] = mapped_column(index=True)
    added_at: Mapped[Moment]


class VoterCode(Base):
    """A one-time code, known by its hash alone. `batch`: which printing it came from."""

    __tablename__ = "voter_codes"
    __table_args__ = (UniqueConstraint("round_id", "code_hash", name="uq_voter_codes_round_hash"),)

    id: Mapped[Id]
    round_id: Mapped[int] = owned_by("rounds.id", index=False)
    code_hash: Mapped[str] = mapped_column(String(64))
    batch: Mapped[int]
    made_at: Mapped[Moment]
    revoked_at: Mapped[MaybeMoment]


class Tally(Base):
    """A count of a round as canonical JSON: rule, candidates, exact totals as text. The newest holds.

    `bundle`: its key in the store of files, `bundle_sha256` of its bytes, `script_sha256` of its `verify.py`; empty where the rules keep the result from the public.
    """

    __tablename__ = "tallies"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    round_id: Mapped[int] = owned_by("rounds.id")
    at: Mapped[Moment]
    result: Mapped[Long]
    sha256: Mapped[str] = mapped_column(String(64))
    bundle: Mapped[str | None] = mapped_column(String(32))
    bundle_sha256: Mapped[str | None] = mapped_column(String(64))
    script_sha256: Mapped[str | None] = mapped_column(String(64))


class Signal(Base):
    """What stood out in how a round was voted in, noted at its close before what shows it is forgotten (`core.signals`)."""

    __tablename__ = "signals"

    id: Mapped[Id]
    round_id: Mapped[int] = owned_by("rounds.id")
    kind: Mapped[SignalKind] = mapped_column(enum_type(SignalKind))
    number: Mapped[int]
    of: Mapped[int]
    at: Mapped[MaybeMoment]
    expected: Mapped[int | None]
    detail: Mapped[Long | None]


class Exposure(Base):
    """How often a candidate stood among the first of an open ballot; kept in batches, of nobody in particular."""

    __tablename__ = "exposures"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposals.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    shown: Mapped[int]


class MovedBallot(Base):
    """A ballot of an open vote that named a merged proposal: what it said before, and what it says since."""

    __tablename__ = "moved_ballots"

    merge_id: Mapped[int] = mapped_column(ForeignKey("merges.id", ondelete="CASCADE"), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True, index=True)
    ballot: Mapped[str] = mapped_column(String(16), primary_key=True)
    before: Mapped[Long]
    after: Mapped[Long]


class SetAside(Base):
    """A ballot that does not count, with the reason that is published; results are shown with and without."""

    __tablename__ = "set_aside"
    __table_args__ = (UniqueConstraint("round_id", "ballot", name="uq_set_aside_round_ballot"),)

    id: Mapped[Id]
    round_id: Mapped[int] = owned_by("rounds.id", index=False)
    ballot: Mapped[str] = mapped_column(String(16))
    reason: Mapped[Long]
    at: Mapped[Moment]
    by_id: Mapped[int | None] = kept_without("accounts.id")
