"""Quotas down a ranking: what they promise is kept, and whoever is passed over is told for which."""

from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from crowd.core.rules import CallRules, CountRule, Quota, SelectionRules, TieBreak
from crowd.core.selection import Cut, Fate, Placement, Ranking, draw_line, off_quota, rule_faults

Tags = Mapping[str, Sequence[str]]


def ranked(*groups: Sequence[str]) -> Ranking:
    """Groups of equals, best first."""
    placements, rank = [], 1
    for group in groups:
        placements += [Placement(name, rank, None, ()) for name in group]
        rank += len(group)
    return Ranking(tuple(placements))


def drawn(groups: Sequence[Sequence[str]], tags: Tags, *quotas: Quota, **rules: object) -> Cut:
    return draw_line(ranked(*groups), SelectionRules(quotas=quotas, **rules), tags=tags)  # type: ignore[arg-type]


def test_whoever_would_be_one_too_many_of_a_tag_is_passed_over_and_the_next_comes_in() -> None:
    tags = {"ash": ["Health"], "birch": ["health"], "cedar": ["health"], "elm": []}
    cut = drawn([["ash"], ["birch"], ["cedar"], ["elm"]], tags, Quota("health", most=2), places=3)
    assert cut.proposed == ("ash", "birch", "elm")
    assert (cut.of["cedar"].fate, cut.of["cedar"].quotas) == (Fate.QUOTA_FULL, ("health",))


def test_the_last_places_are_kept_for_a_tag_that_lacks_some() -> None:
    tags = {"elm": ["rural"], "fir": ["rural"]}
    cut = drawn([["ash"], ["birch"], ["cedar"], ["elm"], ["fir"]], tags, Quota("rural", least=2), places=3)
    assert cut.proposed == ("ash", "elm", "fir")
    assert [(cut.of[name].fate, cut.of[name].quotas) for name in ("birch", "cedar")] == [
        (Fate.PLACE_KEPT, ("rural",))
    ] * 2


def test_one_who_serves_two_tags_keeps_one_place_for_both() -> None:
    tags = {"elm": ["rural", "youth"]}
    quotas = (Quota("rural", least=1), Quota("youth", least=1))
    cut = drawn([["ash"], ["birch"], ["elm"]], tags, *quotas, places=2)
    assert cut.proposed == ("ash", "elm")


def test_no_place_is_kept_for_what_nobody_can_serve() -> None:
    cut = drawn([["ash"], ["birch"]], {}, Quota("rural", least=1), places=1)
    assert cut.proposed == ("ash",)
    assert off_quota(cut.proposed, (Quota("rural", least=1),), {}) == ((Quota("rural", least=1), 0),)


def test_equals_who_do_not_all_fit_a_quota_are_a_tie_that_waits_and_so_are_those_below() -> None:
    tags = {"ash": ["health"], "birch": ["health"], "elm": []}
    cut = drawn([["ash", "birch"], ["elm"]], tags, Quota("health", most=1), places=2)
    assert cut.fates == {"ash": Fate.TIED, "birch": Fate.TIED, "elm": Fate.WAITS}
    assert cut.settled_by is TieBreak.ORGANIZATION_DECIDES


def test_equals_of_whom_one_is_full_are_no_tie() -> None:
    tags = {"ash": ["health"], "birch": ["health"], "elm": []}
    cut = drawn([["ash"], ["birch", "elm"]], tags, Quota("health", most=1), places=2)
    assert cut.fates == {"ash": Fate.IN, "birch": Fate.QUOTA_FULL, "elm": Fate.IN}


def test_the_reserve_are_the_next_of_the_ranking_with_all_who_are_equal_at_its_end() -> None:
    groups = [["ash"], ["birch"], ["cedar", "elm"], ["fir"]]
    assert drawn(groups, {}, places=1, reserve=2).reserve == ("birch", "cedar", "elm")
    assert drawn(groups, {}, places=1, reserve=9).reserve == ("birch", "cedar", "elm", "fir")
    assert drawn(groups, {}, places=3, reserve=1).reserve == ()  # a tie waits
    assert drawn(groups, {}, places=1).reserve == ()


def test_whoever_was_passed_over_for_a_quota_comes_first_in_reserve() -> None:
    tags = {"ash": ["health"], "birch": ["health"]}
    cut = drawn([["ash"], ["birch"], ["elm"], ["fir"]], tags, Quota("health", most=1), places=2, reserve=1)
    assert cut.reserve == ("birch",)


NAMES = [f"n{number:02}" for number in range(10)]
TAGS = ["x", "y", "z"]
some_tags = st.fixed_dictionaries({name: st.lists(st.sampled_from(TAGS), unique=True, max_size=2) for name in NAMES})
one_tag = st.fixed_dictionaries({name: st.lists(st.sampled_from(TAGS), max_size=1) for name in NAMES})
quotas = st.lists(
    st.builds(
        lambda tag, least, more: Quota(tag, least, None if more is None else least + more),
        st.sampled_from(TAGS),
        st.integers(0, 3),
        st.none() | st.integers(0, 3),
    ),
    unique_by=lambda quota: quota.tag,
    max_size=3,
).map(tuple)
in_groups = st.lists(st.booleans(), min_size=9, max_size=9).map(
    lambda joined: [[NAMES[i] for i in range(10) if sum(not j for j in joined[:i]) == number] for number in range(10)]
)


@given(in_groups, some_tags, quotas, st.integers(1, 8), st.sampled_from(sorted(TieBreak)), st.booleans())
def test_no_quota_and_no_number_of_places_is_exceeded_unless_all_tied_pass(
    groups: list[list[str]],
    tags: Tags,
    wanted: tuple[Quota, ...],
    places: int,
    rule: TieBreak,
    greedy: bool,  # noqa: FBT001 (drawn by name of its strategy)
) -> None:
    count = CountRule.GREEDY if greedy else CountRule.CUT_LINE
    cut = drawn([g for g in groups if g], tags, *wanted, places=places, tie_break=rule, count=count)
    assert sorted(cut.fates) == NAMES
    if rule is TieBreak.ALL_TIED_PASS:
        return
    assert len(cut.proposed) <= places
    assert [q for q, number in off_quota(cut.proposed, wanted, tags) if q.most is not None and number > q.most] == []


@given(some_tags, quotas, st.integers(1, 8))
def test_nobody_below_comes_in_before_one_above_who_is_not_told_for_which_quota(
    tags: Tags, wanted: tuple[Quota, ...], places: int
) -> None:
    cut = drawn([[name] for name in NAMES], tags, *wanted, places=places)
    last = max((NAMES.index(name) for name in cut.proposed), default=-1)
    above = [cut.of[name] for name in NAMES[: last + 1] if name not in cut.proposed]
    assert [step for step in above if step.fate not in {Fate.QUOTA_FULL, Fate.PLACE_KEPT} or not step.quotas] == []


@given(one_tag, quotas, st.integers(1, 8))
def test_every_least_is_reached_where_it_can_be(tags: Tags, wanted: tuple[Quota, ...], places: int) -> None:
    cut = drawn([[name] for name in NAMES], tags, *wanted, places=places)
    able = {quota.tag: sum(quota.tag in own for own in tags.values()) for quota in wanted}
    if sum(min(quota.least, able[quota.tag]) for quota in wanted) <= places:
        short = [(q, n) for q, n in off_quota(cut.proposed, wanted, tags) if n < min(q.least, able[q.tag])]
        assert short == []


@given(in_groups, some_tags, st.integers(1, 8), st.sampled_from(sorted(TieBreak)))
def test_quotas_that_ask_for_nothing_change_nothing(
    groups: list[list[str]], tags: Tags, places: int, rule: TieBreak
) -> None:
    equal = [group for group in groups if group]
    idle = tuple(Quota(tag, 0, 10) for tag in TAGS)
    with_idle = drawn(equal, tags, *idle, places=places, tie_break=rule)
    without = drawn(equal, tags, places=places, tie_break=rule)
    assert [(s.candidate, s.places_left) for s in with_idle.steps] == [
        (s.candidate, s.places_left) for s in without.steps
    ]
    assert with_idle.proposed == without.proposed


def test_quotas_that_cannot_hold_are_faults() -> None:
    def codes(*wanted: Quota, **rules: object) -> list[str]:
        selection = SelectionRules(quotas=wanted, **rules)  # type: ignore[arg-type]
        found = rule_faults(CallRules(selection=selection))
        return [fault.code for fault in found if "quota" in fault.code or fault.code == "reserve"]

    assert codes(Quota("a", 1), places=2) == []
    assert codes(Quota("a", 3), places=2) == ["quota_bounds"]
    assert codes(Quota("a", 2, 1), places=2) == ["quota_bounds"]
    assert codes(Quota("a"), places=2) == ["quota_bounds"]
    assert codes(Quota("a", 1), budget=10) == ["quota_least_without_places"]
    assert codes(Quota(" ", 1), places=2) == ["quota_tag"]
    assert codes(Quota("a", 1), Quota("A", 1), places=2) == ["duplicate_quota"]
    assert codes(Quota("a", 1), places=2, count=CountRule.NONE) == ["quota_without_line"]
    assert codes(places=2, reserve=0) == ["reserve"]
