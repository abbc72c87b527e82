"""The nervous system on one page: which events have which readers, which jobs run, which pages and commands there are."""

from collections.abc import Callable
from functools import partial

from click import Command
from flask import Blueprint

from crowd.accounts import cli as accounts_cli
from crowd.accounts import forms as accounts_forms
from crowd.accounts import jobs as accounts_jobs
from crowd.accounts import models as accounts_models
from crowd.accounts import views as accounts_views
from crowd.admin import cli as admin_cli
from crowd.admin import views as admin_views
from crowd.amendments import forms as amendments_forms
from crowd.amendments import handlers as amendments_handlers
from crowd.amendments import jobs as amendments_jobs
from crowd.amendments import models as amendments_models
from crowd.amendments import views as amendments_views
from crowd.api.cli import imports
from crowd.awards import forms as awards_forms
from crowd.awards import models as awards_models
from crowd.awards import views as awards_views
from crowd.calls import handlers as calls_handlers
from crowd.calls import models as calls_models
from crowd.calls import views as calls_views
from crowd.conversation import forms as conversation_forms
from crowd.conversation import models as conversation_models
from crowd.conversation import views as conversation_views
from crowd.core.events import EventKind
from crowd.core.notices import BY_EVENT
from crowd.credentials import cli as credentials_cli
from crowd.credentials import models as credentials_models
from crowd.credentials import views as credentials_views
from crowd.demo.cli import demo
from crowd.desk import forms as desk_forms
from crowd.desk import models as desk_models
from crowd.desk import views as desk_views
from crowd.followups import forms as followups_forms
from crowd.followups import models as followups_models
from crowd.followups import views as followups_views
from crowd.mailing import models as mailing_models
from crowd.mailing import views as mailing_views
from crowd.mailing.jobs import send_due
from crowd.messages import forms as messages_forms
from crowd.messages import jobs as messages_jobs
from crowd.messages import models as messages_models
from crowd.messages import views as messages_views
from crowd.moderation import forms as moderation_forms
from crowd.moderation import models as moderation_models
from crowd.moderation import views as moderation_views
from crowd.notifications import handlers
from crowd.notifications import jobs as notifications_jobs
from crowd.notifications import models as notifications_models
from crowd.notifications import views as notifications_views
from crowd.objections import forms as objections_forms
from crowd.objections import jobs as objections_jobs
from crowd.objections import models as objections_models
from crowd.objections import views as objections_views
from crowd.organizations import forms as organizations_forms
from crowd.organizations import models as organizations_models
from crowd.organizations import views as organizations_views
from crowd.pages import views as pages_views
from crowd.privacy import forms as privacy_forms
from crowd.privacy import handlers as privacy_handlers
from crowd.privacy import jobs as privacy_jobs
from crowd.privacy import models as privacy_models
from crowd.privacy import views as privacy_views
from crowd.privacy.cli import erase
from crowd.proposals import handlers as proposals_handlers
from crowd.proposals import jobs as proposals_jobs
from crowd.proposals import models as proposals_models
from crowd.proposals import views as proposals_views
from crowd.proposals.cli import similar
from crowd.rehearsals import views as rehearsals_views
from crowd.reviews import forms as reviews_forms
from crowd.reviews import handlers as reviews_handlers
from crowd.reviews import models as reviews_models
from crowd.reviews import views as reviews_views
from crowd.reviews.cli import assign_file, calibrate_file
from crowd.rounds import jobs as rounds_jobs
from crowd.rounds import models as rounds_models
from crowd.selection import forms as selection_forms
from crowd.selection import models as selection_models
from crowd.selection import views as selection_views
from crowd.serve import jobs, serve
from crowd.store import models as store_models
from crowd.store.db import measure_file
from crowd.store.events import Subscriber, deliver_pending
from crowd.store.jobs import Job
from crowd.voting import forms as voting_forms
from crowd.voting import jobs as voting_jobs
from crowd.voting import models as voting_models
from crowd.voting import views as voting_views
from crowd.voting.cli import tally_file, verify_bundle
from crowd.web import styleguide

TABLES = (
    store_models,
    accounts_models,
    organizations_models,
    credentials_models,
    calls_models,
    proposals_models,
    rounds_models,
    voting_models,
    reviews_models,
    selection_models,
    awards_models,
    followups_models,
    amendments_models,
    conversation_models,
    moderation_models,
    mailing_models,
    notifications_models,
    desk_models,
    messages_models,
    objections_models,
    privacy_models,
)

SUBSCRIBERS: dict[EventKind, tuple[Subscriber, ...]] = {
    **dict.fromkeys(BY_EVENT, (handlers.notify,)),
    EventKind.COMMENT_HIDDEN: (handlers.withdraw, handlers.notify),
    EventKind.COMMENT_DELETED: (handlers.withdraw,),
    EventKind.COMMENT_RESTORED: (handlers.show_again, handlers.notify),
    EventKind.PROPOSAL_HIDDEN: (handlers.withdraw_proposal, handlers.notify),
    EventKind.PROPOSAL_UNHIDDEN: (handlers.show_proposal_again, handlers.notify),
    EventKind.ACCOUNT_VERIFIED: (proposals_handlers.adopt_waiting_invitations, calls_handlers.adopt_guest),
    EventKind.ACCOUNT_ADDRESS_CHANGED: (proposals_handlers.adopt_waiting_invitations, calls_handlers.adopt_guest),
    EventKind.PROPOSAL_SUBMITTED: (
        handlers.notify,
        amendments_handlers.ask_newcomers,
        proposals_handlers.note_new_text,
    ),
    EventKind.PROPOSAL_CORRECTED: (handlers.notify, proposals_handlers.note_new_text),
    EventKind.PROPOSAL_EDITED: (proposals_handlers.note_new_text,),
    EventKind.CONFLICT_DECLARED: (handlers.withdraw_from_recused,),
    EventKind.MEMBER_JOINED: (reviews_handlers.look_for_ties_of_member,),
}
for _kind in (
    EventKind.ROUND_OPENED,
    EventKind.ROUND_CANDIDATE_ADDED,
    EventKind.ROUND_COUNTED,
    EventKind.JUROR_INVITED,
    EventKind.JUROR_ACCEPTED,
    EventKind.TEAM_INVITED,
    EventKind.TEAM_ACCEPTED,
    EventKind.TEAM_LEAD_CHANGED,
    EventKind.JOIN_ASKED,
    EventKind.COMMENT_POSTED,
):
    SUBSCRIBERS[_kind] = (*SUBSCRIBERS.get(_kind, ()), reviews_handlers.look_for_ties)

for _kind in (
    EventKind.REVIEW_RECUSED,
    EventKind.REVIEW_UNASSIGNED,
    EventKind.JUROR_REMOVED,
    EventKind.JUROR_DECLINED,
):
    SUBSCRIBERS[_kind] = (*SUBSCRIBERS.get(_kind, ()), reviews_handlers.open_what_waits_for_nobody)


AFTER_SIGN_IN: tuple[Callable[[], None], ...] = (
    proposals_handlers.claim_what_was_begun,
    privacy_handlers.say_that_it_waits,
)
"""What a browser began before it was signed in becomes the person's; who asked to be erased is asked again."""


def deliver_events() -> int:
    return deliver_pending(SUBSCRIBERS)


JOBS: tuple[Job, ...] = (
    Job("open_due_rounds", rounds_jobs.open_due_rounds),
    Job("add_ideas_to_votes", rounds_jobs.add_ideas_to_votes),
    Job("strike_left_candidates", rounds_jobs.strike_left_candidates),
    Job("settle_amendments", amendments_jobs.settle_amendments),
    Job("announce", notifications_jobs.announce),
    Job("seal_ledgers", voting_jobs.seal_ledgers),
    Job("settle_results", objections_jobs.settle_results),
    Job("count_due_rounds", voting_jobs.count_due_rounds),
    Job("write_bundles", voting_jobs.write_bundles),
    Job("snapshot_open_counts", voting_jobs.snapshot_open_counts),
    Job("mail_due_claims", proposals_jobs.mail_due_claims),
    Job("forget_visitor_drafts", proposals_jobs.forget_visitor_drafts, every=60),
    Job("fold_proposal_counts", proposals_jobs.fold_proposal_counts),
    Job("forget_sessions", accounts_jobs.forget_sessions, every=60),
    Job("erase_due", privacy_jobs.erase_due),
    Job("write_digests", notifications_jobs.write_digests),
    Job("send_messages", messages_jobs.send_messages),
    Job("deliver_events", deliver_events, on_commit=True),
    Job("send_mails", send_due, on_commit=True),
    Job("find_not_understood", proposals_jobs.find_not_understood, every=10),
    Job(
        "remove_orphaned_files", partial(proposals_jobs.remove_orphaned_files, (voting_models.Tally.bundle,)), every=30
    ),
    Job("measure_file", measure_file, every=60),
    Job("understand_changed", proposals_jobs.understand_changed, on_commit=True),
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    admin_views.bp,
    organizations_views.bp,
    mailing_views.bp,
    accounts_views.bp,
    credentials_views.bp,
    calls_views.bp,
    amendments_views.bp,
    conversation_views.bp,
    moderation_views.bp,
    proposals_views.bp,
    selection_views.bp,
    objections_views.bp,
    awards_views.bp,
    followups_views.bp,
    notifications_views.bp,
    voting_views.bp,
    voting_views.rounds_bp,
    desk_views.bp,
    messages_views.bp,
    privacy_views.bp,
    pages_views.bp,
    reviews_views.bp,
    rehearsals_views.bp,
    styleguide.bp,
)

COMMANDS: tuple[Command, ...] = (
    serve,
    jobs,
    demo,
    accounts_cli.users,
    erase,
    admin_cli.doctor,
    credentials_cli.issuers,
    imports,
    similar,
    assign_file,
    calibrate_file,
    tally_file,
    verify_bundle,
)

SENTENCES: tuple[dict[str, object], ...] = (
    organizations_forms.SENTENCES,
    calls_views.SENTENCES,
    amendments_forms.SENTENCES,
    rehearsals_views.SENTENCES,
    accounts_forms.SENTENCES,
    conversation_forms.SENTENCES,
    moderation_forms.SENTENCES,
    proposals_views.SENTENCES,
    selection_forms.SENTENCES,
    awards_forms.SENTENCES,
    followups_forms.SENTENCES,
    reviews_forms.SENTENCES,
    voting_forms.SENTENCES,
    desk_forms.SENTENCES,
    messages_forms.SENTENCES,
    privacy_forms.SENTENCES,
    objections_forms.SENTENCES,
)
