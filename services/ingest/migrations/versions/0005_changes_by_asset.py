"""Old changes of an asset are found by its newer ones."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("changes_by_asset", "changes", ["owner", "asset_id", "sequence"])


def downgrade() -> None:
    op.drop_index("changes_by_asset", "changes")
