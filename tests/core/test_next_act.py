"""One button, for every stage and person."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crowd.core.actor import VISITOR, Actor
from crowd.core.next_act import ActKind, NextAct, Standing, next_act
from crowd.core.permissions import Refused
from crowd.core.rules import Electorate, Entrants, Field, FieldKind, VotingMethod
from crowd.core.status import CallStatus, OrganizationRole, OrganizationStatus, StageKind
from crowd.core.subjects import CallFacts, OrganizationFacts, RoundFacts
from tests.make import JURY, VOTE, make_rules

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
PERSON = Actor(account_id=7, verified=True)
MANAGER = Actor(account_id=1, verified=True, roles={3: OrganizationRole.MANAGER})
KINDS = [
    StageKind.SUBMISSION,
    StageKind.SCREENING,
    StageKind.VOTING,
    StageKind.REVIEW,
    StageKind.SELECTION,
    StageKind.RESULTS,
]
STARTS = {kind: NOW + timedelta(days=10 * index) for index, kind in enumerate(KINDS)}


def call(**changes: object) -> CallFacts:
    stages = tuple(
        replace(stage, opens_at=STARTS[stage.kind], closes_at=STARTS[stage.kind] + timedelta(days=10))
        for stage in make_rules().stages
    )
    rules = make_rules(stages=stages)
    facts = CallFacts(5, OrganizationFacts(3, OrganizationStatus.APPROVED), CallStatus.PUBLISHED, rules, stages)
    return replace(facts, **changes)  # type: ignore[arg-type]


def at(kind: StageKind) -> datetime:
    return STARTS[kind] + timedelta(days=1)


def standing(actor: Actor, facts: CallFacts | None = None, **changes: object) -> Standing:
    facts = facts or call()
    rounds = (RoundFacts(1, facts, VOTE, opened=True), RoundFacts(2, facts, JURY, opened=True))
    return replace(Standing(actor, facts, rounds), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("who", "kind", "expected"),
    [
        (standing(VISITOR), StageKind.SUBMISSION, NextAct(ActKind.START_PROPOSAL)),
        (standing(PERSON), StageKind.SUBMISSION, NextAct(ActKind.START_PROPOSAL)),
        (standing(PERSON, draft="d", handed_in="p"), StageKind.SUBMISSION, NextAct(ActKind.CONTINUE_DRAFT, "d")),
        (standing(PERSON, handed_in="p"), StageKind.SUBMISSION, NextAct(ActKind.SEE_PROPOSAL, "p")),
        (standing(MANAGER), StageKind.SUBMISSION, NextAct(ActKind.SEE_PROPOSALS)),
        (standing(MANAGER, to_screen=4), StageKind.SUBMISSION, NextAct(ActKind.SCREEN, count=4)),
        (standing(PERSON, handed_in="p"), StageKind.SCREENING, NextAct(ActKind.SEE_PROPOSAL, "p")),
        (
            standing(PERSON),
            StageKind.SCREENING,
            NextAct(ActKind.VOTE, refused=Refused("round_open", STARTS[StageKind.VOTING])),
        ),
        (standing(VISITOR), StageKind.VOTING, NextAct(ActKind.SIGN_IN, "crowd")),
        (standing(PERSON), StageKind.VOTING, NextAct(ActKind.VOTE, "crowd")),
        (standing(PERSON, handed_in="p"), StageKind.VOTING, NextAct(ActKind.VOTE, "crowd")),
        (standing(PERSON, has_ballot=True), StageKind.VOTING, NextAct(ActKind.CHANGE_BALLOT, "crowd")),
        (
            standing(replace(PERSON, verified=False)),
            StageKind.VOTING,
            NextAct(ActKind.VOTE, "crowd", refused=Refused("verified")),
        ),
        (standing(PERSON, reviews_left=3), StageKind.REVIEW, NextAct(ActKind.REVIEW, count=3)),
        (standing(PERSON), StageKind.REVIEW, NextAct(ActKind.SEE_RESULTS, refused=Refused("results_published"))),
        (standing(MANAGER), StageKind.SCREENING, NextAct(ActKind.SEE_PROPOSALS)),
        (standing(MANAGER), StageKind.REVIEW, NextAct(ActKind.FOLLOW_REVIEWS)),
        (standing(MANAGER, reviews_left=1), StageKind.REVIEW, NextAct(ActKind.REVIEW, count=1)),
        (standing(MANAGER), StageKind.SELECTION, NextAct(ActKind.DECIDE)),
        (standing(MANAGER), StageKind.RESULTS, NextAct(ActKind.DECIDE)),
        (standing(VISITOR), StageKind.SELECTION, NextAct(ActKind.SEE_RESULTS, refused=Refused("results_published"))),
    ],
)
def test_the_act_follows_stage_and_person(who: Standing, kind: StageKind, expected: NextAct) -> None:
    assert next_act(who, at(kind)) == expected


def wiki_survey(actor: Actor, **changes: object) -> Standing:
    """A vote in pairs that proposals may join."""
    vote = replace(VOTE, method=VotingMethod.BRADLEY_TERRY, max_choices=None, ideas=True)
    facts = call(rules=make_rules(stages=call().schedule, rounds=(vote, JURY)))
    return standing(actor, facts, rounds=(RoundFacts(1, facts, vote, opened=True),), **changes)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (wiki_survey(PERSON), NextAct(ActKind.VOTE, "crowd")),
        (wiki_survey(PERSON, draft="d"), NextAct(ActKind.VOTE, "crowd")),
        (wiki_survey(PERSON, draft="d", has_ballot=True), NextAct(ActKind.CONTINUE_DRAFT, "d")),
        (wiki_survey(replace(PERSON, verified=False)), NextAct(ActKind.START_PROPOSAL)),
        (wiki_survey(replace(PERSON, verified=False), draft="d"), NextAct(ActKind.CONTINUE_DRAFT, "d")),
        (wiki_survey(VISITOR), NextAct(ActKind.SIGN_IN, "crowd")),
    ],
)
def test_while_proposals_may_join_a_vote_the_act_leads_to_the_own_draft_or_a_new_one(
    who: Standing, expected: NextAct
) -> None:
    assert next_act(who, at(StageKind.VOTING)) == expected


def test_before_the_call_opens_the_button_says_when() -> None:
    opens = STARTS[StageKind.SUBMISSION]
    expected = NextAct(ActKind.START_PROPOSAL, refused=Refused("submission_open", opens))
    assert next_act(standing(PERSON), opens - timedelta(days=1)) == expected


def test_the_writer_of_a_draft_call_goes_on_writing_and_nobody_else_is_offered_anything() -> None:
    draft = call(status=CallStatus.DRAFT)
    assert next_act(standing(MANAGER, draft), NOW) == NextAct(ActKind.CONTINUE_CALL)
    assert next_act(standing(PERSON, draft), NOW) is None


def test_published_results_are_the_act_for_everybody() -> None:
    done = call(results_published=True)
    people = [VISITOR, PERSON, MANAGER]
    assert {next_act(standing(person, done, handed_in="p"), at(StageKind.RESULTS)) for person in people} == {
        NextAct(ActKind.SEE_RESULTS)
    }


def test_a_cancelled_call_offers_only_the_own_proposal() -> None:
    over = call(status=CallStatus.CANCELLED)
    assert next_act(standing(PERSON, over, handed_in="p"), at(StageKind.SUBMISSION)) == NextAct(
        ActKind.SEE_PROPOSAL, "p"
    )
    assert next_act(standing(MANAGER, over, to_screen=2), at(StageKind.SUBMISSION)) is None


def test_a_paused_call_stands_still_and_says_so() -> None:
    paused = call(status=CallStatus.PAUSED, paused_at=at(StageKind.SUBMISSION))
    months_later = at(StageKind.SUBMISSION) + timedelta(days=90)
    assert next_act(standing(PERSON, paused), months_later) == NextAct(
        ActKind.START_PROPOSAL, refused=Refused("call_not_paused")
    )


def test_a_call_paused_between_stages_shows_what_came_in() -> None:
    paused = call(status=CallStatus.PAUSED, paused_at=at(StageKind.SCREENING))
    assert next_act(standing(PERSON, paused), at(StageKind.VOTING)) == NextAct(ActKind.SEE_PROPOSALS)
    early = call(status=CallStatus.PAUSED, paused_at=NOW - timedelta(days=1))
    assert next_act(standing(PERSON, early), NOW + timedelta(days=99)) != NextAct(ActKind.SEE_PROPOSALS)


def test_members_only_votes_say_so_to_others() -> None:
    facts = call()
    rounds = (RoundFacts(1, facts, replace(VOTE, electorate=Electorate.MEMBERS), opened=True),)
    expected = NextAct(ActKind.VOTE, "crowd", refused=Refused("electorate"))
    assert next_act(standing(PERSON, facts, rounds=rounds), at(StageKind.VOTING)) == expected


def test_a_later_round_without_its_list_asks_the_manager_to_confirm_it() -> None:
    facts = call()
    rounds = (RoundFacts(2, facts, replace(JURY, field=Field(FieldKind.BEST, "crowd", 3))),)
    assert next_act(standing(MANAGER, facts, rounds=rounds), at(StageKind.REVIEW)) == NextAct(
        ActKind.CONFIRM_ROUND, "jury"
    )


def test_a_visitor_of_a_call_for_members_signs_in_first() -> None:
    facts = call()
    facts = replace(facts, rules=replace(facts.rules, entrants=Entrants.MEMBERS))
    assert next_act(standing(VISITOR, facts), at(StageKind.SUBMISSION)) == NextAct(ActKind.SIGN_IN)


def test_a_call_for_members_tells_strangers_why_they_may_not_enter() -> None:
    facts = call()
    facts = replace(facts, rules=replace(facts.rules, entrants=Entrants.MEMBERS))
    assert next_act(standing(PERSON, facts), at(StageKind.SUBMISSION)) == NextAct(
        ActKind.START_PROPOSAL, refused=Refused("may_enter")
    )
