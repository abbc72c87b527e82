"""The ledger of a vote: its signed heads, the check of a receipt, the bundle; as a page, as data and as a feed."""

import re
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from feedgen.feed import FeedGenerator
from flask import Response, abort, jsonify, render_template, request, url_for
from sqlalchemy.orm import Session

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.ledger import includes, is_consistent
from crowd.core.permissions import Permission, judge
from crowd.core.rules import RoundKind
from crowd.core.signing import key_fingerprint
from crowd.core.wall_clock import utc_text
from crowd.files.serving import file_response
from crowd.rounds.gates import find_round
from crowd.rounds.models import CallRound
from crowd.store.db import db, utc_now
from crowd.store.keys import current_key
from crowd.voting.actions import ensure_counted
from crowd.voting.actions.sealing import keeps_ledger, tie_seed
from crowd.voting.forms import ReceiptForm
from crowd.voting.models import Head, Leaf, Tally
from crowd.voting.queries import latest_bundle
from crowd.voting.queries.ledger import (
    consistency,
    count_heads,
    find_leaf,
    get_head,
    inclusion,
    latest_head,
    list_heads,
    origin_of,
)
from crowd.voting.views.blueprint import rounds_bp
from crowd.voting.views.words import state_of
from crowd.web.access import Found, current_actor
from crowd.web.negotiate import problem
from crowd.web.text import _

SHOWN = 20
NEWEST = 50
_HASH = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True)
class Checked:
    """What became of a receipt. `state`: malformed, unknown, waiting, kept (in the tree; proofs would tell of the turnout), included."""

    state: str
    position: int | None = None
    head: Head | None = None
    path: tuple[bytes, ...] = ()
    earlier: int = 0


@dataclass(frozen=True)
class LedgerPage:
    call: Found[Call]
    round: Found[CallRound]
    state: str
    heads: list[Head]
    more: int
    fingerprint: str
    public_key: str
    tally: Tally | None
    seed: str | None
    secret: str | None
    sized: bool

    @property
    def values(self) -> dict[str, Any]:
        return {"public_id": self.call.row.public_id, "key": self.round.row.key}


@rounds_bp.get("/calls/<public_id>/rounds/<key>/ledger")
@call_gate.requires()
def ledger(found: Found[Call], key: str) -> str:
    """Of an imported vote, of which no ledger was kept, the bundle alone."""
    return _render(found, _vote(found, key, imported=True), ReceiptForm())


@rounds_bp.post("/calls/<public_id>/rounds/<key>/ledger")
@call_gate.requires()
def check_receipt(found: Found[Call], key: str) -> Any:
    """Posted, so that no address or log ties a reader to a ballot."""
    vote, form = _vote(found, key), ReceiptForm()
    if not form.validate():
        return _render(found, vote, form), 422
    checked = _check(vote, form.leaf.data or "")
    return _render(found, vote, form, checked), 404 if checked.state == "unknown" else 200


@rounds_bp.get("/calls/<public_id>/rounds/<key>/ledger/heads.json")
@call_gate.requires()
def heads_json(found: Found[Call], key: str) -> Response:
    """All heads, the oldest first, with what is needed to check their signatures."""
    vote, session = _vote(found, key), db.session()
    own = current_key()
    heads = [_head_data(head, sized=_sized(vote)) for head in reversed(list_heads(session, vote.row.id))]
    return jsonify(origin=origin_of(session, vote.row), key=own.public.hex(), heads=heads)


@rounds_bp.get("/calls/<public_id>/rounds/<key>/ledger/heads.atom")
@call_gate.requires()
def heads_feed(found: Found[Call], key: str) -> Response:
    """The newest heads as a feed: whoever subscribes keeps what nobody can take back."""
    vote, session = _vote(found, key), db.session()
    page = url_for("rounds.ledger", public_id=found.row.public_id, key=key, _external=True)
    feed = FeedGenerator()
    feed.id(page)
    feed.title(_("Signed heads of “%(title)s”", title=vote.facts.round.title))
    feed.link(href=page)
    feed.link(href=url_for("rounds.heads_feed", public_id=found.row.public_id, key=key, _external=True), rel="self")
    heads = list_heads(session, vote.row.id, NEWEST)
    feed.updated(heads[0].at.astimezone(UTC) if heads else vote.row.opened_at or utc_now())
    for head in heads:
        entry = feed.add_entry(order="append")
        entry.id(f"{page}#{head.root}")
        entry.title(_("%(size)d acts", size=head.size) if _sized(vote) else utc_text(head.at))
        entry.link(href=page)
        entry.updated(head.at.astimezone(UTC))
        entry.content(f"{head.root} {head.signature}", type="text")
    return Response(feed.atom_str(), mimetype="application/atom+xml")


@rounds_bp.get("/calls/<public_id>/rounds/<key>/ledger/leaves/<leaf>.json")
@call_gate.requires()
def leaf_json(found: Found[Call], key: str, leaf: str) -> Any:
    """Where a leaf stands under the newest head, and the proof (RFC 9162, 2.1.3)."""
    vote = _vote(found, key)
    checked = _check(vote, leaf)
    match checked.state:
        case "malformed":
            return problem(422, _("A leaf is named by 64 hexadecimal digits."))
        case "unknown":
            return problem(404, _("This ledger has no such leaf."))
        case "waiting":
            return jsonify(leaf=leaf, sealed=False)
    head = None if checked.head is None else _head_data(checked.head, sized=_sized(vote))
    if checked.state == "kept":
        return jsonify(leaf=leaf, sealed=True, head=head)
    return jsonify(
        leaf=leaf, sealed=True, position=checked.position, head=head, proof=[part.hex() for part in checked.path]
    )


@rounds_bp.get("/calls/<public_id>/rounds/<key>/ledger/consistency.json")
@call_gate.requires()
def consistency_json(found: Found[Call], key: str) -> Any:
    """The proof that the tree under one head begins with that under another (RFC 9162, 2.1.4): `?from=SIZE&to=SIZE`."""
    vote, session = _vote(found, key), db.session()
    if not _sized(vote):
        return problem(
            409, _("While counts are hidden, sizes and proofs are not told: they would show how many took part.")
        )
    sizes = [request.args.get(name, type=int) for name in ("from", "to")]
    heads = [None if size is None or size < 0 else get_head(session, vote.row.id, size) for size in sizes]
    old, new = heads
    if old is None or new is None or old.size > new.size:
        return problem(404, _("Name two sizes for which there is a head, the smaller one first."))
    proof = consistency(session, vote.row.id, old.size, new.size)
    return jsonify({"from": _head_data(old), "to": _head_data(new), "proof": [part.hex() for part in proof]})


@rounds_bp.get("/calls/<public_id>/rounds/<key>/bundle.zip")
@call_gate.requires()
def bundle(found: Found[Call], key: str) -> Response:
    """What anybody needs to count this vote again."""
    vote = _vote(found, key, imported=True)
    tally = latest_bundle(db.session(), vote.row.id) if _counts_known(vote) else None
    if tally is None or tally.bundle is None:
        abort(404)
    name = f"{found.row.public_id}-{key}.zip"
    return file_response(tally.bundle, "application/zip", name, tally.bundle_sha256 or "")


def _vote(found: Found[Call], key: str, *, imported: bool = False) -> Found[CallRound]:
    """A vote with a ledger, counted if it waits for it; 404 for any other round. `imported`: one without a ledger too."""
    now = utc_now()
    round_ = find_round(db.session(), found, key)
    seen = round_ is not None and bool(judge(current_actor(), Permission.ROUND_VIEW, round_.facts, now))
    if round_ is None or not seen or round_.row.kind is not RoundKind.VOTE:
        abort(404)
    if not imported and not keeps_ledger(round_.facts.round):
        abort(404)
    return ensure_counted(round_, now)


def _counts_known(vote: Found[CallRound]) -> bool:
    known = judge(current_actor(), Permission.ROUND_COUNTS, vote.facts, utc_now())
    return bool(known) and vote.row.counted_at is not None


def _check(vote: Found[CallRound], typed: str) -> Checked:
    session, round_id, text = db.session(), vote.row.id, typed.strip()
    if not _HASH.fullmatch(text):
        return Checked("malformed")
    leaf = find_leaf(session, round_id, text)
    if leaf is None:
        return Checked("unknown")
    head = latest_head(session, round_id)
    if leaf.position is None or head is None:
        return Checked("waiting")
    if not _sized(vote):
        return Checked("kept", head=head)
    return _proved(session, round_id, leaf, leaf.position, head)


def _proved(session: Session, round_id: int, leaf: Leaf, position: int, head: Head) -> Checked:
    """With the proofs made and checked here, as anybody can: that the leaf is in the newest tree, and that the tree only grew."""
    path = inclusion(session, round_id, position, head.size)
    root = bytes.fromhex(head.root)
    if not includes(root, head.size, bytes.fromhex(leaf.hash), position, path):
        raise RuntimeError(f"leaf {position} of round {round_id} is not under its head")
    earlier = [one for one in list_heads(session, round_id, SHOWN) if position < one.size < head.size]
    for one in earlier:
        proof = consistency(session, round_id, one.size, head.size)
        if not is_consistent(bytes.fromhex(one.root), one.size, root, head.size, proof):
            raise RuntimeError(f"the tree of round {round_id} does not begin with its head of {one.size}")
    return Checked("included", position, head, tuple(path), len(earlier))


def _head_data(head: Head, *, sized: bool = True) -> dict[str, Any]:
    """`sized`: not while counts are hidden, since the size tells how many took part. The signature covers it, and can be checked then."""
    size = {"size": head.size} if sized else {}
    return {**size, "root": head.root, "at": utc_text(head.at), "signature": head.signature}


def _sized(vote: Found[CallRound]) -> bool:
    return not vote.facts.round.hides_counts or vote.row.sealed_at is not None


def _page(found: Found[Call], vote: Found[CallRound]) -> LedgerPage:
    session, own = db.session(), current_key()
    closed = vote.row.sealed_at is not None
    seed = tie_seed(session, vote.row) if closed else None
    return LedgerPage(
        call=found,
        round=vote,
        state=state_of(vote.facts, utc_now(), counted=vote.row.counted_at is not None),
        heads=list(list_heads(session, vote.row.id, SHOWN)),
        more=max(count_heads(session, vote.row.id) - SHOWN, 0),
        fingerprint=key_fingerprint(own.public),
        public_key=own.public.hex(),
        tally=latest_bundle(session, vote.row.id) if _counts_known(vote) else None,
        seed=seed.hex() if seed else None,
        secret=vote.row.tie_secret if closed else None,
        sized=_sized(vote),
    )


def _render(found: Found[Call], vote: Found[CallRound], form: ReceiptForm, checked: Checked | None = None) -> str:
    return render_template("rounds/ledger.html", page=_page(found, vote), form=form, checked=checked)
