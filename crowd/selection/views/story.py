"""The results told in words: sentences, bars and sums for the page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from crowd.core.credit import percent_text
from crowd.core.exact import exact
from crowd.core.objections import window_of
from crowd.core.rules import CountRule, ResultsPublicity, RoundKind
from crowd.core.selection import Part
from crowd.selection.models import Credit
from crowd.selection.queries.results import Line, Results
from crowd.selection.views.certificates import is_of_comment
from crowd.selection.views.table import PartCell, part_cell
from crowd.selection.views.words import (
    MISSING_WORDS,
    SCORES_WORDS,
    TIE_BREAK_WORDS,
    failed_text,
    fate_words,
    kind_words,
    percent,
    quotas_words,
)
from crowd.web.text import _, in_digits, ngettext
from crowd.web.times import absolute
from crowd.web.words import COUNT_RULES, credited_name, role_names


@dataclass(frozen=True)
class StoryLine:
    """One proposal as the page draws it."""

    line: Line
    url: str | None
    total: str
    parts: Sequence[PartCell]
    gates: Sequence[str]
    tied: bool
    credits: Sequence[Mapping[str, Any]]
    certificates: bool
    passed: str = ""  # for which quota it was passed over


@dataclass(frozen=True)
class Bar:
    """One bar of the chart; the table beside it is the truth."""

    label: str
    value: int
    text: str
    url: str | None
    marked: bool
    tied: bool


@dataclass(frozen=True)
class Step:
    title: str
    text: str
    weight: str | None


def story_lines(results: Results) -> list[StoryLine]:
    titles, passed = titles_of(results), _passed_over(results)
    ranks = [line.rank for line in results.lines if line.rank is not None]
    return [
        StoryLine(
            line=line,
            url=url_for("pages.proposal", public_id=line.id) if line.linked else None,
            total=percent(exact(line.score)) if line.score else "",
            parts=[_part(part, titles) for part in line.components],
            gates=[
                failed_text(f["gate"], f["least"], exact(f["value"]) if f["value"] is not None else None)
                for f in line.failed
            ],
            tied=line.rank is not None and ranks.count(line.rank) > 1,
            credits=[_credit(credit) for credit in results.credits.get(line.id, ())],
            certificates=line.outcome == "selected",
            passed=passed.get(line.id, "") if line.full else "",
        )
        for line in results.lines
    ]


def _passed_over(results: Results) -> dict[str, str]:
    rules = results.facts.rules.selection
    passed = results.record["line"].get("passed_over", ())
    return {entry["proposal"]: fate_words(entry["why"], entry["quotas"], rules) for entry in passed}


def titles_of(results: Results) -> dict[str, str]:
    return {entry["key"]: entry["title"] or kind_words(RoundKind(entry["kind"])) for entry in results.record["rounds"]}


def _part(data: Mapping[str, Any], titles: Mapping[str, str]) -> PartCell:
    """The stored component as the decision room draws it: same words, same sum."""
    part = Part(
        round=data["round"],
        weight=data["weight"],
        value=exact(data["value"]) if data["value"] is not None else None,
        missing=next((missing for missing in MISSING_WORDS if missing == data["missing"]), None),  # type: ignore[arg-type]
        beaten=data["beaten"],
        tied=data["tied"],
        others=data["others"],
        share=exact(data["share"]) if data["share"] is not None else None,
        contribution=exact(data["contribution"]) if data["contribution"] is not None else None,
        raw=exact(data["raw"]) if data.get("raw") is not None else None,
        error=exact(data["standard_error"]) if data.get("standard_error") is not None else None,
    )
    return part_cell(part, titles)


def _credit(credit: Credit) -> dict[str, Any]:
    return {
        "name": credited_name(credit.name),
        "url": url_for("selection.certificate", code=credit.code),
        "role": _part_of(credit),
    }


def _part_of(credit: Credit) -> str:
    if is_of_comment(credit):
        return ", ".join(role_names(credit.roles))
    return _("%(share)s %%", share=in_digits(percent_text(credit.share)))


def opening(results: Results) -> list[str]:
    """The numbers in words: the first paragraph of the story."""
    return list(_sentences(results))


def _sentences(results: Results) -> Iterator[str]:
    counts, rules = results.counts, results.facts.rules
    handed_in = results.total
    yield ngettext("%(num)s proposal was handed in.", "%(num)s proposals were handed in.", handed_in)
    if results.ballots:
        yield ngettext("%(num)s person voted.", "%(num)s people voted.", results.ballots)
    reviewers = sum(entry.get("reviewers", 0) for entry in results.record["rounds"])
    if reviewers:
        yield ngettext("%(num)s reviewer read and scored.", "%(num)s reviewers read and scored.", reviewers)
    if counts["undecided"] < handed_in:
        yield ngettext("%(num)s was selected.", "%(num)s were selected.", counts["selected"])
        if counts["declined"]:
            yield ngettext(
                "%(num)s more was selected and declined by its authors.",
                "%(num)s more were selected and declined by their authors.",
                counts["declined"],
            )
        if counts["reserve"]:
            yield ngettext("%(num)s stands in reserve.", "%(num)s stand in reserve.", counts["reserve"])
        yield ngettext("%(num)s was not selected.", "%(num)s were not selected.", counts["not_selected"])
    if counts["merged"]:
        yield ngettext("%(num)s was merged into another.", "%(num)s were merged into others.", counts["merged"])
    if rules.selection.count is CountRule.NONE and not results.call.imported_from:
        yield _("The organization chose, with a reason for each.")


def how_counted(results: Results) -> list[Step]:
    """The steps from rounds to result."""
    rule = results.record["rule"]
    weights = {component["round"]: component["weight"] for component in rule["components"]}
    titles = titles_of(results)
    steps = [
        Step(
            titles[entry["key"]],
            _round_words(entry),
            _("%(weight)s %%", weight=weights[entry["key"]]) if entry["key"] in weights else None,
        )
        for entry in results.record["rounds"]
    ]
    return [*steps, Step(_("Together"), _together(results, rule), None)]


def _round_words(entry: Mapping[str, Any]) -> str:
    candidates = len(entry["candidates"])
    stood = ngettext("%(num)s proposal stood.", "%(num)s proposals stood.", candidates)
    if entry["kind"] == RoundKind.REVIEW:
        return f"{stood} {SCORES_WORDS[entry.get('scores')]}"
    ballots = entry["ballots"]
    counted = ngettext("%(num)s ballot was counted.", "%(num)s ballots were counted.", ballots) if ballots else ""
    left = len(entry["without"])
    struck = (
        ngettext(
            "%(num)s left during the vote; the count runs without it.",
            "%(num)s left during the vote; the count runs without them.",
            left,
        )
        if left
        else ""
    )
    return " ".join(part for part in (stood, counted, struck) if part)


def _together(results: Results, rule: Mapping[str, Any]) -> str:
    rules = results.facts.rules
    words = [str(COUNT_RULES[rules.selection.count])] if rules.selection.count in COUNT_RULES else []
    if rules.selection.count is CountRule.NONE and results.call.imported_from:
        words = [_("Nobody was chosen here: the rule by which it was decided elsewhere is not applied.")]
    if rule["components"] and rules.selection.count is not CountRule.ELECTED:
        words.insert(
            0,
            _(
                "In each part a proposal gets the share of the other proposals it beats, ties counting half; the parts are "
                "weighted and added as exact fractions."
            ),
        )
    words += quotas_words(rules.selection)
    return ". ".join(word.rstrip(".") for word in words) + "."


def tie_words(results: Results) -> str | None:
    """What settled a tie across the line."""
    line = results.record["line"]
    if not line["straddling"]:
        return None
    settled = next((words for rule, words in TIE_BREAK_WORDS.items() if rule == line["settled_by"]), "")
    count = len(line["straddling"])
    return _("%(count)s proposals were equal where the places or the budget end.", count=count) + f" {settled}"


def next_words(results: Results, now: datetime) -> list[str]:
    """What happens after the results."""
    rules, words = results.facts.rules, []
    window = window_of(results.facts.schedule, results.call.results_published_at)
    if window and window.closes_at > now:
        until = absolute(window.closes_at, rules.time_zone)
        words.append(_("Objections are heard until %(when)s.", when=until))
    gets = (rules.prize or rules.credit).rstrip(".")
    if gets and results.counts.get("selected"):
        words.append(_("The selected get: %(prize)s.", prize=gets))
    if results.counts.get("reserve"):
        words.append(_("Who stands in reserve moves up if a selected proposal falls out."))
    if rules.contact:
        words.append(_("Questions are answered at %(contact)s.", contact=rules.contact))
    return words


def recusal_words(results: Results) -> list[str]:
    """`2 of 7 reviewers stepped back on 3 proposals.`"""
    return [
        ngettext(
            "%(recused)s of %(reviewers)s reviewers stepped back from %(num)s proposal because of a conflict of interest.",
            "%(recused)s of %(reviewers)s reviewers stepped back from %(num)s proposals because of a conflict of interest.",
            entry["recused_on"],
            recused=entry["recused"],
            reviewers=entry["reviewers"],
        )
        for entry in results.record["rounds"]
        if entry.get("recused")
    ]


def votes_stand_apart(lines: Sequence[StoryLine]) -> bool:
    """Whether votes tell more than the parts of the total do."""
    return any(
        each.line.votes is not None and str(each.line.votes) not in {part.value for part in each.parts}
        for each in lines
    )


def chart_bars(lines: Sequence[StoryLine], most: int = 20) -> list[Bar]:
    """The best totals as bars, of those whose numbers this person sees."""
    shown = [each for each in lines if each.line.score is not None and each.line.rank is not None]
    return [
        Bar(
            each.line.title,
            round(exact(each.line.score or "0") * 1000),
            each.total,
            each.url,
            each.line.outcome == "selected",
            each.tied,
        )
        for each in shown[:most]
    ]


def publicity_words(results: Results) -> str | None:
    """What is not listed, and why."""
    match results.facts.rules.results_publicity:
        case ResultsPublicity.TITLE_AND_RANK:
            return _("By its rules this call shows of the proposals that were not selected the title and the rank.")
        case ResultsPublicity.NUMBERS:
            return ngettext(
                "By its rules this call does not list what was not selected: %(num)s proposal is counted only.",
                "By its rules this call does not list what was not selected: %(num)s proposals are counted only.",
                results.unlisted,
            )
        case ResultsPublicity.EVERYTHING:
            return None
