"""Ids of assets that made way for equal ones."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "aliases",
        sa.Column("asset_id", sa.String(length=22), nullable=False),
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.Column("external_id", sa.String(length=255), nullable=True),
        sa.Column("target_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(["target_id"], ["assets.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("asset_id"),
    )
    with op.batch_alter_table("aliases", schema=None) as batch_op:
        batch_op.create_index("aliases_by_external_id", ["owner", "external_id"], unique=False)
        batch_op.create_index("aliases_by_target", ["target_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("aliases", schema=None) as batch_op:
        batch_op.drop_index("aliases_by_target")
        batch_op.drop_index("aliases_by_external_id")

    op.drop_table("aliases")
