"""registers of batches, when files were signed, and what the ink alone says of a value by pen"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batch_registers",
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=32), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_batch_registers_batch_id")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["users.id"], name=op.f("fk_batch_registers_uploaded_by")),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_batch_registers")),
    )
    op.create_table(
        "register_entries",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("file_code", sa.String(length=60), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("symbol", sa.String(length=60), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_register_entries_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_entries")),
        sa.UniqueConstraint("batch_id", "line", name=op.f("uq_register_entries_batch_id_line")),
    )
    with op.batch_alter_table("register_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_register_entries_batch_id"), ["batch_id"], unique=False)
    with op.batch_alter_table("incoming_files", schema=None) as batch_op:
        batch_op.add_column(sa.Column("signing_times", sa.JSON(), server_default="[]", nullable=False))
    with op.batch_alter_table("field_suggestions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ink", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("field_suggestions", schema=None) as batch_op:
        batch_op.drop_column("ink")
    with op.batch_alter_table("incoming_files", schema=None) as batch_op:
        batch_op.drop_column("signing_times")
    with op.batch_alter_table("register_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_register_entries_batch_id"))
    op.drop_table("register_entries")
    op.drop_table("batch_registers")
