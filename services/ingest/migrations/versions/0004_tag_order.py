"""A tag's list is read in its order, however many assets have the tag."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "DELETE FROM tags WHERE EXISTS (SELECT 1 FROM tags AS first WHERE first.asset_id ="
        " tags.asset_id AND first.tag = tags.tag AND first.position < tags.position)"
    )
    with op.batch_alter_table("tags", schema=None) as batch_op:
        batch_op.drop_index("tags_by_tag")
        batch_op.add_column(sa.Column("owner", sa.String(length=128), nullable=True))
        batch_op.add_column(sa.Column("create_time", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE tags SET"
        " owner = (SELECT owner FROM assets WHERE assets.id = tags.asset_id),"
        " create_time = (SELECT create_time FROM assets WHERE assets.id = tags.asset_id)"
    )
    with op.batch_alter_table("tags", schema=None) as batch_op:
        batch_op.alter_column("owner", existing_type=sa.String(length=128), nullable=False)
        batch_op.alter_column(
            "create_time", existing_type=sa.DateTime(timezone=True), nullable=False
        )
        batch_op.create_index(
            "tags_by_tag", ["owner", "tag", "create_time", "asset_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("tags", schema=None) as batch_op:
        batch_op.drop_index("tags_by_tag")
        batch_op.drop_column("create_time")
        batch_op.drop_column("owner")
        batch_op.create_index("tags_by_tag", ["tag", "asset_id"], unique=False)
