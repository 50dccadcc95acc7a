"""reasons for what a file lacks, settled contradictions of a person's file, and where a value was taken over from"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_absences()
    _create_settlements()
    with op.batch_alter_table("archival_files", schema=None) as batch_op:
        batch_op.create_index("ix_archival_files_place", ["fonds", "series_list", "code"], unique=False)
    with op.batch_alter_table("field_values", schema=None) as batch_op:
        batch_op.add_column(sa.Column("origin_document_id", sa.String(length=32), nullable=True))


def _create_absences() -> None:
    op.create_table(
        "absences",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("archival_file_id", sa.String(length=32), nullable=False),
        sa.Column("record_type", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("entered_by", sa.String(length=32), nullable=False),
        sa.Column("entered_at", _MOMENT, nullable=False),
        sa.Column("confirmed_by", sa.String(length=32), nullable=True),
        sa.Column("confirmed_at", _MOMENT, nullable=True),
        sa.Column("revoked_by", sa.String(length=32), nullable=True),
        sa.Column("revoked_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["archival_file_id"], ["archival_files.id"], name=op.f("fk_absences_archival_file_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_absences_entered_by")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["users.id"], name=op.f("fk_absences_confirmed_by")),
        sa.ForeignKeyConstraint(["revoked_by"], ["users.id"], name=op.f("fk_absences_revoked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(op.f("ix_absences_archival_file_id"), "absences", ["archival_file_id"], unique=False)


def _create_settlements() -> None:
    op.create_table(
        "settlements",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column("fact", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("settled_by", sa.String(length=32), nullable=False),
        sa.Column("settled_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_settlements_batch_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["users.id"], name=op.f("fk_settlements_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlements")),
    )
    op.create_index(op.f("ix_settlements_batch_id"), "settlements", ["batch_id"], unique=False)
    op.create_table(
        "settled_claims",
        sa.Column("settlement_id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["settlement_id"], ["settlements.id"], name=op.f("fk_settled_claims_settlement_id")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_settled_claims_document_id")),
        sa.PrimaryKeyConstraint("settlement_id", "document_id", "field", name=op.f("pk_settled_claims")),
    )
    op.create_index(op.f("ix_settled_claims_document_id"), "settled_claims", ["document_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("field_values", schema=None) as batch_op:
        batch_op.drop_column("origin_document_id")
    with op.batch_alter_table("archival_files", schema=None) as batch_op:
        batch_op.drop_index("ix_archival_files_place")
    op.drop_index(op.f("ix_settled_claims_document_id"), table_name="settled_claims")
    op.drop_table("settled_claims")
    op.drop_index(op.f("ix_settlements_batch_id"), table_name="settlements")
    op.drop_table("settlements")
    op.drop_index(op.f("ix_absences_archival_file_id"), table_name="absences")
    op.drop_table("absences")
