"""What ties a reviewer to a proposal is found in what the site knows, and never in a secret vote."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.conflicts import ConflictKind
from crowd.core.status import StageKind
from crowd.reviews.queries import (
    found_ties,
    jury_with_accounts,
)
from tests.conftest import AsUser
from tests.make import (
    JURY,
    VOTE,
    make_account,
    make_call,
    make_juror,
    make_organization,
    make_proposal,
    make_rules,
    move_stages,
    open_all,
)
from tests.reviews.conftest import Scene
from tests.reviews.tying import (
    K,
    apart,
    asked_and_declined,
    asked_to_join,
    commented,
    invited_elsewhere,
    same_domain,
    same_organization,
    ties,
    wrote_together,
)


@pytest.mark.parametrize(
    ("tie", "kind"),
    [
        (same_organization, K.ORGANIZATION),
        (same_domain, K.EMAIL_DOMAIN),
        (wrote_together, K.COAUTHOR),
        (asked_and_declined, K.INVITATION),
        (invited_elsewhere, K.INVITATION),
        (asked_to_join, K.INVITATION),
        (commented, K.COMMENT),
    ],
)
def test_a_tie_is_found_in_what_the_site_knows(
    scene: Scene, session: Session, tie: Callable[[Account, Scene], None], kind: ConflictKind
) -> None:
    reviewer = apart(scene)[-1]
    make_juror(scene.round, reviewer)
    assert ties(session, scene) == {}
    tie(reviewer, scene)
    assert ties(session, scene)["A bench around the old tree"] >= {kind}
    assert set(ties(session, scene)) == {"A bench around the old tree"}


@pytest.mark.parametrize("secret", [False, True])
def test_an_open_vote_is_a_tie_and_a_secret_one_is_never_looked_at(
    app: object, session: Session, as_user: AsUser, *, secret: bool
) -> None:
    rules = make_rules(StageKind.VOTING, rounds=(replace(VOTE, secret=secret), JURY))
    call = make_call(make_organization(), rules)
    bench = make_proposal(call, make_account("Iris Okafor", email="iris@house0.example"))
    make_proposal(call, make_account("Luis Paz", email="luis@house1.example"), title="A pond for frogs")
    open_all(call)
    reviewer = make_account("Noor Haddad", email="noor@house2.example")
    cast = as_user(reviewer).post(f"/calls/{call.public_id}/vote/cast?round=crowd", data={"support": bench.public_id})
    assert cast.status_code == 303
    move_stages(call, timedelta(days=10))
    row = open_all(call, "jury")
    juror = make_juror(row, reviewer)
    session.expire_all()
    found = found_ties(session, row, jury_with_accounts(session, row.id), [bench.id])
    assert found == ({} if secret else {(juror.id, bench.id): {K.VOTE}})
