"""What the clock and commits set off: understanding new texts, forgetting old ones."""

from collections.abc import Sequence

from sqlalchemy import Row, exists, false, insert, literal, select, true, update
from sqlalchemy.orm import InstrumentedAttribute

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.similar import as_bytes, gist
from crowd.core.status import ProposalStatus
from crowd.files.orphans import remove_orphans
from crowd.meaning.encoder import MODEL, Encoder, encoder
from crowd.proposals.actions import drop_old_visitor_drafts, fold_counts
from crowd.proposals.actions.entering import mail_claim
from crowd.proposals.models import Attachment, BehalfEntry, Proposal, ProposalImport, ProposalVector
from crowd.store.db import db, transaction, utc_now

AT_ONCE = 64
MOST = 2_000
"""A run; the rest waits for the next, so that other jobs get their turn."""


def understand_changed() -> int:
    """Make the vectors that wait for it; the model works outside the transaction. Returns how many texts were read."""
    done = 0
    while done < MOST:
        rows = _stale()
        model = encoder() if rows else None
        if model is None:
            break
        _understand(rows, model)
        done += len(rows)
    return done


def _stale() -> list[Row[int, str, str, str, int]]:
    columns = (Proposal.id, Proposal.title, Proposal.summary, Proposal.body, Proposal.version)
    stale = select(*columns).join(ProposalVector, ProposalVector.proposal_id == Proposal.id)
    return list(
        db.session.execute(stale.where(ProposalVector.stale.is_(True)).order_by(Proposal.id).limit(AT_ONCE)).all()
    )


def _understand(rows: list[Row[int, str, str, str, int]], model: Encoder) -> None:
    """What was edited meanwhile gets its vector too, and stays stale."""
    vectors = as_bytes(model.encode([gist(row.title, row.summary, row.body) for row in rows]))
    with transaction() as session:
        for row, vector in zip(rows, vectors, strict=True):
            newer = exists().where(Proposal.id == row.id, Proposal.version != row.version)
            session.execute(
                update(ProposalVector)
                .where(ProposalVector.proposal_id == row.id)
                .values(model=model.name, vector=vector.tobytes(), stale=newer, made_at=utc_now())
            )


def find_not_understood() -> None:
    """Mark what no event told of: imports, rows of before, vectors of an earlier model."""
    without = ~exists().where(ProposalVector.proposal_id == Proposal.id)
    rows = select(
        Proposal.id,
        Proposal.call_id,
        literal(""),
        literal(b""),
        true(),
        literal(utc_now(), ProposalVector.made_at.type),
    ).where(Proposal.status != ProposalStatus.DRAFT, without)
    columns = ["proposal_id", "call_id", "model", "vector", "stale", "made_at"]
    with transaction() as session:
        session.execute(insert(ProposalVector).from_select(columns, rows.limit(MOST)))
        other = (ProposalVector.model.not_in([MODEL, ""]), ProposalVector.stale == false())
        session.execute(update(ProposalVector).where(*other).values(stale=True))


def forget_visitor_drafts() -> None:
    """Texts begun without an account that nobody claimed in time."""
    with transaction() as session:
        drop_old_visitor_drafts(session, utc_now())


def fold_proposal_counts() -> None:
    """Fold together the kept counts that many changes added to."""
    with transaction() as session:
        fold_counts(session)


def remove_orphaned_files(more: Sequence[InstrumentedAttribute[str | None]] = ()) -> None:
    """Whoever stores files has to be asked here: attachments and previews, imports, pictures of calls and people, and `more`."""
    covers = db.session.scalars(select(Call.cover).where(Call.cover.is_not(None)))
    pictures = {key for cover in covers if cover for key in cover["files"].values()}
    columns = (
        Attachment.storage_key,
        Attachment.preview_key,
        Account.picture_key,
        Account.picture_small_key,
        ProposalImport.storage_key,
        *more,
    )
    remove_orphans(columns, pictures)


def mail_due_claims() -> int:
    """To the people named in an imported table, the link to take theirs over, some at once. Returns how many were mailed."""
    done = 0
    while done < MOST and (some := _mail_some_claims()):
        done += some
    return done


def _mail_some_claims() -> int:
    due = (
        select(BehalfEntry, Proposal, Call)
        .join(Proposal, Proposal.id == BehalfEntry.proposal_id)
        .join(Call, Call.id == Proposal.call_id)
        .where(BehalfEntry.claim_due)
        .order_by(BehalfEntry.id)
        .limit(AT_ONCE)
    )
    now = utc_now()
    with transaction() as session:
        rows = session.execute(due.with_for_update(of=BehalfEntry, skip_locked=True)).all()
        for entry, proposal, call in rows:
            mail_claim(session, call, proposal, entry, now)
    return len(rows)
