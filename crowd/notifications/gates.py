"""Where a notice leads: the page with the next act, the same in the product and in the mail."""

from crowd.calls.models import Call
from crowd.proposals.models import Proposal

PROPOSAL, CALL = "/proposals/{proposal}", "/calls/{call}"
PATHS: dict[str, str] = {
    "proposal_received": PROPOSAL,
    "correction_asked": f"{PROPOSAL}/edit",
    "correction_due": f"{PROPOSAL}/edit",
    "correction_overdue": PROPOSAL,
    "found_eligible": PROPOSAL,
    "found_ineligible": PROPOSAL,
    "advanced": PROPOSAL,
    "left_out": PROPOSAL,
    "merged": PROPOSAL,
    "merge_undone": PROPOSAL,
    "deadline_near": CALL,
    "schedule_shifted": CALL,
    "objection_ends": CALL,
    "call_amended": f"{CALL}/amendments",
    "consent_asked": f"{CALL}/amendments",
    "consent_due": f"{CALL}/amendments",
    "amendment_ended": f"{CALL}/amendments",
    "team_invitation": "/team/my-{proposal}",
    "team_answer": f"{PROPOSAL}/team",
    "join_asked": f"{PROPOSAL}/team",
    "join_declined": PROPOSAL,
    "team_question": f"{PROPOSAL}/team",
    "team_changed": f"{PROPOSAL}/team",
    "team_left": CALL,
    "voting_opens": f"{CALL}/vote",
    "voting_closes": f"{CALL}/vote",
    "candidate_added": f"{CALL}/vote",
    "votes_moved": f"{CALL}/vote",
    "review_assigned": f"{CALL}/reviews",
    "review_due": f"{CALL}/reviews",
    "review_overdue": f"{CALL}/reviews",
    "panel_remark": f"{CALL}/reviews",
    "chair_needed": f"{CALL}/decisions/chair",
    "outcome": PROPOSAL,
    "outcome_corrected": PROPOSAL,
    "objection_filed": f"{CALL}/objections",
    "objection_to_mine": f"{CALL}/objections",
    "objection_answered": f"{CALL}/objections",
    "results_final": f"{CALL}/results",
    "selection_declined": PROPOSAL,
    "selection_taken_up": PROPOSAL,
    "moved_up": PROPOSAL,
    "place_free": f"{CALL}/results/places",
    "credit_issued": "/profile",
    "credit_corrected": "/profile",
    "endorsed": "/profile",
    "comment_credited": "{place}/comments",
    "award_given": "/awards",
    "award_paid": "/awards",
    "award_answer": f"{CALL}/awards",
    "followed_up": PROPOSAL,
    "results_published": f"{CALL}/results",
    "answer_to_mine": "{place}/comments",
    "comment_on_mine": "{place}/comments",
    "proposal_hidden": PROPOSAL,
    "shown_again": "{place}",
    "report_decided": "{place}",
    "reported": f"{CALL}/reports",
    "comment_hidden": "{place}/comments",
    "correction_made": f"{CALL}/screening",
    "comment_to_organization": "{place}/comments",
    "message": CALL,
    "colleague_assigned": f"{CALL}/desk/proposals?colleague=me",
    "juror_answer": f"{CALL}/reviews",
}


def path_of(kind: str, call: Call | None, proposal: Proposal | None) -> str:
    """The path of a kind's page; `{place}` is the proposal, or else the call, that a comment stands on."""
    names = {"call": call.public_id if call else "", "proposal": proposal.public_id if proposal else ""}
    place = (PROPOSAL if proposal else CALL).format(**names)
    return PATHS[kind].format(**names, place=place)
