"""marks on pages: ink that is no print and was not read"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("page_readings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("marks", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("page_readings", schema=None) as batch_op:
        batch_op.drop_column("marks")
