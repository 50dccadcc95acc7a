"""personal values found in documents, why a label was raised, and who was shown values in full"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("label_reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("scanned_round", sa.Integer(), nullable=True))
    op.create_table(
        "personal_findings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("page_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_personal_findings_document_id_documents")
        ),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_personal_findings_page_id_pages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_findings")),
    )
    op.create_index(op.f("ix_personal_findings_document_id"), "personal_findings", ["document_id"], unique=False)
    op.create_index(op.f("ix_personal_findings_page_id"), "personal_findings", ["page_id"], unique=False)
    op.create_table(
        "unmaskings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_unmaskings_document_id_documents")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_unmaskings_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmaskings")),
    )
    op.create_index(op.f("ix_unmaskings_document_id"), "unmaskings", ["document_id"], unique=False)
    op.create_index(op.f("ix_unmaskings_user_id"), "unmaskings", ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_table("unmaskings")
    op.drop_table("personal_findings")
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_column("scanned_round")
        batch_op.drop_column("label_reason")
