"""Rounds are made when a call is published, and each vote commits to the secret that will settle its ties."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls import actions as call_actions
from crowd.calls.gates import rules_of
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.rules import CallRules, Round, RoundKind
from crowd.rounds.models import CallRound

Secrets = Mapping[str, str]
"""Key of a round → 32 random bytes, hexadecimal."""


def publish_call(session: Session, call: Call, *, version: int, actor: Actor, now: datetime) -> None:
    """Freeze a call's rules and make its rounds, in one act; `call` must be locked."""
    rules, kept = commit_to_secrets(rules_of(call))
    call_actions.put_rules(call, rules)
    call_actions.publish_call(session, call, version=version, actor=actor, now=now)
    make_rounds(session, call.id, rules, kept)


def commit_to_secrets(rules: CallRules) -> tuple[CallRules, Secrets]:
    """The rules with the SHA-256 of a fresh secret for each vote, and the secrets. Revealed at the close, a secret makes with
    the root of the ledger the seed that nobody could know, or choose, before (commit and reveal).
    """
    kept = {each.key: secrets.token_hex(32) for each in rules.rounds if each.kind is RoundKind.VOTE}
    return replace(rules, rounds=tuple(_committed(each, kept.get(each.key)) for each in rules.rounds)), kept


def _committed(each: Round, secret: str | None) -> Round:
    commitment = hashlib.sha256(bytes.fromhex(secret)).hexdigest() if secret else None
    return replace(each, tie_commitment=commitment)


def make_rounds(
    session: Session, call_id: int, rules: CallRules, kept: Secrets = MappingProxyType({})
) -> list[CallRound]:
    """One row for each round of the frozen rules."""
    rows = [
        CallRound(
            call_id=call_id,
            key=each.key,
            kind=each.kind,
            position=place,
            blindness=each.blindness,
            conflict_policy=each.conflict_policy,
            tie_secret=kept.get(each.key),
        )
        for place, each in enumerate(rules.rounds)
    ]
    session.add_all(rows)
    return rows


def keep_up(session: Session, call_id: int, rules: CallRules) -> None:
    """After an amendment: the columns of the rounds that repeat their rules."""
    for row in session.scalars(select(CallRound).where(CallRound.call_id == call_id)):
        each = rules.round(row.key)
        row.blindness, row.conflict_policy = each.blindness, each.conflict_policy
