"""the dictionary's versions, change requests, and what a catalogue entry plans"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dictionary_versions",
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "approved",
                "rejected",
                "applied",
                name="changestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("proposed_by", sa.String(length=32), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.String(length=300), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_dictionary_versions_decided_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["users.id"], name=op.f("fk_dictionary_versions_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dictionary_versions")),
    )
    with op.batch_alter_table("dictionary_versions", schema=None) as batch_op:
        batch_op.create_index(
            "uq_dictionary_versions_approved",
            ["version"],
            unique=True,
            sqlite_where=sa.text("state = 'approved'"),
            postgresql_where=sa.text("state = 'approved'"),
        )

    op.create_table(
        "catalogue_targets",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("entry_id", sa.String(length=32), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_catalogue_targets_percent_of_the_plan")),
        sa.ForeignKeyConstraint(["entry_id"], ["catalogue_entries.id"], name=op.f("fk_catalogue_targets_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_targets")),
        sa.UniqueConstraint("entry_id", "due", name=op.f("uq_catalogue_targets_entry_id_due")),
    )
    with op.batch_alter_table("catalogue_targets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_catalogue_targets_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "entry_changes",
        sa.Column("entry_id", sa.String(length=32), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "approved",
                "rejected",
                "applied",
                name="changestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("proposed_by", sa.String(length=32), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.String(length=300), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_entry_changes_decided_by")),
        sa.ForeignKeyConstraint(["entry_id"], ["catalogue_entries.id"], name=op.f("fk_entry_changes_entry_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["users.id"], name=op.f("fk_entry_changes_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_changes")),
    )
    with op.batch_alter_table("entry_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entry_changes_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "open_questions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("entry_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("needs_authority", sa.Boolean(), nullable=False),
        sa.Column("blocking", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.String(length=32), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["users.id"], name=op.f("fk_open_questions_answered_by")),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_open_questions_asked_by")),
        sa.ForeignKeyConstraint(["entry_id"], ["catalogue_entries.id"], name=op.f("fk_open_questions_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_questions")),
    )
    with op.batch_alter_table("open_questions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_open_questions_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "process_cards",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("entry_id", sa.String(length=32), nullable=False),
        sa.Column("record_type", sa.String(length=60), nullable=False),
        sa.Column("input", sa.String(length=500), nullable=False),
        sa.Column("output", sa.String(length=500), nullable=False),
        sa.Column("role", sa.String(length=300), nullable=False),
        sa.Column("deadline", sa.String(length=300), nullable=False),
        sa.Column("product", sa.String(length=500), nullable=False),
        sa.Column("kpi", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["catalogue_entries.id"], name=op.f("fk_process_cards_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_cards")),
        sa.UniqueConstraint("entry_id", "record_type", name=op.f("uq_process_cards_entry_id_record_type")),
    )
    with op.batch_alter_table("process_cards", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_process_cards_entry_id"), ["entry_id"], unique=False)

    # Until now there was one dictionary, the program's own, and no text of it was kept: it is version 1 from here on.
    for table in ("batches", "catalogue_entries"):
        op.execute(f"UPDATE {table} SET dictionary_version = '1' WHERE dictionary_version = '2026.1'")


def downgrade() -> None:
    op.drop_table("process_cards")
    op.drop_table("open_questions")
    op.drop_table("entry_changes")
    op.drop_table("catalogue_targets")
    op.drop_table("dictionary_versions")
