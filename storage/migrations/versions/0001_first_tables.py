"""first tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_events",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("target", sa.String(length=120), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_access_events")),
    )
    with op.batch_alter_table("access_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_events_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_events_actor"), ["actor"], unique=False)

    op.create_table(
        "units",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("parent_id", sa.String(length=32), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("successor_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["units.id"], name=op.f("fk_units_parent_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["units.id"], name=op.f("fk_units_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("code", name=op.f("uq_units_code")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("full_name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("secrecy", sa.Integer(), nullable=False),
        sa.Column("sensitivity", sa.Integer(), nullable=False),
        sa.Column("confidentiality_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("username", name=op.f("uq_users_username")),
    )
    op.create_table(
        "catalogue_entries",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("coordinating_unit_ids", sa.JSON(), nullable=False),
        sa.Column("business_owner_id", sa.String(length=32), nullable=True),
        sa.Column("technical_owner_id", sa.String(length=32), nullable=True),
        sa.Column("record_types", sa.JSON(), nullable=False),
        sa.Column("composition", sa.String(length=60), nullable=False),
        sa.Column("planned_pages", sa.Integer(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=True),
        sa.Column("period_to", sa.Date(), nullable=True),
        sa.Column("dictionary_version", sa.String(length=20), nullable=False),
        sa.Column("approved_by", sa.String(length=32), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["approved_by"], ["users.id"], name=op.f("fk_catalogue_entries_approved_by")),
        sa.ForeignKeyConstraint(
            ["business_owner_id"], ["users.id"], name=op.f("fk_catalogue_entries_business_owner_id")
        ),
        sa.ForeignKeyConstraint(
            ["technical_owner_id"], ["users.id"], name=op.f("fk_catalogue_entries_technical_owner_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_catalogue_entries_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_entries")),
        sa.UniqueConstraint("code", name=op.f("uq_catalogue_entries_code")),
    )
    op.create_table(
        "role_grants",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "scan_operator",
                "data_entry",
                "reviewer",
                "acceptor_business",
                "acceptor_data",
                "acceptor_security",
                "searcher",
                "business_owner",
                "technical_owner",
                "security_officer",
                "administrator",
                "auditor",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_role_grants_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_role_grants_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grants")),
        sa.UniqueConstraint("user_id", "unit_id", "role", name=op.f("uq_role_grants_user_id_unit_id_role")),
    )
    with op.batch_alter_table("role_grants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grants_user_id"), ["user_id"], unique=False)

    op.create_table(
        "sign_ins",
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_ins_user_id")),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_sign_ins")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_user_id"), ["user_id"], unique=False)

    op.create_table(
        "stations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("operator_id", sa.String(length=32), nullable=False),
        sa.Column("key_prefix", sa.String(length=16), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("key_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("security_checked_on", sa.Date(), nullable=True),
        sa.Column("security_check_due", sa.Date(), nullable=True),
        sa.Column("verify_key", sa.String(length=100), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["operator_id"], ["users.id"], name=op.f("fk_stations_operator_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_stations_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stations")),
        sa.UniqueConstraint("code", name=op.f("uq_stations_code")),
        sa.UniqueConstraint("key_prefix", name=op.f("uq_stations_key_prefix")),
    )
    op.create_table(
        "batches",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("catalogue_entry_id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("station_id", sa.String(length=32), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "opened",
                "receiving",
                "sealed",
                "processing",
                "in_review",
                "reconciling",
                "accepted",
                "trial",
                "published",
                "returned",
                "rework",
                name="batchstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("secrecy", sa.Integer(), nullable=False),
        sa.Column("dictionary_version", sa.String(length=20), nullable=False),
        sa.Column("manifest", sa.JSON(), nullable=True),
        sa.Column("manifest_digest", sa.String(length=64), nullable=True),
        sa.Column("receipt", sa.JSON(), nullable=True),
        sa.Column("opened_by", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["catalogue_entry_id"], ["catalogue_entries.id"], name=op.f("fk_batches_catalogue_entry_id")
        ),
        sa.ForeignKeyConstraint(["opened_by"], ["users.id"], name=op.f("fk_batches_opened_by")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_batches_station_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_batches_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("code", name=op.f("uq_batches_code")),
    )
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batches_state"), ["state"], unique=False)

    op.create_table(
        "acceptances",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "grade",
            sa.Enum("A", "B", "C", name="grade", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_acceptances_batch_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_acceptances_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptances")),
        sa.UniqueConstraint("batch_id", "round", name=op.f("uq_acceptances_batch_id_round")),
    )
    with op.batch_alter_table("acceptances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_acceptances_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "archival_files",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column("fonds", sa.String(length=60), nullable=False),
        sa.Column("series_list", sa.String(length=60), nullable=False),
        sa.Column("box", sa.String(length=60), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_archival_files_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archival_files")),
        sa.UniqueConstraint(
            "batch_id", "fonds", "series_list", "code", name=op.f("uq_archival_files_batch_id_fonds_series_list_code")
        ),
    )
    with op.batch_alter_table("archival_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_archival_files_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "jobs",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "split", "read", "describe", "index", name="stage", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.String(length=32), nullable=False),
        sa.Column("subject_revision", sa.Integer(), nullable=False),
        sa.Column(
            "queue",
            sa.Enum(
                "read.cpu", "read.gpu", "light", name="queue", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "ready",
                "leased",
                "done",
                "failed",
                "parked",
                name="jobstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.String(length=120), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_jobs_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint(
            "stage", "subject_id", "subject_revision", name=op.f("uq_jobs_stage_subject_id_subject_revision")
        ),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_jobs_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index("ix_jobs_due", ["state", "run_after"], unique=False)
        batch_op.create_index(batch_op.f("ix_jobs_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "sign_offs",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("aspect", sa.String(length=20), nullable=False),
        sa.Column("signed_by", sa.String(length=32), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_sign_offs_batch_id")),
        sa.ForeignKeyConstraint(["signed_by"], ["users.id"], name=op.f("fk_sign_offs_signed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_offs")),
        sa.UniqueConstraint("batch_id", "round", "aspect", name=op.f("uq_sign_offs_batch_id_round_aspect")),
    )
    with op.batch_alter_table("sign_offs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_offs_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "documents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column("archival_file_id", sa.String(length=32), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "processing",
                "described",
                "entered",
                "confirmed",
                "accepted",
                "published",
                "corrected",
                "withdrawn",
                "rescan_requested",
                "rejected",
                "superseded",
                "withheld",
                "cleared",
                "purged",
                name="documentstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("declared_record_type", sa.String(length=60), nullable=True),
        sa.Column("suggested_record_type", sa.String(length=60), nullable=True),
        sa.Column("suggested_confidence", sa.Double(), nullable=True),
        sa.Column("record_type", sa.String(length=60), nullable=True),
        sa.Column("form", sa.String(length=10), nullable=False),
        sa.Column("described_round", sa.Integer(), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("secrecy", sa.Integer(), nullable=False),
        sa.Column("sensitivity", sa.Integer(), nullable=False),
        sa.Column("label_provisional", sa.Boolean(), nullable=False),
        sa.Column(
            "visibility",
            sa.Enum(
                "unpublished",
                "published",
                "withheld",
                "gone",
                name="visibility",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reason_code", sa.String(length=40), nullable=True),
        sa.Column("entered_by", sa.String(length=32), nullable=True),
        sa.Column("confirmed_by", sa.String(length=32), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_revision", sa.Integer(), nullable=False),
        sa.Column("indexed_revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["archival_file_id"], ["archival_files.id"], name=op.f("fk_documents_archival_file_id")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_documents_batch_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["users.id"], name=op.f("fk_documents_confirmed_by")),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_documents_entered_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_documents_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint(
            "archival_file_id", "ordinal", "version", name=op.f("uq_documents_archival_file_id_ordinal_version")
        ),
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index("ix_documents_access", ["visibility", "unit_id", "secrecy", "sensitivity"], unique=False)
        batch_op.create_index(batch_op.f("ix_documents_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "defects",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_defects_batch_id")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_defects_created_by")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_defects_document_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_defects_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_defects")),
    )
    with op.batch_alter_table("defects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_defects_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "incoming_files",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "announced",
                "arriving",
                "received",
                "refused",
                name="filestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("received_bytes", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=True),
        sa.Column("page_count", sa.Integer(), nullable=True),
        sa.Column("refusal_code", sa.String(length=40), nullable=True),
        sa.Column("refusal_reason", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("received_bytes <= size", name=op.f("ck_incoming_files_not_more_than_announced")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_incoming_files_batch_id")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_incoming_files_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_files")),
        sa.UniqueConstraint("batch_id", "name", name=op.f("uq_incoming_files_batch_id_name")),
    )
    with op.batch_alter_table("incoming_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incoming_files_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incoming_files_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incoming_files_sha256"), ["sha256"], unique=False)

    op.create_table(
        "value_changes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("changed_by", sa.String(length=32), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["users.id"], name=op.f("fk_value_changes_changed_by")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_value_changes_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_value_changes")),
    )
    with op.batch_alter_table("value_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_value_changes_document_id"), ["document_id"], unique=False)

    op.create_table(
        "pages",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("incoming_file_id", sa.String(length=32), nullable=False),
        sa.Column("number_in_file", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "in_progress",
                "published",
                "rejected",
                "withheld",
                "superseded",
                "dropped",
                name="pagestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("image_sha256", sa.String(length=64), nullable=True),
        sa.Column("image_type", sa.String(length=40), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("dpi", sa.Integer(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("failure_settled_by", sa.String(length=32), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_pages_batch_id")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_pages_document_id")),
        sa.ForeignKeyConstraint(["failure_settled_by"], ["users.id"], name=op.f("fk_pages_failure_settled_by")),
        sa.ForeignKeyConstraint(["incoming_file_id"], ["incoming_files.id"], name=op.f("fk_pages_incoming_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pages")),
        sa.UniqueConstraint(
            "incoming_file_id", "number_in_file", name=op.f("uq_pages_incoming_file_id_number_in_file")
        ),
    )
    with op.batch_alter_table("pages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pages_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pages_document_id"), ["document_id"], unique=False)

    op.create_table(
        "field_suggestions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("printed", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("page_id", sa.String(length=32), nullable=True),
        sa.Column("box", sa.JSON(), nullable=True),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("handwritten", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_field_suggestions_document_id")),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_field_suggestions_page_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_suggestions")),
    )
    with op.batch_alter_table("field_suggestions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_field_suggestions_document_id"), ["document_id"], unique=False)

    op.create_table(
        "page_readings",
        sa.Column("page_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("rotation", sa.Integer(), nullable=False),
        sa.Column("skew", sa.Double(), nullable=False),
        sa.Column("blank", sa.Boolean(), nullable=False),
        sa.Column("quality", sa.JSON(), nullable=False),
        sa.Column("engine", sa.String(length=80), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_page_readings_page_id")),
        sa.PrimaryKeyConstraint("page_id", name=op.f("pk_page_readings")),
    )
    op.create_table(
        "field_values",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("missing_reason", sa.String(length=300), nullable=True),
        sa.Column("suggestion_id", sa.String(length=32), nullable=True),
        sa.Column("page_id", sa.String(length=32), nullable=True),
        sa.Column("box", sa.JSON(), nullable=True),
        sa.Column("entered_by", sa.String(length=32), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(length=32), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["confirmed_by"], ["users.id"], name=op.f("fk_field_values_confirmed_by")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_field_values_document_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_field_values_entered_by")),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_field_values_page_id")),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["field_suggestions.id"], name=op.f("fk_field_values_suggestion_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_values")),
        sa.UniqueConstraint("document_id", "name", name=op.f("uq_field_values_document_id_name")),
    )
    with op.batch_alter_table("field_values", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_field_values_document_id"), ["document_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("field_values", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_field_values_document_id"))

    op.drop_table("field_values")
    op.drop_table("page_readings")
    with op.batch_alter_table("field_suggestions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_field_suggestions_document_id"))

    op.drop_table("field_suggestions")
    with op.batch_alter_table("pages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pages_document_id"))
        batch_op.drop_index(batch_op.f("ix_pages_batch_id"))

    op.drop_table("pages")
    with op.batch_alter_table("value_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_value_changes_document_id"))

    op.drop_table("value_changes")
    with op.batch_alter_table("incoming_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incoming_files_sha256"))
        batch_op.drop_index(batch_op.f("ix_incoming_files_document_id"))
        batch_op.drop_index(batch_op.f("ix_incoming_files_batch_id"))

    op.drop_table("incoming_files")
    with op.batch_alter_table("defects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_defects_batch_id"))

    op.drop_table("defects")
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_documents_batch_id"))
        batch_op.drop_index("ix_documents_access")

    op.drop_table("documents")
    with op.batch_alter_table("sign_offs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_offs_batch_id"))

    op.drop_table("sign_offs")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_jobs_subject_id"))
        batch_op.drop_index("ix_jobs_due")
        batch_op.drop_index(batch_op.f("ix_jobs_batch_id"))

    op.drop_table("jobs")
    with op.batch_alter_table("archival_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_archival_files_batch_id"))

    op.drop_table("archival_files")
    with op.batch_alter_table("acceptances", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_acceptances_batch_id"))

    op.drop_table("acceptances")
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_batches_state"))

    op.drop_table("batches")
    op.drop_table("stations")
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_ins_user_id"))

    op.drop_table("sign_ins")
    with op.batch_alter_table("role_grants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_grants_user_id"))

    op.drop_table("role_grants")
    op.drop_table("catalogue_entries")
    op.drop_table("users")
    op.drop_table("units")
    with op.batch_alter_table("access_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_events_actor"))
        batch_op.drop_index(batch_op.f("ix_access_events_action"))

    op.drop_table("access_events")
