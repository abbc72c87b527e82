"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

HANDED_IN = {
    "ix_proposals_call_status_number": ["call_id", "status", "number"],
    "ix_proposals_call_submitted": ["call_id", "submitted_at", "id"],
    "ix_proposals_call_title": ["call_id", "title_key", "id"],
    "ix_proposals_call_cost": ["call_id", "cost_key", "id"],
    "ix_proposals_call_supports": ["call_id", "supports", "id"],
    "ix_proposals_status_submitted": ["call_id", "status", "submitted_at", "id"],
    "ix_proposals_status_title": ["call_id", "status", "title_key", "id"],
    "ix_proposals_status_cost": ["call_id", "status", "cost_key", "id"],
    "ix_proposals_status_supports": ["call_id", "status", "supports", "id"],
    "ix_proposals_call_files": ["call_id", "files_count"],
    "ix_proposals_call_due": ["call_id", "correction_due"],
}
"""Indexes of proposals that were handed in."""


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=300), nullable=False),
        sa.Column("email_folded", sa.String(length=300), nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("bio", sa.Text(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("orcid", sa.String(length=19), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("rehearsal_id", sa.Integer(), nullable=True),
        sa.Column("profile_public", sa.Boolean(), nullable=False),
        sa.Column("picture_key", sa.String(length=32), nullable=True),
        sa.Column("picture_small_key", sa.String(length=32), nullable=True),
        sa.Column("picture_type", sa.String(length=40), nullable=True),
        sa.Column("unsubscribe_key", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(picture_key IS NULL) = (picture_small_key IS NULL) AND (picture_key IS NULL) = (picture_type IS NULL)",
            name=op.f("ck_accounts_picture_whole"),
        ),
        sa.CheckConstraint(
            "erased_at IS NULL OR (email = '' AND name = '' AND password_hash IS NULL)",
            name=op.f("ck_accounts_nothing_kept"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email_folded", name=op.f("uq_accounts_email_folded")),
        sa.UniqueConstraint("public_id", name=op.f("uq_accounts_public_id")),
    )
    op.create_index(op.f("ix_accounts_rehearsal_id"), "accounts", ["rehearsal_id"], unique=False)
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index(op.f("ix_attempts_at"), "attempts", ["at"], unique=False)
    op.create_index("ix_attempts_key_at", "attempts", ["key", "at"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "account:signed_up",
                "account:verified",
                "account:password_changed",
                "account:new_device",
                "account:secured",
                "account:address_changed",
                "account:address_restored",
                "account:blocked",
                "account:unblocked",
                "account:data_exported",
                "account:erasure_asked",
                "account:erasure_undone",
                "account:erased",
                "legal_text:published",
                "organization:requested",
                "organization:approved",
                "organization:refused",
                "organization:edited",
                "member:invited",
                "member:joined",
                "member:role_changed",
                "member:removed",
                "call:created",
                "call:cover_changed",
                "call:published",
                "call:paused",
                "call:resumed",
                "call:extended",
                "call:closed_early",
                "call:closing_announced",
                "call:cancelled",
                "call:ended",
                "proposal:created",
                "proposal:entered",
                "proposal:claimed",
                "proposal:submitted",
                "proposal:edited",
                "proposal:withdrawn",
                "proposal:correction_asked",
                "proposal:corrected",
                "proposal:found_eligible",
                "proposal:found_ineligible",
                "proposal:screening_undone",
                "proposal:advanced",
                "proposal:left_out",
                "proposal:disqualified",
                "proposal:hidden",
                "proposal:unhidden",
                "report:made",
                "report:decided",
                "team:invited",
                "team:accepted",
                "team:declined",
                "team:removed",
                "round:opened",
                "round:candidate_added",
                "round:counted",
                "ballot:cast",
                "ballot:changed",
                "ballot:withdrawn",
                "juror:invited",
                "juror:accepted",
                "juror:declined",
                "juror:removed",
                "juror:reminded",
                "conflict:declared",
                "review:assigned",
                "review:unassigned",
                "review:submitted",
                "review:recused",
                "verdict:set",
                "verdict:confirmed",
                "results:published",
                "outcome:published",
                "outcome:corrected",
                "credit:issued",
                "credit:corrected",
                "comment:posted",
                "comment:edited",
                "comment:deleted",
                "comment:hidden",
                "comment:restored",
                "stage:opened",
                "deadline:near",
                "review:due",
                "review:overdue",
                "consent:due",
                "correction:due",
                "correction:overdue",
                "voting:closes",
                "objection:ends",
                name="eventkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("call_id", sa.Integer(), nullable=True),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=32), nullable=True),
        sa.Column("target", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("once_key", sa.String(length=120), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("once_key", name=op.f("uq_events_once_key")),
    )
    op.create_index(op.f("ix_events_actor_id"), "events", ["actor_id"], unique=False)
    op.create_index("ix_events_call_id_id", "events", ["call_id", "id"], unique=False)
    op.create_index(op.f("ix_events_organization_id"), "events", ["organization_id"], unique=False)
    op.create_index("ix_events_pending", "events", ["delivered_at", "id"], unique=False)
    op.create_index(op.f("ix_events_proposal_id"), "events", ["proposal_id"], unique=False)
    op.create_table(
        "job_runs",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_runs")),
    )
    op.create_table(
        "kept_forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=16), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_forms")),
        sa.UniqueConstraint("token", name=op.f("uq_kept_forms_token")),
    )
    op.create_index(op.f("ix_kept_forms_kept_at"), "kept_forms", ["kept_at"], unique=False)
    op.create_table(
        "search_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(length=20), nullable=False),
        sa.Column("noun_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_documents")),
        sa.UniqueConstraint("noun", "noun_id", name="uq_search_documents_noun"),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("subscriber", sa.String(length=100), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_deliveries_event_id_events"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("event_id", "subscriber", name="uq_deliveries_event_subscriber"),
    )
    op.create_table(
        "legal_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum("terms", "privacy", name="legalkind", native_enum=False, length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body_en", sa.Text(), nullable=False),
        sa.Column("body_es", sa.Text(), nullable=False),
        sa.Column("is_built_in", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("version > 0", name=op.f("ck_legal_texts_version_positive")),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["accounts.id"],
            name=op.f("fk_legal_texts_published_by_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_texts")),
        sa.UniqueConstraint("kind", "version", name="uq_legal_texts_kind_version"),
    )
    op.create_index(op.f("ix_legal_texts_published_by_id"), "legal_texts", ["published_by_id"], unique=False)
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("withdraw_comments", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(confirmed_at IS NULL) = (due_at IS NULL)", name=op.f("ck_erasures_due_when_confirmed")),
        sa.CheckConstraint("done_at IS NULL OR confirmed_at IS NOT NULL", name=op.f("ck_erasures_confirmed_when_done")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_erasures_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_erasures_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("account_id", name=op.f("uq_erasures_account_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_erasures_token_hash")),
    )
    op.create_index(op.f("ix_erasures_by_id"), "erasures", ["by_id"], unique=False)
    op.create_index("ix_erasures_due", "erasures", ["done_at", "due_at"], unique=False)
    op.create_table(
        "mailed_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "verify",
                "sign_in",
                "reset",
                "not_me",
                "new_address",
                "old_address",
                name="linkpurpose",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("next_path", sa.String(length=300), nullable=False),
        sa.Column("email", sa.String(length=300), nullable=False),
        sa.Column("email_folded", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_mailed_links_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailed_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_mailed_links_token_hash")),
    )
    op.create_index(op.f("ix_mailed_links_account_id"), "mailed_links", ["account_id"], unique=False)
    op.create_index(op.f("ix_mailed_links_email_folded"), "mailed_links", ["email_folded"], unique=False)
    op.create_table(
        "browser_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("device_hash", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=40), nullable=False),
        sa.Column("system", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_browser_sessions_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_browser_sessions")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_browser_sessions_key_hash")),
        sa.UniqueConstraint("public_id", name=op.f("uq_browser_sessions_public_id")),
    )
    op.create_index("ix_browser_sessions_account_ended", "browser_sessions", ["account_id", "ended_at"], unique=False)
    op.create_index(op.f("ix_browser_sessions_used_at"), "browser_sessions", ["used_at"], unique=False)
    op.create_table(
        "organizations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("contact", sa.String(length=300), nullable=False),
        sa.Column("accent", sa.String(length=7), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column(
            "status",
            sa.Enum("requested", "approved", "refused", name="organizationstatus", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status = 'requested' OR decided_at IS NOT NULL", name=op.f("ck_organizations_decided_when_not_requested")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["accounts.id"],
            name=op.f("fk_organizations_decided_by_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"],
            ["accounts.id"],
            name=op.f("fk_organizations_requested_by_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_organizations_public_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_organizations_slug")),
    )
    op.create_index(op.f("ix_organizations_decided_by_id"), "organizations", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_organizations_requested_by_id"), "organizations", ["requested_by_id"], unique=False)
    op.create_index(op.f("ix_organizations_status"), "organizations", ["status"], unique=False)
    op.create_table(
        "preferences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("off", "product", "at_once", "daily", "weekly", name="channel", native_enum=False, length=32),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_preferences_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preferences")),
        sa.UniqueConstraint("account_id", "kind", name="uq_preferences_account_kind"),
    )
    op.create_index("ix_preferences_kind_channel", "preferences", ["kind", "channel"], unique=False)
    op.create_table(
        "acceptances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("legal_text_id", sa.Integer(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_acceptances_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["legal_text_id"],
            ["legal_texts.id"],
            name=op.f("fk_acceptances_legal_text_id_legal_texts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptances")),
    )
    op.create_index("ix_acceptances_account_text", "acceptances", ["account_id", "legal_text_id"], unique=True)
    op.create_index(op.f("ix_acceptances_legal_text_id"), "acceptances", ["legal_text_id"], unique=False)
    op.create_table(
        "calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "draft", "published", "paused", "cancelled", "ended", name="callstatus", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=True),
        sa.Column("rules_sha256", sa.String(length=64), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum("public", "unlisted", "members", name="audience", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "publicity",
            sa.Enum(
                "at_once",
                "after_submission",
                "shortlisted",
                "after_results",
                "never",
                name="publicity",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "results_publicity",
            sa.Enum("everything", "title_and_rank", "numbers", name="resultspublicity", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("submission_closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_change_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closing_announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.Column("results_published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("free_places", sa.Integer(), nullable=False),
        sa.Column("amending_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("list_frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cover", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("is_rehearsal", sa.Boolean(), nullable=False),
        sa.Column("rehearsal_of_id", sa.Integer(), nullable=True),
        sa.Column("imported_from", sa.String(length=300), nullable=False),
        sa.Column("proposals_count", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(status = 'draft') = (rules IS NULL)", name=op.f("ck_calls_rules_when_published")),
        sa.CheckConstraint(
            "(status = 'paused') = (paused_at IS NOT NULL)", name=op.f("ck_calls_paused_at_when_paused")
        ),
        sa.CheckConstraint("(rules IS NULL) = (rules_sha256 IS NULL)", name=op.f("ck_calls_fingerprint_with_rules")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["accounts.id"], name=op.f("fk_calls_created_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_calls_organization_id_organizations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["accounts.id"], name=op.f("fk_calls_published_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["rehearsal_of_id"], ["calls.id"], name=op.f("fk_calls_rehearsal_of_id_calls"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
        sa.UniqueConstraint("public_id", name=op.f("uq_calls_public_id")),
    )
    op.create_index(op.f("ix_calls_created_by_id"), "calls", ["created_by_id"], unique=False)
    op.create_index(op.f("ix_calls_next_change_at"), "calls", ["next_change_at"], unique=False)
    op.create_index("ix_calls_organization_status", "calls", ["organization_id", "status"], unique=False)
    op.create_index(op.f("ix_calls_published_at"), "calls", ["published_at"], unique=False)
    op.create_index(op.f("ix_calls_published_by_id"), "calls", ["published_by_id"], unique=False)
    op.create_index(op.f("ix_calls_rehearsal_of_id"), "calls", ["rehearsal_of_id"], unique=False)
    op.create_index(op.f("ix_calls_results_published_at"), "calls", ["results_published_at"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("owner", "manager", "moderator", "member", name="organizationrole", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_memberships_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_memberships_organization_id_organizations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("organization_id", "account_id", name="uq_memberships_organization_account"),
    )
    op.create_index(op.f("ix_memberships_account_id"), "memberships", ["account_id"], unique=False)
    op.create_table(
        "organization_invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=300), nullable=False),
        sa.Column(
            "role",
            sa.Enum("owner", "manager", "moderator", "member", name="organizationrole", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["invited_by_id"],
            ["accounts.id"],
            name=op.f("fk_organization_invitations_invited_by_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_organization_invitations_organization_id_organizations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_invitations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_organization_invitations_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_organization_invitations_token_hash")),
    )
    op.create_index(
        op.f("ix_organization_invitations_invited_by_id"), "organization_invitations", ["invited_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_organization_invitations_organization_id"),
        "organization_invitations",
        ["organization_id"],
        unique=False,
    )
    op.create_table(
        "call_stages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "submission",
                "screening",
                "discussion",
                "voting",
                "review",
                "selection",
                "objection",
                "results",
                "follow_up",
                name="stagekind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "closes_at IS NULL OR closes_at > opens_at", name=op.f("ck_call_stages_closes_after_opening")
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_call_stages_call_id_calls"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_stages")),
        sa.UniqueConstraint("call_id", "key", name="uq_call_stages_key"),
        sa.UniqueConstraint("call_id", "position", name="uq_call_stages_position"),
    )
    op.create_index("ix_call_stages_kind_opens", "call_stages", ["kind", "opens_at"], unique=False)
    op.create_table(
        "call_tags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_tags_call_id_calls"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_tags")),
        sa.UniqueConstraint("call_id", "tag", name="uq_call_tags_call_tag"),
    )
    op.create_index("ix_call_tags_tag", "call_tags", ["tag"], unique=False)
    op.create_table(
        "mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("to_email", sa.String(length=300), nullable=False),
        sa.Column("to_name", sa.String(length=300), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("call_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("has_secret", sa.Boolean(), nullable=False),
        sa.Column("way_out", sa.String(length=300), nullable=False),
        sa.Column("thread", sa.String(length=40), nullable=False),
        sa.Column("once_key", sa.String(length=120), nullable=True),
        sa.Column(
            "status",
            sa.Enum("queued", "sent", "failed", "cancelled", name="mailstatus", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_mails_account_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_mails_call_id_calls"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_mails_organization_id_organizations"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("once_key", name=op.f("uq_mails_once_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mails_public_id")),
    )
    op.create_index("ix_mails_account_id_created_at", "mails", ["account_id", "created_at", "id"], unique=False)
    op.create_index("ix_mails_call_id_id", "mails", ["call_id", "id"], unique=False)
    op.create_index(op.f("ix_mails_organization_id"), "mails", ["organization_id"], unique=False)
    op.create_index("ix_mails_status_due", "mails", ["status", "due_at"], unique=False)
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("external_id", sa.String(length=300), nullable=True),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column(
            "entered",
            sa.Enum("paper", "telephone", "counter", "import", name="entrychannel", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "correction",
                "eligible",
                "ineligible",
                "shortlisted",
                "not_advanced",
                "selected",
                "reserve",
                "not_selected",
                "declined",
                "withdrawn",
                "merged",
                name="proposalstatus",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column(
            "moderation",
            sa.Enum("visible", "hidden", name="moderationstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "hidden_code",
            sa.Enum(
                "spam",
                "abuse",
                "personal_data",
                "unlawful",
                "off_topic",
                "other",
                name="moderationcode",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("hidden_reason", sa.Text(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("title_key", sa.String(length=80), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=True),
        sa.Column("cost_key", sa.Integer(), sa.Computed("coalesce(cost, -1)", persisted=True), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("in_round", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt_sha256", sa.String(length=64), nullable=True),
        sa.Column("correction_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome_reason", sa.Text(), nullable=False),
        sa.Column("supports", sa.Integer(), nullable=False),
        sa.Column("comments_count", sa.Integer(), nullable=False),
        sa.Column("files_count", sa.Integer(), nullable=False),
        sa.Column("shuffle_1", sa.BigInteger(), nullable=False),
        sa.Column("shuffle_2", sa.BigInteger(), nullable=False),
        sa.Column("shuffle_3", sa.BigInteger(), nullable=False),
        sa.Column("shuffle_4", sa.BigInteger(), nullable=False),
        sa.Column("shuffle_5", sa.BigInteger(), nullable=False),
        sa.Column("shuffle_6", sa.BigInteger(), nullable=False),
        sa.Column("shuffle_7", sa.BigInteger(), nullable=False),
        sa.Column("shuffle_8", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'correction') = (correction_due IS NOT NULL)", name=op.f("ck_proposals_due_when_correction")
        ),
        sa.CheckConstraint(
            "(status = 'draft') = (submitted_at IS NULL)", name=op.f("ck_proposals_submitted_at_when_handed_in")
        ),
        sa.CheckConstraint(
            "(status = 'merged') = (merged_into_id IS NOT NULL)", name=op.f("ck_proposals_other_when_merged")
        ),
        sa.CheckConstraint("cost IS NULL OR cost >= 0", name=op.f("ck_proposals_cost_not_negative")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_proposals_call_id_calls"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["accounts.id"], name=op.f("fk_proposals_edited_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["accounts.id"], name=op.f("fk_proposals_lead_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["proposals.id"],
            name=op.f("fk_proposals_merged_into_id_proposals"),
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(
            "moderation = 'visible' OR hidden_reason <> ''", name=op.f("ck_proposals_reason_when_hidden")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("call_id", "number", name="uq_proposals_call_number"),
        sa.UniqueConstraint("public_id", name=op.f("uq_proposals_public_id")),
    )
    op.create_index("ix_proposals_call_shuffle_1", "proposals", ["call_id", "shuffle_1"], unique=False)
    op.create_index("ix_proposals_call_shuffle_2", "proposals", ["call_id", "shuffle_2"], unique=False)
    op.create_index("ix_proposals_call_shuffle_3", "proposals", ["call_id", "shuffle_3"], unique=False)
    op.create_index("ix_proposals_call_shuffle_4", "proposals", ["call_id", "shuffle_4"], unique=False)
    op.create_index("ix_proposals_call_shuffle_5", "proposals", ["call_id", "shuffle_5"], unique=False)
    op.create_index("ix_proposals_call_shuffle_6", "proposals", ["call_id", "shuffle_6"], unique=False)
    op.create_index("ix_proposals_call_shuffle_7", "proposals", ["call_id", "shuffle_7"], unique=False)
    op.create_index("ix_proposals_call_shuffle_8", "proposals", ["call_id", "shuffle_8"], unique=False)
    op.create_index("ix_proposals_call_status", "proposals", ["call_id", "status", "id"], unique=False)
    handed_in = sa.text("submitted_at IS NOT NULL")
    for name, columns in HANDED_IN.items():
        op.create_index(name, "proposals", columns, unique=False, sqlite_where=handed_in, postgresql_where=handed_in)
    op.create_index(op.f("ix_proposals_edited_by_id"), "proposals", ["edited_by_id"], unique=False)
    op.create_index(op.f("ix_proposals_lead_id"), "proposals", ["lead_id"], unique=False)
    op.create_index(op.f("ix_proposals_merged_into_id"), "proposals", ["merged_into_id"], unique=False)
    op.create_table(
        "published_results",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("justification", sa.Text(), nullable=False),
        sa.Column("incomplete_justification", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_published_results_call_id_calls"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["accounts.id"],
            name=op.f("fk_published_results_published_by_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_results")),
        sa.UniqueConstraint("call_id", name=op.f("uq_published_results_call_id")),
    )
    op.create_index(
        op.f("ix_published_results_published_by_id"), "published_results", ["published_by_id"], unique=False
    )
    op.create_table(
        "rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.Enum("vote", "review", name="roundkind", native_enum=False, length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "blindness",
            sa.Enum("none", "single", "double", name="blindness", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "conflict_policy",
            sa.Enum("block", "warn", name="conflictpolicy", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("candidates_sha256", sa.String(length=64), nullable=True),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.Column("tie_secret", sa.String(length=64), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_percent", sa.Integer(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ballots_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_rounds_call_id_calls"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["accounts.id"], name=op.f("fk_rounds_confirmed_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("call_id", "key", name="uq_rounds_call_key"),
    )
    op.create_index(op.f("ix_rounds_confirmed_by_id"), "rounds", ["confirmed_by_id"], unique=False)
    op.create_table(
        "schedule_shifts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_schedule_shifts_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_schedule_shifts_call_id_calls"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_shifts")),
    )
    op.create_index(op.f("ix_schedule_shifts_by_id"), "schedule_shifts", ["by_id"], unique=False)
    op.create_index(op.f("ix_schedule_shifts_call_id"), "schedule_shifts", ["call_id"], unique=False)
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.String(length=40), nullable=True),
        sa.Column("filename", sa.String(length=300), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("storage_key", sa.String(length=100), nullable=False),
        sa.Column("preview_key", sa.String(length=100), nullable=True),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_attachments_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"],
            ["accounts.id"],
            name=op.f("fk_attachments_uploaded_by_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("public_id", name=op.f("uq_attachments_public_id")),
    )
    op.create_index(op.f("ix_attachments_proposal_id"), "attachments", ["proposal_id"], unique=False)
    op.create_index(op.f("ix_attachments_uploaded_by_id"), "attachments", ["uploaded_by_id"], unique=False)
    op.create_table(
        "proposal_vectors",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(length=40), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_proposal_vectors_call_id_calls"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposals.id"],
            name=op.f("fk_proposal_vectors_proposal_id_proposals"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_proposal_vectors")),
    )
    op.create_index("ix_proposal_vectors_call_made", "proposal_vectors", ["call_id", "made_at"], unique=False)
    op.create_index(op.f("ix_proposal_vectors_stale"), "proposal_vectors", ["stale"], unique=False)
    op.create_table(
        "differences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["other_id"], ["proposals.id"], name=op.f("fk_differences_other_id_proposals"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_differences_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_differences")),
        sa.UniqueConstraint("proposal_id", "other_id", name="uq_differences_proposal_other"),
    )
    op.create_index(op.f("ix_differences_other_id"), "differences", ["other_id"], unique=False)
    op.create_table(
        "join_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("pending", "accepted", "declined", name="joinstatus", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'pending') = (answered_at IS NULL)", name=op.f("ck_join_requests_answered_at_when_answered")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_join_requests_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_join_requests_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_requests")),
        sa.UniqueConstraint("proposal_id", "account_id", name="uq_join_requests_proposal_account"),
    )
    op.create_index(op.f("ix_join_requests_account_id"), "join_requests", ["account_id"], unique=False)
    op.create_table(
        "ballots",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("choices", sa.Text(), nullable=True),
        sa.Column("seen", sa.Text(), nullable=True),
        sa.Column("member", sa.Boolean(), nullable=True),
        sa.Column("acts", sa.Integer(), nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_ballots_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", "key", name=op.f("pk_ballots")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "leaves",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_leaves_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", "hash", name=op.f("pk_leaves")),
        sa.UniqueConstraint("round_id", "position", name="uq_leaves_round_position"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "heads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.Column("frontier", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_heads_round_id_rounds"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heads")),
        sa.UniqueConstraint("round_id", "size", name="uq_heads_round_size"),
    )
    op.create_table(
        "ledger_blocks",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_ledger_blocks_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", "number", name=op.f("pk_ledger_blocks")),
    )
    op.create_table(
        "electors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=300), nullable=False),
        sa.Column("email_folded", sa.String(length=300), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_electors_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_electors")),
        sa.UniqueConstraint("round_id", "email_folded", name="uq_electors_round_email"),
    )
    op.create_index(op.f("ix_electors_email_folded"), "electors", ["email_folded"], unique=False)
    op.create_table(
        "voter_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_voter_codes_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voter_codes")),
        sa.UniqueConstraint("round_id", "code_hash", name="uq_voter_codes_round_hash"),
    )
    op.create_table(
        "voters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("code_id", sa.Integer(), nullable=True),
        sa.Column("voter_ref", sa.String(length=64), nullable=True),
        sa.Column("ballot", sa.String(length=16), nullable=True),
        sa.Column("network", sa.String(length=64), nullable=True),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "((account_id IS NULL) OR (voter_ref IS NULL AND code_id IS NULL)) AND (voter_ref IS NULL OR code_id IS NULL)",
            name=op.f("ck_voters_one_kind_of_voter"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_voters_account_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["code_id"], ["voter_codes.id"], name=op.f("fk_voters_code_id_voter_codes"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_voters_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voters")),
        sa.UniqueConstraint("round_id", "account_id", name="uq_voters_round_account"),
        sa.UniqueConstraint("round_id", "code_id", name="uq_voters_round_code"),
        sa.UniqueConstraint("round_id", "voter_ref", name="uq_voters_round_voter"),
    )
    op.create_index("ix_voters_account_id", "voters", ["account_id"], unique=False)
    op.create_index(op.f("ix_voters_code_id"), "voters", ["code_id"], unique=False)
    op.create_table(
        "exposures",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_exposures_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_exposures_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", "proposal_id", name=op.f("pk_exposures")),
    )
    op.create_index(op.f("ix_exposures_proposal_id"), "exposures", ["proposal_id"], unique=False)
    op.create_table(
        "signals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "burst",
                "shared_network",
                "fresh_account",
                "identical",
                name="signalkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_signals_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signals")),
    )
    op.create_index(op.f("ix_signals_round_id"), "signals", ["round_id"], unique=False)
    op.create_table(
        "set_aside",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("ballot", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_set_aside_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_set_aside_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_aside")),
        sa.UniqueConstraint("round_id", "ballot", name="uq_set_aside_round_ballot"),
    )
    op.create_index(op.f("ix_set_aside_by_id"), "set_aside", ["by_id"], unique=False)
    op.create_table(
        "candidates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviews_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_candidates_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_candidates_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidates")),
        sa.UniqueConstraint("round_id", "proposal_id", name="uq_candidates_round_proposal"),
    )
    op.create_index(
        "ix_candidates_round_reviews", "candidates", ["round_id", "reviews_count", "proposal_id"], unique=False
    )
    op.create_index(op.f("ix_candidates_proposal_id"), "candidates", ["proposal_id"], unique=False)
    op.create_table(
        "comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("root_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("as_organization", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "moderation",
            sa.Enum("visible", "hidden", name="moderationstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "hidden_code",
            sa.Enum(
                "spam",
                "abuse",
                "personal_data",
                "unlawful",
                "off_topic",
                "other",
                name="moderationcode",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("hidden_reason", sa.Text(), nullable=False),
        sa.Column("hidden_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "moderation = 'visible' OR hidden_reason <> ''", name=op.f("ck_comments_reason_when_hidden")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["accounts.id"], name=op.f("fk_comments_author_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_comments_call_id_calls"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["hidden_by_id"], ["accounts.id"], name=op.f("fk_comments_hidden_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["comments.id"], name=op.f("fk_comments_parent_id_comments"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["root_id"], ["comments.id"], name=op.f("fk_comments_root_id_comments"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_comments_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sa.UniqueConstraint("public_id", name=op.f("uq_comments_public_id")),
    )
    op.create_index(op.f("ix_comments_author_id"), "comments", ["author_id"], unique=False)
    op.create_index(op.f("ix_comments_hidden_by_id"), "comments", ["hidden_by_id"], unique=False)
    op.create_index(op.f("ix_comments_parent_id"), "comments", ["parent_id"], unique=False)
    op.create_index(op.f("ix_comments_proposal_id"), "comments", ["proposal_id"], unique=False)
    op.create_index(op.f("ix_comments_root_id"), "comments", ["root_id"], unique=False)
    op.create_index("ix_comments_thread", "comments", ["call_id", "proposal_id", "root_id", "id"], unique=False)
    op.create_table(
        "notifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("thing", sa.String(length=40), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=True),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("comment_id", sa.Integer(), nullable=True),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_notifications_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_notifications_call_id_calls"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_notifications_comment_id_comments"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["mails.id"], name=op.f("fk_notifications_mail_id_mails"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_notifications_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint("account_id", "kind", "thing", name="uq_notifications_account_kind_thing"),
    )
    op.create_index("ix_notifications_account_read", "notifications", ["account_id", "read_at", "id"], unique=False)
    op.create_index(op.f("ix_notifications_call_id"), "notifications", ["call_id"], unique=False)
    op.create_index(op.f("ix_notifications_comment_id"), "notifications", ["comment_id"], unique=False)
    op.create_index("ix_notifications_digest", "notifications", ["digest_at", "account_id"], unique=False)
    op.create_index(op.f("ix_notifications_event_id"), "notifications", ["event_id"], unique=False)
    op.create_index(op.f("ix_notifications_mail_id"), "notifications", ["mail_id"], unique=False)
    op.create_index(op.f("ix_notifications_proposal_id"), "notifications", ["proposal_id"], unique=False)
    op.create_table(
        "objections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(status IN ('upheld', 'rejected')) = (answer <> '')", name=op.f("ck_objections_answered_with_answer")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["accounts.id"], name=op.f("fk_objections_answered_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["accounts.id"], name=op.f("fk_objections_author_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_objections_call_id_calls"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_objections_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
        sa.UniqueConstraint("public_id", name=op.f("uq_objections_public_id")),
    )
    op.create_index("ix_objections_call_status", "objections", ["call_id", "status", "id"], unique=False)
    op.create_index(op.f("ix_objections_answered_by_id"), "objections", ["answered_by_id"], unique=False)
    op.create_index(op.f("ix_objections_author_id"), "objections", ["author_id"], unique=False)
    op.create_index(op.f("ix_objections_proposal_id"), "objections", ["proposal_id"], unique=False)
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("in_place_of_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(version IS NULL) = (sha256 IS NULL)", name=op.f("ck_corrections_fingerprint_of_version")),
        sa.CheckConstraint(
            "kind IN ('reason', 'outcome', 'credit', 'declined', 'taken_up', 'moved_up', 'left_empty')",
            name=op.f("ck_corrections_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_corrections_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_corrections_call_id_calls"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["in_place_of_id"],
            ["proposals.id"],
            name=op.f("fk_corrections_in_place_of_id_proposals"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_corrections_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sa.UniqueConstraint("call_id", "version", name="uq_corrections_call_version"),
    )
    op.create_index(op.f("ix_corrections_by_id"), "corrections", ["by_id"], unique=False)
    op.create_index(op.f("ix_corrections_call_id"), "corrections", ["call_id"], unique=False)
    op.create_index(op.f("ix_corrections_in_place_of_id"), "corrections", ["in_place_of_id"], unique=False)
    op.create_index(op.f("ix_corrections_proposal_id"), "corrections", ["proposal_id"], unique=False)
    op.create_table(
        "credits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("on_profile", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_credits_account_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_credits_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credits")),
        sa.UniqueConstraint("code", name=op.f("uq_credits_code")),
        sa.UniqueConstraint("proposal_id", "account_id", name="uq_credits_proposal_account"),
    )
    op.create_index(op.f("ix_credits_account_id"), "credits", ["account_id"], unique=False)
    op.create_table(
        "declarations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rules_sha256", sa.String(length=64), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_declarations_account_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_declarations_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declarations")),
    )
    op.create_index(op.f("ix_declarations_account_id"), "declarations", ["account_id"], unique=False)
    op.create_index(op.f("ix_declarations_proposal_id"), "declarations", ["proposal_id"], unique=False)
    op.create_table(
        "exclusions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_exclusions_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_exclusions_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusions")),
        sa.UniqueConstraint("proposal_id", "account_id", name="uq_exclusions_proposal_account"),
    )
    op.create_index(op.f("ix_exclusions_account_id"), "exclusions", ["account_id"], unique=False)
    op.create_table(
        "letter_edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("replaces", sa.Boolean(), nullable=False),
        sa.Column(
            "fate", sa.Enum("send", "held", "deleted", name="letterfate", native_enum=False, length=32), nullable=False
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("verdict_version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("NOT replaces OR text <> ''", name=op.f("ck_letter_edits_text_when_replaced")),
        sa.CheckConstraint("fate = 'send' OR reason <> ''", name=op.f("ck_letter_edits_reason_when_kept_back")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_letter_edits_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_letter_edits_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_letter_edits_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_edits")),
        sa.UniqueConstraint("proposal_id", "account_id", name="uq_letter_edits_proposal_account"),
    )
    op.create_index(op.f("ix_letter_edits_account_id"), "letter_edits", ["account_id"], unique=False)
    op.create_index(op.f("ix_letter_edits_by_id"), "letter_edits", ["by_id"], unique=False)
    op.create_table(
        "merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "stood",
            sa.Enum(
                "draft",
                "submitted",
                "correction",
                "eligible",
                "ineligible",
                "shortlisted",
                "not_advanced",
                "selected",
                "reserve",
                "not_selected",
                "withdrawn",
                "merged",
                name="proposalstatus",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name=op.f("fk_merges_by_id_accounts"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["into_id"], ["proposals.id"], name=op.f("fk_merges_into_id_proposals"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_merges_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["accounts.id"], name=op.f("fk_merges_undone_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    op.create_index(op.f("ix_merges_by_id"), "merges", ["by_id"], unique=False)
    op.create_index(op.f("ix_merges_into_id"), "merges", ["into_id"], unique=False)
    op.create_index(op.f("ix_merges_proposal_id"), "merges", ["proposal_id"], unique=False)
    op.create_index(op.f("ix_merges_undone_by_id"), "merges", ["undone_by_id"], unique=False)
    op.create_table(
        "moved_ballots",
        sa.Column("merge_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("ballot", sa.String(length=16), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merge_id"], ["merges.id"], name=op.f("fk_moved_ballots_merge_id_merges"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_moved_ballots_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("merge_id", "round_id", "ballot", name=op.f("pk_moved_ballots")),
    )
    op.create_index(op.f("ix_moved_ballots_round_id"), "moved_ballots", ["round_id"], unique=False)
    op.create_table(
        "jurors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=300), nullable=False),
        sa.Column("email_folded", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("is_chair", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("invited", "accepted", "declined", "removed", name="jurorstatus", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("copied_hash", sa.String(length=64), nullable=False),
        sa.Column("link_number", sa.Integer(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("terms_accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("conflicts_declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_reason", sa.Text(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("expertise", sa.Text(), nullable=False),
        sa.Column("load_limit", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "status <> 'accepted' OR account_id IS NOT NULL", name=op.f("ck_jurors_account_when_accepted")
        ),
        sa.CheckConstraint("load_limit IS NULL OR load_limit >= 0", name=op.f("ck_jurors_load_limit_not_negative")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_jurors_account_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["accounts.id"], name=op.f("fk_jurors_invited_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_jurors_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jurors")),
        sa.UniqueConstraint("round_id", "email_folded", name="uq_jurors_round_email"),
        sa.UniqueConstraint("copied_hash", name=op.f("uq_jurors_copied_hash")),
        sa.UniqueConstraint("public_id", name=op.f("uq_jurors_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_jurors_token_hash")),
    )
    op.create_index(op.f("ix_jurors_account_id"), "jurors", ["account_id"], unique=False)
    op.create_index(op.f("ix_jurors_invited_by_id"), "jurors", ["invited_by_id"], unique=False)
    op.create_table(
        "proposal_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filename", sa.String(length=300), nullable=False),
        sa.Column("storage_key", sa.String(length=100), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stored", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_proposal_imports_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_proposal_imports_call_id_calls"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_imports")),
        sa.UniqueConstraint("public_id", name=op.f("uq_proposal_imports_public_id")),
    )
    op.create_index(op.f("ix_proposal_imports_by_id"), "proposal_imports", ["by_id"], unique=False)
    op.create_index(op.f("ix_proposal_imports_call_id"), "proposal_imports", ["call_id"], unique=False)
    op.create_table(
        "behalf_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("email", sa.String(length=300), nullable=False),
        sa.Column("contact", sa.String(length=300), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("claim_due", sa.Boolean(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["entered_by_id"],
            ["accounts.id"],
            name=op.f("fk_behalf_entries_entered_by_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_behalf_entries_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_behalf_entries")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_behalf_entries_proposal_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_behalf_entries_token_hash")),
    )
    op.create_index(op.f("ix_behalf_entries_entered_by_id"), "behalf_entries", ["entered_by_id"], unique=False)
    op.create_index(
        "ix_behalf_entries_claim_due",
        "behalf_entries",
        ["id"],
        sqlite_where=sa.text("claim_due = 1"),
        postgresql_where=sa.text("claim_due"),
    )
    op.create_index(
        "ix_behalf_entries_refused",
        "behalf_entries",
        ["proposal_id"],
        sqlite_where=sa.text("refused_at IS NOT NULL"),
        postgresql_where=sa.text("refused_at IS NOT NULL"),
    )
    op.create_table(
        "proposal_tags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_proposal_tags_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_tags")),
        sa.UniqueConstraint("proposal_id", "tag", name="uq_proposal_tags_proposal_tag"),
    )
    op.create_index(op.f("ix_proposal_tags_tag"), "proposal_tags", ["tag"], unique=False)
    op.create_table(
        "proposal_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("rules_sha256", sa.String(length=64), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_proposal_versions_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposals.id"],
            name=op.f("fk_proposal_versions_proposal_id_proposals"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_versions")),
        sa.UniqueConstraint("proposal_id", "number", name="uq_proposal_versions_number"),
    )
    op.create_index(op.f("ix_proposal_versions_by_id"), "proposal_versions", ["by_id"], unique=False)
    op.create_table(
        "readers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_readers_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_readers_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readers")),
        sa.UniqueConstraint("proposal_id", "account_id", name="uq_readers_proposal_account"),
    )
    op.create_index(op.f("ix_readers_account_id"), "readers", ["account_id"], unique=False)
    op.create_table(
        "round_leavings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_round_leavings_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_round_leavings_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_round_leavings_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_leavings")),
        sa.UniqueConstraint("round_id", "proposal_id", name="uq_round_leavings_round_proposal"),
    )
    op.create_index(op.f("ix_round_leavings_by_id"), "round_leavings", ["by_id"], unique=False)
    op.create_index(op.f("ix_round_leavings_proposal_id"), "round_leavings", ["proposal_id"], unique=False)
    op.create_table(
        "screenings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "draft",
                "submitted",
                "correction",
                "eligible",
                "ineligible",
                "shortlisted",
                "not_advanced",
                "selected",
                "reserve",
                "not_selected",
                "declined",
                "withdrawn",
                "merged",
                name="proposalstatus",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version_seen", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_screenings_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_screenings_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screenings")),
    )
    op.create_index(op.f("ix_screenings_by_id"), "screenings", ["by_id"], unique=False)
    op.create_index(op.f("ix_screenings_proposal_id"), "screenings", ["proposal_id"], unique=False)
    op.create_table(
        "tallies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bundle", sa.String(length=32), nullable=True),
        sa.Column("bundle_sha256", sa.String(length=64), nullable=True),
        sa.Column("script_sha256", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_tallies_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tallies")),
        sa.UniqueConstraint("public_id", name=op.f("uq_tallies_public_id")),
    )
    op.create_index(op.f("ix_tallies_round_id"), "tallies", ["round_id"], unique=False)
    op.create_table(
        "team_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("email", sa.String(length=300), nullable=False),
        sa.Column("email_folded", sa.String(length=300), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("pending", "accepted", "declined", "removed", name="memberstatus", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_share", sa.Integer(), nullable=True),
        sa.Column("asked_roles", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lead_offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("on_profile", sa.Boolean(), nullable=False),
        sa.CheckConstraint("share >= 0 AND share <= 10000", name=op.f("ck_team_members_share_range")),
        sa.CheckConstraint("asked_share >= 0 AND asked_share <= 10000", name=op.f("ck_team_members_asked_share_range")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_team_members_account_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_team_members_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_members")),
        sa.UniqueConstraint("proposal_id", "email_folded", name="uq_team_members_proposal_email"),
        sa.UniqueConstraint("token_hash", name=op.f("uq_team_members_token_hash")),
    )
    op.create_index(op.f("ix_team_members_account_id"), "team_members", ["account_id"], unique=False)
    op.create_index(op.f("ix_team_members_email_folded"), "team_members", ["email_folded"], unique=False)
    op.create_table(
        "presences",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_presences_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_presences_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("proposal_id", "account_id", name=op.f("pk_presences")),
    )
    op.create_index(op.f("ix_presences_account_id"), "presences", ["account_id"], unique=False)
    op.create_index(op.f("ix_presences_seen_at"), "presences", ["seen_at"], unique=False)
    op.create_table(
        "visitor_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("draft_key", sa.String(length=16), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_visitor_drafts_call_id_calls"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visitor_drafts")),
        sa.UniqueConstraint("call_id", "key_hash", name="uq_visitor_drafts_call_key"),
    )
    op.create_index(op.f("ix_visitor_drafts_key_hash"), "visitor_drafts", ["key_hash"], unique=False)
    op.create_index(op.f("ix_visitor_drafts_draft_key"), "visitor_drafts", ["draft_key"], unique=False)
    op.create_index(op.f("ix_visitor_drafts_edited_at"), "visitor_drafts", ["edited_at"], unique=False)
    op.create_table(
        "verdicts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("selected", "reserve", "not_selected", name="outcome", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("reason_code", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["accounts.id"], name=op.f("fk_verdicts_confirmed_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_verdicts_decided_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_verdicts_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_verdicts_proposal_id")),
    )
    op.create_index(op.f("ix_verdicts_confirmed_by_id"), "verdicts", ["confirmed_by_id"], unique=False)
    op.create_index(op.f("ix_verdicts_decided_by_id"), "verdicts", ["decided_by_id"], unique=False)
    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("juror_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "assigned", "submitted", "recused", "withdrawn", name="assignmentstatus", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("assigned_by_id", sa.Integer(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("skipped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recusal_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assigned_by_id"],
            ["accounts.id"],
            name=op.f("fk_assignments_assigned_by_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["juror_id"], ["jurors.id"], name=op.f("fk_assignments_juror_id_jurors"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_assignments_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_assignments_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sa.UniqueConstraint("juror_id", "proposal_id", name="uq_assignments_juror_proposal"),
        sa.UniqueConstraint("public_id", name=op.f("uq_assignments_public_id")),
    )
    op.create_index(op.f("ix_assignments_assigned_by_id"), "assignments", ["assigned_by_id"], unique=False)
    op.create_index(op.f("ix_assignments_proposal_id"), "assignments", ["proposal_id"], unique=False)
    op.create_index(op.f("ix_assignments_round_id"), "assignments", ["round_id"], unique=False)
    op.create_table(
        "redactions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("files_kept_back", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_redactions_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_redactions_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redactions")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_redactions_proposal_id")),
    )
    op.create_index(op.f("ix_redactions_by_id"), "redactions", ["by_id"], unique=False)
    op.create_table(
        "conflicts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("juror_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "stated",
                "authorship",
                "organization",
                "email_domain",
                "coauthor",
                "invitation",
                "comment",
                "vote",
                name="conflictkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum("declared", "noted", "detected", name="conflictsource", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "open", "confirmed", "set_aside", "taken_back", name="conflictstatus", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "status NOT IN ('set_aside', 'taken_back') OR decision <> ''", name=op.f("ck_conflicts_reason_when_dropped")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_conflicts_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_conflicts_decided_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["juror_id"], ["jurors.id"], name=op.f("fk_conflicts_juror_id_jurors"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_conflicts_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_conflicts_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflicts")),
        sa.UniqueConstraint("juror_id", "proposal_id", "kind", name="uq_conflicts_juror_proposal_kind"),
        sa.UniqueConstraint("public_id", name=op.f("uq_conflicts_public_id")),
    )
    op.create_index(op.f("ix_conflicts_by_id"), "conflicts", ["by_id"], unique=False)
    op.create_index(op.f("ix_conflicts_decided_by_id"), "conflicts", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_conflicts_proposal_id"), "conflicts", ["proposal_id"], unique=False)
    op.create_index(op.f("ix_conflicts_round_id"), "conflicts", ["round_id"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("comment_panel", sa.Text(), nullable=False),
        sa.Column("comment_authors", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("version_seen", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("confidence BETWEEN 1 AND 3", name=op.f("ck_reviews_confidence_known")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_reviews_assignment_id_assignments"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("assignment_id", name=op.f("uq_reviews_assignment_id")),
    )
    op.create_table(
        "review_scores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=40), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("to_authors", sa.Boolean(), nullable=False),
        sa.CheckConstraint("score IS NULL OR score >= 0", name=op.f("ck_review_scores_score_not_negative")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_review_scores_review_id_reviews"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_scores")),
        sa.UniqueConstraint("review_id", "criterion", name="uq_review_scores_criterion"),
    )
    op.create_table(
        "score_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=40), nullable=False),
        sa.Column("before", sa.Integer(), nullable=True),
        sa.Column("after", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_score_changes_review_id_reviews"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_changes")),
    )
    op.create_index(op.f("ix_score_changes_review_id"), "score_changes", ["review_id"], unique=False)
    op.create_table(
        "remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["accounts.id"], name=op.f("fk_remarks_author_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_remarks_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_remarks_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remarks")),
    )
    op.create_index("ix_remarks_round_proposal", "remarks", ["round_id", "proposal_id", "id"], unique=False)
    op.create_index(op.f("ix_remarks_author_id"), "remarks", ["author_id"], unique=False)
    op.create_index(op.f("ix_remarks_proposal_id"), "remarks", ["proposal_id"], unique=False)
    op.create_table(
        "discussions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_discussions_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_discussions_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussions")),
        sa.UniqueConstraint("round_id", "proposal_id", name="uq_discussions_round_proposal"),
    )
    op.create_index(op.f("ix_discussions_proposal_id"), "discussions", ["proposal_id"], unique=False)
    _create_search_index()
    op.create_table(
        "call_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_call_templates_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_call_templates_organization_id_organizations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_templates")),
        sa.UniqueConstraint("public_id", name=op.f("uq_call_templates_public_id")),
    )
    op.create_index(op.f("ix_call_templates_by_id"), "call_templates", ["by_id"], unique=False)
    op.create_index(op.f("ix_call_templates_organization_id"), "call_templates", ["organization_id"], unique=False)
    op.create_table(
        "amendments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("proposed", "in_force", "lapsed", "dropped", name="amendmentstatus", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decide_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_force_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("before_sha256", sa.String(length=64), nullable=False),
        sa.Column("after_sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(status = 'in_force') = (in_force_at IS NOT NULL)", name=op.f("ck_amendments_moment_when_in_force")
        ),
        sa.CheckConstraint(
            "status != 'proposed' OR decide_by IS NOT NULL", name=op.f("ck_amendments_date_when_proposed")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_amendments_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_amendments_call_id_calls"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendments")),
        sa.UniqueConstraint("call_id", "number", name="uq_amendments_call_number"),
    )
    op.create_index(op.f("ix_amendments_by_id"), "amendments", ["by_id"], unique=False)
    op.create_index(op.f("ix_amendments_status"), "amendments", ["status"], unique=False)
    op.create_table(
        "call_invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("address", "link", "code", name="invitationkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("email", sa.String(length=300), nullable=False),
        sa.Column("email_folded", sa.String(length=300), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("max_uses", sa.Integer(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("max_uses IS NULL OR uses <= max_uses", name=op.f("ck_call_invitations_uses_within")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_call_invitations_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_call_invitations_call_id_calls"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_invitations")),
        sa.UniqueConstraint("call_id", "email_folded", name="uq_call_invitations_call_email"),
        sa.UniqueConstraint("code_hash", name=op.f("uq_call_invitations_code_hash")),
        sa.UniqueConstraint("public_id", name=op.f("uq_call_invitations_public_id")),
    )
    op.create_index(op.f("ix_call_invitations_by_id"), "call_invitations", ["by_id"], unique=False)
    op.create_index(op.f("ix_call_invitations_email_folded"), "call_invitations", ["email_folded"], unique=False)
    op.create_table(
        "late_permits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=300), nullable=False),
        sa.Column("email_folded", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_late_permits_account_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_late_permits_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_late_permits_call_id_calls"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_permits")),
        sa.UniqueConstraint("call_id", "email_folded", name="uq_late_permits_call_email"),
        sa.UniqueConstraint("public_id", name=op.f("uq_late_permits_public_id")),
    )
    op.create_index(op.f("ix_late_permits_account_id"), "late_permits", ["account_id"], unique=False)
    op.create_index(op.f("ix_late_permits_by_id"), "late_permits", ["by_id"], unique=False)
    op.create_index(op.f("ix_late_permits_email_folded"), "late_permits", ["email_folded"], unique=False)
    op.create_table(
        "admissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_admissions_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_admissions_call_id_calls"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["call_invitations.id"],
            name=op.f("fk_admissions_invitation_id_call_invitations"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admissions")),
        sa.UniqueConstraint("account_id", "call_id", name="uq_admissions_account_call"),
    )
    op.create_index(op.f("ix_admissions_call_id"), "admissions", ["call_id"], unique=False)
    op.create_index(op.f("ix_admissions_invitation_id"), "admissions", ["invitation_id"], unique=False)
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("amendment_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column(
            "answer", sa.Enum("accept", "leave", name="consentanswer", native_enum=False, length=32), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_consents_account_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["amendment_id"], ["amendments.id"], name=op.f("fk_consents_amendment_id_amendments"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_consents_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint("amendment_id", "proposal_id", name="uq_consents_amendment_proposal"),
    )
    op.create_index(op.f("ix_consents_account_id"), "consents", ["account_id"], unique=False)
    op.create_index(op.f("ix_consents_proposal_id"), "consents", ["proposal_id"], unique=False)
    _create_desk()
    _create_credentials()
    _create_reports()
    _create_aftermath()
    _keep_counts()


def _create_desk() -> None:
    op.create_table(
        "labels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("name_folded", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_labels_organization_id_organizations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
        sa.UniqueConstraint("organization_id", "name_folded", name="uq_labels_organization_name"),
        sa.UniqueConstraint("public_id", name=op.f("uq_labels_public_id")),
    )
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_saved_filters_name_given")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_saved_filters_organization_id_organizations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["accounts.id"], name=op.f("fk_saved_filters_owner_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint("public_id", name=op.f("uq_saved_filters_public_id")),
    )
    op.create_index(op.f("ix_saved_filters_organization_id"), "saved_filters", ["organization_id"], unique=False)
    op.create_index(op.f("ix_saved_filters_owner_id"), "saved_filters", ["owner_id"], unique=False)
    op.create_table(
        "bulk_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_bulk_acts_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_bulk_acts_call_id_calls"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_acts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_bulk_acts_public_id")),
    )
    op.create_index(op.f("ix_bulk_acts_by_id"), "bulk_acts", ["by_id"], unique=False)
    op.create_index(op.f("ix_bulk_acts_call_id"), "bulk_acts", ["call_id"], unique=False)
    op.create_table(
        "chosen_columns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_chosen_columns_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_chosen_columns_call_id_calls"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chosen_columns")),
        sa.UniqueConstraint("account_id", "call_id", name="uq_chosen_columns_account_call"),
    )
    op.create_index(op.f("ix_chosen_columns_call_id"), "chosen_columns", ["call_id"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column(
            "to_group",
            sa.Enum(
                "chosen",
                "drafts",
                "entrants",
                "shortlisted",
                "selected",
                "not_voted",
                "behind",
                name="group",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("narrowed", sa.JSON(), nullable=False),
        sa.Column("is_service", sa.Boolean(), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("sending", "sent", "stopped", name="messagestatus", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("per_minute > 0", name=op.f("ck_messages_per_minute_positive")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_messages_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_messages_call_id_calls"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("public_id", name=op.f("uq_messages_public_id")),
    )
    op.create_index(op.f("ix_messages_by_id"), "messages", ["by_id"], unique=False)
    op.create_index("ix_messages_call_id_id", "messages", ["call_id", "id"], unique=False)
    op.create_index("ix_messages_status_id", "messages", ["status", "id"], unique=False)
    op.create_table(
        "message_reaches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("waiting", "written", "opted_out", "stopped", name="reachstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_message_reaches_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["mails.id"], name=op.f("fk_message_reaches_mail_id_mails"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_message_reaches_message_id_messages"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposals.id"],
            name=op.f("fk_message_reaches_proposal_id_proposals"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_reaches")),
        sa.UniqueConstraint("message_id", "account_id", name="uq_message_reaches_message_account"),
    )
    op.create_index(op.f("ix_message_reaches_account_id"), "message_reaches", ["account_id"], unique=False)
    op.create_index(op.f("ix_message_reaches_mail_id"), "message_reaches", ["mail_id"], unique=False)
    op.create_index("ix_message_reaches_message_state", "message_reaches", ["message_id", "state", "id"], unique=False)
    op.create_index(op.f("ix_message_reaches_proposal_id"), "message_reaches", ["proposal_id"], unique=False)
    op.create_table(
        "proposal_colleagues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_proposal_colleagues_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_proposal_colleagues_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposals.id"],
            name=op.f("fk_proposal_colleagues_proposal_id_proposals"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_colleagues")),
        sa.UniqueConstraint("account_id", "proposal_id", name="uq_proposal_colleagues_account_proposal"),
    )
    op.create_index(op.f("ix_proposal_colleagues_by_id"), "proposal_colleagues", ["by_id"], unique=False)
    op.create_index(op.f("ix_proposal_colleagues_proposal_id"), "proposal_colleagues", ["proposal_id"], unique=False)
    op.create_table(
        "proposal_labels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_proposal_labels_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["label_id"], ["labels.id"], name=op.f("fk_proposal_labels_label_id_labels"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_proposal_labels_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_labels")),
        sa.UniqueConstraint("label_id", "proposal_id", name="uq_proposal_labels_label_proposal"),
    )
    op.create_index(op.f("ix_proposal_labels_by_id"), "proposal_labels", ["by_id"], unique=False)
    op.create_index(op.f("ix_proposal_labels_proposal_id"), "proposal_labels", ["proposal_id"], unique=False)
    op.create_table(
        "proposal_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["accounts.id"], name=op.f("fk_proposal_notes_author_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_proposal_notes_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_notes")),
        sa.UniqueConstraint("public_id", name=op.f("uq_proposal_notes_public_id")),
    )
    op.create_index(op.f("ix_proposal_notes_author_id"), "proposal_notes", ["author_id"], unique=False)
    op.create_index(op.f("ix_proposal_notes_proposal_id"), "proposal_notes", ["proposal_id"], unique=False)


def _create_credentials() -> None:
    """What is credited beside a team, the credentials that say so, and what others say of it."""
    op.create_table(
        "contributions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.Enum("idea", "feedback", name="ownrole", native_enum=False, length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("marked_by_id", sa.Integer(), nullable=True),
        sa.Column("unnamed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_contributions_account_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_contributions_comment_id_comments"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["marked_by_id"], ["accounts.id"], name=op.f("fk_contributions_marked_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_contributions_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributions")),
        sa.UniqueConstraint("comment_id", name="uq_contributions_comment"),
    )
    op.create_index(op.f("ix_contributions_account_id"), "contributions", ["account_id"], unique=False)
    op.create_index(op.f("ix_contributions_marked_by_id"), "contributions", ["marked_by_id"], unique=False)
    op.create_index(op.f("ix_contributions_proposal_id"), "contributions", ["proposal_id"], unique=False)
    op.create_table(
        "credentials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("credit_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("list_number", sa.Integer(), nullable=False),
        sa.Column("list_index", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "revoked_for",
            sa.Enum(
                "corrected",
                "declined",
                "taken_back",
                "unnamed",
                "renewed",
                "erased",
                name="revocation",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_for IS NULL)", name=op.f("ck_credentials_reason_when_revoked")
        ),
        sa.CheckConstraint(
            "token IS NOT NULL OR revoked_at IS NOT NULL", name=op.f("ck_credentials_token_while_it_holds")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_credentials_account_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["credit_id"], ["credits.id"], name=op.f("fk_credentials_credit_id_credits"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_credentials_organization_id_organizations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials")),
        sa.UniqueConstraint("organization_id", "list_number", "list_index", name="uq_credentials_place"),
        sa.UniqueConstraint("public_id", name=op.f("uq_credentials_public_id")),
    )
    op.create_index(op.f("ix_credentials_account_id"), "credentials", ["account_id"], unique=False)
    op.create_index(op.f("ix_credentials_credit_id"), "credentials", ["credit_id"], unique=False)
    op.create_table(
        "endorsements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("credit_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("for_organization", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "moderation",
            sa.Enum("visible", "hidden", name="moderationstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("hidden_reason", sa.Text(), nullable=False),
        sa.Column(
            "hidden_code",
            sa.Enum(
                "spam",
                "abuse",
                "personal_data",
                "unlawful",
                "off_topic",
                "other",
                name="moderationcode",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("hidden_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "moderation = 'visible' OR hidden_reason <> ''", name=op.f("ck_endorsements_reason_when_hidden")
        ),
        sa.ForeignKeyConstraint(
            ["hidden_by_id"], ["accounts.id"], name=op.f("fk_endorsements_hidden_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["accounts.id"], name=op.f("fk_endorsements_author_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["credit_id"], ["credits.id"], name=op.f("fk_endorsements_credit_id_credits"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsements")),
        sa.UniqueConstraint("credit_id", "author_id", name="uq_endorsements_credit_author"),
        sa.UniqueConstraint("public_id", name=op.f("uq_endorsements_public_id")),
    )
    op.create_index(op.f("ix_endorsements_author_id"), "endorsements", ["author_id"], unique=False)
    op.create_index(op.f("ix_endorsements_hidden_by_id"), "endorsements", ["hidden_by_id"], unique=False)


def _create_reports() -> None:
    """What readers report: proposals, comments, endorsements."""
    op.create_table(
        "reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("comment_id", sa.Integer(), nullable=True),
        sa.Column("endorsement_id", sa.Integer(), nullable=True),
        sa.Column("thing", sa.String(length=40), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=True),
        sa.Column(
            "code",
            sa.Enum(
                "spam",
                "abuse",
                "personal_data",
                "unlawful",
                "off_topic",
                "other",
                name="moderationcode",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "decision", sa.Enum("keep", "hide", name="reportdecision", native_enum=False, length=32), nullable=True
        ),
        sa.CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name=op.f("ck_reports_decided_with_decision")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_reports_call_id_calls"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_reports_comment_id_comments"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_reports_decided_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["endorsement_id"],
            ["endorsements.id"],
            name=op.f("fk_reports_endorsement_id_endorsements"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_reports_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"], ["accounts.id"], name=op.f("fk_reports_reporter_id_accounts"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("reporter_id", "thing", name="uq_reports_reporter_thing"),
    )
    op.create_index("ix_reports_call_decision", "reports", ["call_id", "decision", "id"], unique=False)
    op.create_index(op.f("ix_reports_comment_id"), "reports", ["comment_id"], unique=False)
    op.create_index(op.f("ix_reports_decided_by_id"), "reports", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_reports_endorsement_id"), "reports", ["endorsement_id"], unique=False)
    op.create_index(op.f("ix_reports_proposal_id"), "reports", ["proposal_id"], unique=False)
    op.create_index("ix_reports_thing", "reports", ["thing"], unique=False)


def _create_aftermath() -> None:
    """Prizes, milestones and updates: what comes after the decision."""
    op.create_table(
        "awards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("thing", sa.Text(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(amount IS NULL) = (currency = '')", name=op.f("ck_awards_currency_with_amount")),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_reason = '')", name=op.f("ck_awards_reason_when_taken_back")
        ),
        sa.CheckConstraint("amount IS NOT NULL OR thing <> ''", name=op.f("ck_awards_something_given")),
        sa.CheckConstraint("amount IS NULL OR amount > 0", name=op.f("ck_awards_amount_positive")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_awards_call_id_calls"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["accounts.id"], name=op.f("fk_awards_given_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_awards_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awards")),
        sa.UniqueConstraint("public_id", name=op.f("uq_awards_public_id")),
    )
    op.create_index(op.f("ix_awards_call_id"), "awards", ["call_id"], unique=False)
    op.create_index(op.f("ix_awards_given_by_id"), "awards", ["given_by_id"], unique=False)
    op.create_index(op.f("ix_awards_proposal_id"), "awards", ["proposal_id"], unique=False)
    op.create_table(
        "milestones",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["accounts.id"], name=op.f("fk_milestones_added_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_milestones_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestones")),
        sa.UniqueConstraint("public_id", name=op.f("uq_milestones_public_id")),
    )
    op.create_index(op.f("ix_milestones_added_by_id"), "milestones", ["added_by_id"], unique=False)
    op.create_index(op.f("ix_milestones_due_on"), "milestones", ["due_on"], unique=False)
    op.create_index(op.f("ix_milestones_proposal_id"), "milestones", ["proposal_id"], unique=False)
    op.create_table(
        "updates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("by_team", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_updates_text_given")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["accounts.id"], name=op.f("fk_updates_author_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_updates_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_updates")),
        sa.UniqueConstraint("public_id", name=op.f("uq_updates_public_id")),
    )
    op.create_index(op.f("ix_updates_author_id"), "updates", ["author_id"], unique=False)
    op.create_index(op.f("ix_updates_proposal_id"), "updates", ["proposal_id"], unique=False)
    op.create_table(
        "award_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["award_id"], ["awards.id"], name=op.f("fk_award_changes_award_id_awards"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_award_changes_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_changes")),
    )
    op.create_index(op.f("ix_award_changes_award_id"), "award_changes", ["award_id"], unique=False)
    op.create_index(op.f("ix_award_changes_by_id"), "award_changes", ["by_id"], unique=False)
    op.create_table(
        "award_obligations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by_id"],
            ["accounts.id"],
            name=op.f("fk_award_obligations_added_by_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["award_id"], ["awards.id"], name=op.f("fk_award_obligations_award_id_awards"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["accounts.id"], name=op.f("fk_award_obligations_done_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_obligations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_award_obligations_public_id")),
    )
    op.create_index(op.f("ix_award_obligations_added_by_id"), "award_obligations", ["added_by_id"], unique=False)
    op.create_index(op.f("ix_award_obligations_award_id"), "award_obligations", ["award_id"], unique=False)
    op.create_index(op.f("ix_award_obligations_done_by_id"), "award_obligations", ["done_by_id"], unique=False)
    op.create_table(
        "award_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("due", "accepted", "paid", "declined", name="partstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_by_id", sa.Integer(), nullable=True),
        sa.Column("reference", sa.String(length=300), nullable=False),
        sa.CheckConstraint("(state = 'paid') = (paid_at IS NOT NULL)", name=op.f("ck_award_parts_moment_when_paid")),
        sa.CheckConstraint(
            "state <> 'declined' OR answered_at IS NOT NULL", name=op.f("ck_award_parts_moment_when_declined")
        ),
        sa.CheckConstraint("amount IS NULL OR amount >= 0", name=op.f("ck_award_parts_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_award_parts_account_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["award_id"], ["awards.id"], name=op.f("fk_award_parts_award_id_awards"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["paid_by_id"], ["accounts.id"], name=op.f("fk_award_parts_paid_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_parts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_award_parts_public_id")),
    )
    op.create_index(op.f("ix_award_parts_account_id"), "award_parts", ["account_id"], unique=False)
    op.create_index(op.f("ix_award_parts_award_id"), "award_parts", ["award_id"], unique=False)
    op.create_index(op.f("ix_award_parts_paid_by_id"), "award_parts", ["paid_by_id"], unique=False)
    op.create_table(
        "followup_traces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("milestone_id", sa.Integer(), nullable=True),
        sa.Column("update_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(milestone_id IS NULL) <> (update_id IS NULL)", name=op.f("ck_followup_traces_of_one_thing")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_followup_traces_by_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["milestone_id"],
            ["milestones.id"],
            name=op.f("fk_followup_traces_milestone_id_milestones"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["update_id"], ["updates.id"], name=op.f("fk_followup_traces_update_id_updates"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followup_traces")),
    )
    op.create_index(op.f("ix_followup_traces_by_id"), "followup_traces", ["by_id"], unique=False)
    op.create_index(op.f("ix_followup_traces_milestone_id"), "followup_traces", ["milestone_id"], unique=False)
    op.create_index(op.f("ix_followup_traces_update_id"), "followup_traces", ["update_id"], unique=False)


def _keep_counts() -> None:
    """Numbers that lists show, kept by the database so that no writer forgets them."""
    op.create_table(
        "proposal_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "correction",
                "eligible",
                "ineligible",
                "shortlisted",
                "not_advanced",
                "selected",
                "reserve",
                "not_selected",
                "declined",
                "withdrawn",
                "merged",
                name="proposalstatus",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "moderation",
            sa.Enum("visible", "hidden", name="moderationstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("in_round", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_proposal_counts_call_id_calls"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_counts")),
    )
    op.create_index(
        "ix_proposal_counts_kind", "proposal_counts", ["call_id", "status", "moderation", "in_round"], unique=False
    )
    if op.get_bind().dialect.name == "sqlite":
        _keep_counts_on_sqlite()
    else:
        _keep_counts_on_postgresql()


FILES = "(SELECT count(*) FROM attachments WHERE proposal_id = {0}.proposal_id AND removed_at IS NULL)"
REVIEWS = (
    "(SELECT count(*) FROM assignments WHERE proposal_id = {0}.proposal_id AND round_id = {0}.round_id "
    "AND status = 'submitted')"
)
KEPT = {
    "attachments": f"UPDATE proposals SET files_count = {FILES} WHERE id = {{0}}.proposal_id",
    "assignments": (
        f"UPDATE candidates SET reviews_count = {REVIEWS} "
        "WHERE proposal_id = {0}.proposal_id AND round_id = {0}.round_id"
    ),
}
KIND = "call_id, status, moderation, in_round"


def _keep_counts_on_sqlite() -> None:
    for table, statement in KEPT.items():
        for act, row in (("INSERT", "new"), ("UPDATE", "new"), ("DELETE", "old")):
            op.execute(
                f"CREATE TRIGGER {table}_counted_{act.lower()} AFTER {act} ON {table} BEGIN {statement.format(row)}; END"
            )

    def step(row: str, by: str) -> str:
        same = f"call_id = {row}.call_id AND status = {row}.status AND moderation = {row}.moderation AND in_round = {row}.in_round"
        return (
            f"INSERT INTO proposal_counts ({KIND}, count) "
            f"SELECT {row}.call_id, {row}.status, {row}.moderation, {row}.in_round, 0 "
            f"WHERE EXISTS (SELECT 1 FROM calls WHERE id = {row}.call_id) "
            f"AND NOT EXISTS (SELECT 1 FROM proposal_counts WHERE {same}); "
            f"UPDATE proposal_counts SET count = count {by} 1 WHERE {same};"
        )

    moved = " OR ".join(f"old.{name} IS NOT new.{name}" for name in KIND.split(", "))
    op.execute(f"CREATE TRIGGER proposals_counted_insert AFTER INSERT ON proposals BEGIN {step('new', '+')} END")
    op.execute(f"CREATE TRIGGER proposals_counted_delete AFTER DELETE ON proposals BEGIN {step('old', '-')} END")
    op.execute(
        f"CREATE TRIGGER proposals_counted_update AFTER UPDATE OF {KIND} ON proposals WHEN {moved} "
        f"BEGIN {step('old', '-')} {step('new', '+')} END"
    )


def _keep_counts_on_postgresql() -> None:
    for table, statement in KEPT.items():
        op.execute(
            f"CREATE FUNCTION keep_count_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP = 'DELETE' THEN {statement.format('OLD')}; ELSE {statement.format('NEW')}; END IF; "
            "RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_counted AFTER INSERT OR UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION keep_count_of_{table}()"
        )
    sources = {
        "INSERT": ("REFERENCING NEW TABLE AS added", f"SELECT {KIND}, 1 AS step FROM added"),
        "DELETE": ("REFERENCING OLD TABLE AS gone", f"SELECT {KIND}, -1 AS step FROM gone"),
        "UPDATE": (
            "REFERENCING OLD TABLE AS gone NEW TABLE AS added",
            f"SELECT {KIND}, 1 AS step FROM added UNION ALL SELECT {KIND}, -1 FROM gone",
        ),
    }
    for act, (tables, steps) in sources.items():
        name = f"count_proposals_{act.lower()}"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"INSERT INTO proposal_counts ({KIND}, count) SELECT {KIND}, sum(step) FROM ({steps}) AS changed "
            "WHERE EXISTS (SELECT FROM calls WHERE calls.id = changed.call_id) "
            f"GROUP BY {KIND} HAVING sum(step) <> 0; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} AFTER {act} ON proposals {tables} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )


def _drop_counts() -> None:
    """SQLite drops triggers with their tables; those on proposals before, as a row may go with another that was merged into it."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("insert", "delete", "update"):
            op.execute(f"DROP TRIGGER proposals_counted_{act}")
    if op.get_bind().dialect.name == "postgresql":
        names = [*(f"keep_count_of_{table}" for table in KEPT)]
        names += [f"count_proposals_{act}" for act in ("insert", "delete", "update")]
        for name in names:
            op.execute(f"DROP FUNCTION {name}() CASCADE")


SEARCHED = ("call", "proposal")


def _create_search_index() -> None:
    """Documents hold folded words parted by blanks, so neither database has to part or fold them again."""
    if op.get_bind().dialect.name == "postgresql":
        _create_search_index_on_postgresql()
        return
    for noun in SEARCHED:
        index = f"search_index_{noun}"
        op.execute(
            f"CREATE VIRTUAL TABLE {index} USING fts5(title, text, content='', tokenize=\"ascii tokenchars '+#'\")"
        )
        add = f"INSERT INTO {index}(rowid, title, text) VALUES (new.noun_id, new.title, new.text);"
        drop = f"INSERT INTO {index}({index}, rowid, title, text) VALUES ('delete', old.noun_id, old.title, old.text);"
        for act, row, body in (("INSERT", "new", add), ("DELETE", "old", drop), ("UPDATE", "old", drop + add)):
            op.execute(
                f"CREATE TRIGGER search_documents_{noun}_{act.lower()} AFTER {act} ON search_documents "
                f"WHEN {row}.noun = '{noun}' BEGIN {body} END"
            )


def _create_search_index_on_postgresql() -> None:
    """The words are stored as a vector: read from the text of row after row they would take 10 seconds in 100,000 rows. What is
    new waits in a list of at most 256 kB, as each search reads all of that.
    """
    words = "array_remove(string_to_array(title || ' ' || text, ' '), '')"
    op.execute(
        f"ALTER TABLE search_documents ADD COLUMN vector tsvector GENERATED ALWAYS AS (array_to_tsvector({words})) STORED"
    )
    op.execute(
        "CREATE INDEX ix_search_documents_vector ON search_documents USING gin (vector) "
        "WITH (gin_pending_list_limit = 256)"
    )


def downgrade() -> None:
    op.drop_table("reports")
    op.drop_index(op.f("ix_endorsements_hidden_by_id"), table_name="endorsements")
    op.drop_index(op.f("ix_endorsements_author_id"), table_name="endorsements")
    op.drop_table("endorsements")
    op.drop_index(op.f("ix_credentials_credit_id"), table_name="credentials")
    op.drop_index(op.f("ix_credentials_account_id"), table_name="credentials")
    op.drop_table("credentials")
    op.drop_index(op.f("ix_contributions_proposal_id"), table_name="contributions")
    op.drop_index(op.f("ix_contributions_marked_by_id"), table_name="contributions")
    op.drop_index(op.f("ix_contributions_account_id"), table_name="contributions")
    op.drop_table("contributions")
    op.drop_index(op.f("ix_followup_traces_update_id"), table_name="followup_traces")
    op.drop_index(op.f("ix_followup_traces_milestone_id"), table_name="followup_traces")
    op.drop_index(op.f("ix_followup_traces_by_id"), table_name="followup_traces")
    op.drop_table("followup_traces")
    op.drop_index(op.f("ix_award_parts_paid_by_id"), table_name="award_parts")
    op.drop_index(op.f("ix_award_parts_award_id"), table_name="award_parts")
    op.drop_index(op.f("ix_award_parts_account_id"), table_name="award_parts")
    op.drop_table("award_parts")
    op.drop_index(op.f("ix_award_obligations_done_by_id"), table_name="award_obligations")
    op.drop_index(op.f("ix_award_obligations_award_id"), table_name="award_obligations")
    op.drop_index(op.f("ix_award_obligations_added_by_id"), table_name="award_obligations")
    op.drop_table("award_obligations")
    op.drop_index(op.f("ix_award_changes_by_id"), table_name="award_changes")
    op.drop_index(op.f("ix_award_changes_award_id"), table_name="award_changes")
    op.drop_table("award_changes")
    op.drop_index(op.f("ix_updates_proposal_id"), table_name="updates")
    op.drop_index(op.f("ix_updates_author_id"), table_name="updates")
    op.drop_table("updates")
    op.drop_index(op.f("ix_milestones_proposal_id"), table_name="milestones")
    op.drop_index(op.f("ix_milestones_due_on"), table_name="milestones")
    op.drop_index(op.f("ix_milestones_added_by_id"), table_name="milestones")
    op.drop_table("milestones")
    op.drop_index(op.f("ix_awards_proposal_id"), table_name="awards")
    op.drop_index(op.f("ix_awards_given_by_id"), table_name="awards")
    op.drop_index(op.f("ix_awards_call_id"), table_name="awards")
    op.drop_table("awards")
    op.drop_index(op.f("ix_consents_proposal_id"), table_name="consents")
    op.drop_index(op.f("ix_consents_account_id"), table_name="consents")
    op.drop_table("consents")
    op.drop_index(op.f("ix_admissions_invitation_id"), table_name="admissions")
    op.drop_index(op.f("ix_admissions_call_id"), table_name="admissions")
    op.drop_table("admissions")
    op.drop_index(op.f("ix_late_permits_email_folded"), table_name="late_permits")
    op.drop_index(op.f("ix_late_permits_by_id"), table_name="late_permits")
    op.drop_index(op.f("ix_late_permits_account_id"), table_name="late_permits")
    op.drop_table("late_permits")
    op.drop_index(op.f("ix_call_invitations_email_folded"), table_name="call_invitations")
    op.drop_index(op.f("ix_call_invitations_by_id"), table_name="call_invitations")
    op.drop_table("call_invitations")
    op.drop_index(op.f("ix_amendments_status"), table_name="amendments")
    op.drop_index(op.f("ix_amendments_by_id"), table_name="amendments")
    op.drop_table("amendments")
    op.drop_index(op.f("ix_call_templates_organization_id"), table_name="call_templates")
    op.drop_index(op.f("ix_call_templates_by_id"), table_name="call_templates")
    op.drop_table("call_templates")
    _drop_counts()
    op.drop_index(op.f("ix_proposal_notes_proposal_id"), table_name="proposal_notes")
    op.drop_index(op.f("ix_proposal_notes_author_id"), table_name="proposal_notes")
    op.drop_table("proposal_notes")
    op.drop_index(op.f("ix_proposal_labels_proposal_id"), table_name="proposal_labels")
    op.drop_index(op.f("ix_proposal_labels_by_id"), table_name="proposal_labels")
    op.drop_table("proposal_labels")
    op.drop_index(op.f("ix_proposal_colleagues_proposal_id"), table_name="proposal_colleagues")
    op.drop_index(op.f("ix_proposal_colleagues_by_id"), table_name="proposal_colleagues")
    op.drop_table("proposal_colleagues")
    op.drop_index(op.f("ix_message_reaches_proposal_id"), table_name="message_reaches")
    op.drop_index("ix_message_reaches_message_state", table_name="message_reaches")
    op.drop_index(op.f("ix_message_reaches_mail_id"), table_name="message_reaches")
    op.drop_index(op.f("ix_message_reaches_account_id"), table_name="message_reaches")
    op.drop_table("message_reaches")
    op.drop_index("ix_proposal_counts_kind", table_name="proposal_counts")
    op.drop_table("proposal_counts")
    op.drop_index("ix_messages_status_id", table_name="messages")
    op.drop_index("ix_messages_call_id_id", table_name="messages")
    op.drop_index(op.f("ix_messages_by_id"), table_name="messages")
    op.drop_table("messages")
    op.drop_index(op.f("ix_chosen_columns_call_id"), table_name="chosen_columns")
    op.drop_table("chosen_columns")
    op.drop_index(op.f("ix_bulk_acts_call_id"), table_name="bulk_acts")
    op.drop_index(op.f("ix_bulk_acts_by_id"), table_name="bulk_acts")
    op.drop_table("bulk_acts")
    op.drop_index(op.f("ix_saved_filters_owner_id"), table_name="saved_filters")
    op.drop_index(op.f("ix_saved_filters_organization_id"), table_name="saved_filters")
    op.drop_table("saved_filters")
    op.drop_table("labels")
    if op.get_bind().dialect.name == "sqlite":
        for noun in SEARCHED:
            op.execute(f"DROP TABLE search_index_{noun}")
    op.drop_index(op.f("ix_discussions_proposal_id"), table_name="discussions")
    op.drop_table("discussions")
    op.drop_index(op.f("ix_remarks_proposal_id"), table_name="remarks")
    op.drop_index(op.f("ix_remarks_author_id"), table_name="remarks")
    op.drop_index("ix_remarks_round_proposal", table_name="remarks")
    op.drop_table("remarks")
    op.drop_index(op.f("ix_score_changes_review_id"), table_name="score_changes")
    op.drop_table("score_changes")
    op.drop_table("review_scores")
    op.drop_table("reviews")
    op.drop_index(op.f("ix_conflicts_round_id"), table_name="conflicts")
    op.drop_index(op.f("ix_conflicts_proposal_id"), table_name="conflicts")
    op.drop_index(op.f("ix_conflicts_decided_by_id"), table_name="conflicts")
    op.drop_index(op.f("ix_conflicts_by_id"), table_name="conflicts")
    op.drop_table("conflicts")
    op.drop_index(op.f("ix_redactions_by_id"), table_name="redactions")
    op.drop_table("redactions")
    op.drop_index(op.f("ix_assignments_round_id"), table_name="assignments")
    op.drop_index(op.f("ix_assignments_proposal_id"), table_name="assignments")
    op.drop_index(op.f("ix_assignments_assigned_by_id"), table_name="assignments")
    op.drop_table("assignments")
    op.drop_index(op.f("ix_presences_account_id"), table_name="presences")
    op.drop_index(op.f("ix_presences_seen_at"), table_name="presences")
    op.drop_table("presences")
    op.drop_index(op.f("ix_visitor_drafts_edited_at"), table_name="visitor_drafts")
    op.drop_index(op.f("ix_visitor_drafts_draft_key"), table_name="visitor_drafts")
    op.drop_index(op.f("ix_visitor_drafts_key_hash"), table_name="visitor_drafts")
    op.drop_table("visitor_drafts")
    op.drop_index(op.f("ix_verdicts_decided_by_id"), table_name="verdicts")
    op.drop_index(op.f("ix_verdicts_confirmed_by_id"), table_name="verdicts")
    op.drop_table("verdicts")
    op.drop_index(op.f("ix_team_members_email_folded"), table_name="team_members")
    op.drop_index(op.f("ix_team_members_account_id"), table_name="team_members")
    op.drop_table("team_members")
    op.drop_index(op.f("ix_tallies_round_id"), table_name="tallies")
    op.drop_table("tallies")
    op.drop_index(op.f("ix_screenings_proposal_id"), table_name="screenings")
    op.drop_index(op.f("ix_screenings_by_id"), table_name="screenings")
    op.drop_table("screenings")
    op.drop_index(op.f("ix_round_leavings_proposal_id"), table_name="round_leavings")
    op.drop_index(op.f("ix_round_leavings_by_id"), table_name="round_leavings")
    op.drop_table("round_leavings")
    op.drop_index(op.f("ix_readers_account_id"), table_name="readers")
    op.drop_table("readers")
    op.drop_index(op.f("ix_proposal_versions_by_id"), table_name="proposal_versions")
    op.drop_table("proposal_versions")
    op.drop_index(op.f("ix_proposal_tags_tag"), table_name="proposal_tags")
    op.drop_table("proposal_tags")
    op.drop_index(op.f("ix_proposal_imports_call_id"), table_name="proposal_imports")
    op.drop_index(op.f("ix_proposal_imports_by_id"), table_name="proposal_imports")
    op.drop_table("proposal_imports")
    op.drop_index("ix_behalf_entries_refused", table_name="behalf_entries")
    op.drop_index(op.f("ix_behalf_entries_entered_by_id"), table_name="behalf_entries")
    op.drop_table("behalf_entries")
    op.drop_index(op.f("ix_jurors_invited_by_id"), table_name="jurors")
    op.drop_index(op.f("ix_jurors_account_id"), table_name="jurors")
    op.drop_table("jurors")
    op.drop_index(op.f("ix_moved_ballots_round_id"), table_name="moved_ballots")
    op.drop_table("moved_ballots")
    op.drop_index(op.f("ix_merges_undone_by_id"), table_name="merges")
    op.drop_index(op.f("ix_merges_proposal_id"), table_name="merges")
    op.drop_index(op.f("ix_merges_into_id"), table_name="merges")
    op.drop_index(op.f("ix_merges_by_id"), table_name="merges")
    op.drop_table("merges")
    op.drop_index(op.f("ix_letter_edits_by_id"), table_name="letter_edits")
    op.drop_index(op.f("ix_letter_edits_account_id"), table_name="letter_edits")
    op.drop_table("letter_edits")
    op.drop_index(op.f("ix_exclusions_account_id"), table_name="exclusions")
    op.drop_table("exclusions")
    op.drop_index(op.f("ix_declarations_proposal_id"), table_name="declarations")
    op.drop_index(op.f("ix_declarations_account_id"), table_name="declarations")
    op.drop_table("declarations")
    op.drop_index(op.f("ix_credits_account_id"), table_name="credits")
    op.drop_table("credits")
    op.drop_index(op.f("ix_corrections_proposal_id"), table_name="corrections")
    op.drop_index(op.f("ix_corrections_in_place_of_id"), table_name="corrections")
    op.drop_index(op.f("ix_corrections_call_id"), table_name="corrections")
    op.drop_index(op.f("ix_corrections_by_id"), table_name="corrections")
    op.drop_table("corrections")
    op.drop_index(op.f("ix_objections_proposal_id"), table_name="objections")
    op.drop_index(op.f("ix_objections_author_id"), table_name="objections")
    op.drop_index(op.f("ix_objections_answered_by_id"), table_name="objections")
    op.drop_index("ix_objections_call_status", table_name="objections")
    op.drop_table("objections")
    op.drop_index(op.f("ix_notifications_proposal_id"), table_name="notifications")
    op.drop_index(op.f("ix_notifications_mail_id"), table_name="notifications")
    op.drop_index(op.f("ix_notifications_event_id"), table_name="notifications")
    op.drop_index("ix_notifications_digest", table_name="notifications")
    op.drop_index(op.f("ix_notifications_comment_id"), table_name="notifications")
    op.drop_index(op.f("ix_notifications_call_id"), table_name="notifications")
    op.drop_index("ix_notifications_account_read", table_name="notifications")
    op.drop_table("notifications")
    op.drop_index("ix_comments_thread", table_name="comments")
    op.drop_index(op.f("ix_comments_root_id"), table_name="comments")
    op.drop_index(op.f("ix_comments_proposal_id"), table_name="comments")
    op.drop_index(op.f("ix_comments_parent_id"), table_name="comments")
    op.drop_index(op.f("ix_comments_hidden_by_id"), table_name="comments")
    op.drop_index(op.f("ix_comments_author_id"), table_name="comments")
    op.drop_table("comments")
    op.drop_index("ix_candidates_round_reviews", table_name="candidates")
    op.drop_index(op.f("ix_candidates_proposal_id"), table_name="candidates")
    op.drop_table("candidates")
    op.drop_index(op.f("ix_exposures_proposal_id"), table_name="exposures")
    op.drop_table("exposures")
    op.drop_index(op.f("ix_signals_round_id"), table_name="signals")
    op.drop_table("signals")
    op.drop_index(op.f("ix_set_aside_by_id"), table_name="set_aside")
    op.drop_table("set_aside")
    op.drop_index(op.f("ix_voters_code_id"), table_name="voters")
    op.drop_index("ix_voters_account_id", table_name="voters")
    op.drop_table("voters")
    op.drop_table("voter_codes")
    op.drop_index(op.f("ix_electors_email_folded"), table_name="electors")
    op.drop_table("electors")
    op.drop_table("ledger_blocks")
    op.drop_table("heads")
    op.drop_table("leaves")
    op.drop_table("ballots")
    op.drop_index(op.f("ix_join_requests_account_id"), table_name="join_requests")
    op.drop_table("join_requests")
    op.drop_index(op.f("ix_differences_other_id"), table_name="differences")
    op.drop_table("differences")
    op.drop_index(op.f("ix_proposal_vectors_stale"), table_name="proposal_vectors")
    op.drop_index("ix_proposal_vectors_call_made", table_name="proposal_vectors")
    op.drop_table("proposal_vectors")
    op.drop_index(op.f("ix_attachments_uploaded_by_id"), table_name="attachments")
    op.drop_index(op.f("ix_attachments_proposal_id"), table_name="attachments")
    op.drop_table("attachments")
    op.drop_index(op.f("ix_schedule_shifts_call_id"), table_name="schedule_shifts")
    op.drop_index(op.f("ix_schedule_shifts_by_id"), table_name="schedule_shifts")
    op.drop_table("schedule_shifts")
    op.drop_index(op.f("ix_rounds_confirmed_by_id"), table_name="rounds")
    op.drop_table("rounds")
    op.drop_index(op.f("ix_published_results_published_by_id"), table_name="published_results")
    op.drop_table("published_results")
    op.drop_index(op.f("ix_proposals_merged_into_id"), table_name="proposals")
    op.drop_index(op.f("ix_proposals_lead_id"), table_name="proposals")
    op.drop_index(op.f("ix_proposals_edited_by_id"), table_name="proposals")
    for name in HANDED_IN:
        op.drop_index(name, table_name="proposals")
    op.drop_index("ix_proposals_call_status", table_name="proposals")
    op.drop_index("ix_proposals_call_shuffle_8", table_name="proposals")
    op.drop_index("ix_proposals_call_shuffle_7", table_name="proposals")
    op.drop_index("ix_proposals_call_shuffle_6", table_name="proposals")
    op.drop_index("ix_proposals_call_shuffle_5", table_name="proposals")
    op.drop_index("ix_proposals_call_shuffle_4", table_name="proposals")
    op.drop_index("ix_proposals_call_shuffle_3", table_name="proposals")
    op.drop_index("ix_proposals_call_shuffle_2", table_name="proposals")
    op.drop_index("ix_proposals_call_shuffle_1", table_name="proposals")
    op.drop_table("proposals")
    op.drop_index("ix_mails_status_due", table_name="mails")
    op.drop_index(op.f("ix_mails_organization_id"), table_name="mails")
    op.drop_index("ix_mails_call_id_id", table_name="mails")
    op.drop_index("ix_mails_account_id_created_at", table_name="mails")
    op.drop_table("mails")
    op.drop_index("ix_call_tags_tag", table_name="call_tags")
    op.drop_table("call_tags")
    op.drop_index("ix_call_stages_kind_opens", table_name="call_stages")
    op.drop_table("call_stages")
    op.drop_index(op.f("ix_organization_invitations_organization_id"), table_name="organization_invitations")
    op.drop_index(op.f("ix_organization_invitations_invited_by_id"), table_name="organization_invitations")
    op.drop_table("organization_invitations")
    op.drop_index(op.f("ix_memberships_account_id"), table_name="memberships")
    op.drop_table("memberships")
    op.drop_index(op.f("ix_calls_results_published_at"), table_name="calls")
    op.drop_index(op.f("ix_calls_published_by_id"), table_name="calls")
    op.drop_index(op.f("ix_calls_published_at"), table_name="calls")
    op.drop_index("ix_calls_organization_status", table_name="calls")
    op.drop_index(op.f("ix_calls_next_change_at"), table_name="calls")
    op.drop_index(op.f("ix_calls_created_by_id"), table_name="calls")
    op.drop_index(op.f("ix_calls_rehearsal_of_id"), table_name="calls")
    op.drop_table("calls")
    op.drop_index(op.f("ix_acceptances_legal_text_id"), table_name="acceptances")
    op.drop_index("ix_acceptances_account_text", table_name="acceptances")
    op.drop_table("acceptances")
    op.drop_index("ix_preferences_kind_channel", table_name="preferences")
    op.drop_table("preferences")
    op.drop_index(op.f("ix_organizations_status"), table_name="organizations")
    op.drop_index(op.f("ix_organizations_requested_by_id"), table_name="organizations")
    op.drop_index(op.f("ix_organizations_decided_by_id"), table_name="organizations")
    op.drop_table("organizations")
    op.drop_index(op.f("ix_browser_sessions_used_at"), table_name="browser_sessions")
    op.drop_index("ix_browser_sessions_account_ended", table_name="browser_sessions")
    op.drop_table("browser_sessions")
    op.drop_index(op.f("ix_mailed_links_email_folded"), table_name="mailed_links")
    op.drop_index(op.f("ix_mailed_links_account_id"), table_name="mailed_links")
    op.drop_table("mailed_links")
    op.drop_index("ix_erasures_due", table_name="erasures")
    op.drop_index(op.f("ix_erasures_by_id"), table_name="erasures")
    op.drop_table("erasures")
    op.drop_index(op.f("ix_legal_texts_published_by_id"), table_name="legal_texts")
    op.drop_table("legal_texts")
    op.drop_table("deliveries")
    op.drop_table("search_documents")
    op.drop_index(op.f("ix_kept_forms_kept_at"), table_name="kept_forms")
    op.drop_table("kept_forms")
    op.drop_table("job_runs")
    op.drop_index(op.f("ix_events_proposal_id"), table_name="events")
    op.drop_index("ix_events_pending", table_name="events")
    op.drop_index(op.f("ix_events_organization_id"), table_name="events")
    op.drop_index("ix_events_call_id_id", table_name="events")
    op.drop_index(op.f("ix_events_actor_id"), table_name="events")
    op.drop_table("events")
    op.drop_index("ix_attempts_key_at", table_name="attempts")
    op.drop_index(op.f("ix_attempts_at"), table_name="attempts")
    op.drop_table("attempts")
    op.drop_index(op.f("ix_accounts_rehearsal_id"), table_name="accounts")
    op.drop_table("accounts")
