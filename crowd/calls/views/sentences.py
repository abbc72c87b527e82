"""The sentences of what calls refuse, and of what a draft still lacks."""

from typing import Any

from crowd.web.text import _l

SENTENCES: dict[str, Any] = {
    "alt_needed": _l("Say in words what the picture shows."),
    "picture_needed": _l("Choose a picture."),
    "picture_too_small": _l("“%(name)s” is too small: at least %(least)s pixels wide."),
    "call_incomplete": _l("Something is still missing: the list says what. Nothing was published."),
    "no_such_time": _l("This time does not exist: clocks go forward that night. Choose another."),
    "stage_over": _l("This stage is over. It cannot be opened again: what was counted stays as it is."),
    "stage_has_no_end": _l("This stage stays open; there is no end to move."),
    "stage_not_open": _l("This stage is not open now."),
    "stage_too_young": _l("This stage has only just opened."),
    "not_later": _l("Choose a moment after the present end."),
    "archive_running": _l("Only a call that is over can be archived: with results, ended or cancelled."),
    "late_over": _l("Nobody hands in late any more: judging has begun, or a list of candidates is frozen."),
    "late_until": _l("Choose a moment ahead, and not beyond the next vote, review or decision."),
    "way_in_revoked": _l("The organization took it back."),
    "way_in_ended": _l("Its last day is over."),
    "way_in_used_up": _l("As many people as it was made for have used it."),
    "unknown_stage": _l("This call has no such stage."),
    "notice_needed": _l(
        "Somebody is writing a proposal. Announce the early close first; 24 hours later you may close (drafts now: %(drafts)s)."
    ),
}

GAPS: dict[str, Any] = {
    # facts that every call states, as labels of the checklist
    "title": _l("Title"),
    "lead": _l("Lead"),
    "body": _l("What is asked and why"),
    "eligibility": _l("Who may take part"),
    "handed_in": _l("What is handed in"),
    "licence": _l("Licence of proposals"),
    "stages": _l("Stages with dates"),
    "decides": _l("Who decides, in words"),
    "reward": _l("Prize or credit"),
    "contact": _l("Contact"),
    "answer_days": _l("When people are answered"),
    # schedule
    "no_submission": _l("There is no stage for proposals"),
    "submission_not_first": _l("The stage for proposals must come first"),
    "no_results": _l("There is no stage for results"),
    "results_before_end": _l("Only follow-up may come after the results"),
    "no_end": _l("“%(stage)s” needs an end: only the last stage may stay open"),
    "too_short": _l("“%(stage)s” lasts less than a minute"),
    "out_of_order": _l("“%(stage)s” opens before the stage above it closes"),
    "duplicate_key": _l("Two stages are mixed up: remove one and add it again"),
    "submission_over": _l("The stage for proposals is already over"),
    "screening_unused": _l("There is a stage for screening, but proposals are not screened"),
    "stage_without_round": _l("“%(stage)s” has no round: add a vote or a jury for it"),
    "stage_shared": _l("“%(stage)s” has more than one round"),
    "round_after_decision": _l("“%(stage)s” comes after the decision"),
    # questions of the proposal form
    "field_label": _l("A question has no words yet (%(field)s)"),
    "field_choices": _l("“%(field)s” needs two choices or more, each once and without the sign |"),
    "field_bounds": _l("“%(field)s”: the least lies above the most"),
    "field_stage": _l("“%(field)s” names a stage that is gone"),
    "field_frozen_first": _l("“%(field)s” could no longer be changed before it is needed"),
    # rounds
    "round_title": _l("A round needs a title"),
    "duplicate_round": _l("Two rounds are mixed up: remove one and add it again"),
    "unknown_stage": _l("“%(round)s” is bound to a stage that is gone"),
    "wrong_stage": _l("“%(round)s” is bound to a stage of another kind"),
    "max_choices": _l("“%(round)s”: a ballot supports at least one proposal"),
    "no_criteria": _l("“%(round)s” needs criteria for its jury"),
    "duplicate_criterion": _l("“%(round)s”: two criteria are mixed up, remove one"),
    "criterion_weight": _l("“%(round)s”: every criterion weighs at least 1"),
    "criterion_levels": _l("“%(round)s”: every criterion needs at least two levels"),
    "min_reviews": _l("“%(round)s”: at least one review per proposal"),
    "unknown_source": _l("“%(round)s”: choose the earlier round that its proposals come from"),
    "source_not_earlier": _l("“%(round)s”: its proposals must come from an earlier round"),
    "best": _l("“%(round)s”: say how many of the best enter"),
    "no_gates": _l("“%(round)s”: add at least one gate"),
    "gate_round": _l("A gate names a round that is gone"),
    "gate_not_earlier": _l("“%(round)s”: a gate must look at an earlier round"),
    "gate_number": _l("A gate on “%(round)s” needs a number"),
    "gate_not_measured": _l("A gate on “%(round)s” asks for what that round does not measure"),
    # decision
    "no_components": _l("Give the rounds their weights, or choose without numbers"),
    "component_round": _l("A weight names a round that is gone"),
    "duplicate_component": _l("A round is weighted twice"),
    "component_weight": _l("A weight is at least 1"),
    "weights": _l("The weights of the rounds must sum to 100 (now %(value)s)"),
    "places": _l("There must be at least one place"),
    "budget": _l("The budget must be at least 1"),
    "no_limit": _l("Say how many places there are, or the budget"),
    "greedy_without_budget": _l("Filling the budget from the top needs a budget"),
    "budget_without_cost": _l("A budget needs proposals that state their cost (page “Taking part”)"),
}
