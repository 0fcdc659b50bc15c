"""Assets, renditions, tags and changes."""

import sqlalchemy as sa
from alembic import op

# Sorted by bytes, as stores list keys.
KEY = sa.String(1024).with_variant(sa.String(1024, collation="C"), "postgresql")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assets",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("external_id", sa.String(length=255), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("error_reason", sa.String(length=64), nullable=False),
        sa.Column("error_message", sa.Text(), nullable=False),
        sa.Column("error_retryable", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=16), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("thumbhash", sa.LargeBinary(length=64), nullable=False),
        sa.Column("frame_count", sa.Integer(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("colors", sa.JSON(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=200), nullable=False),
        sa.Column("group_name", sa.String(length=200), nullable=False),
        sa.Column("project", sa.String(length=200), nullable=False),
        sa.Column("style", sa.String(length=200), nullable=False),
        sa.Column("shot", sa.String(length=200), nullable=False),
        sa.Column("proposed_colors", sa.JSON(), nullable=False),
        sa.Column("recipe_version", sa.Integer(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("owner", "external_id", name="assets_external_id"),
    )
    with op.batch_alter_table("assets", schema=None) as batch_op:
        batch_op.create_index(
            "assets_by_category", ["owner", "category", "create_time", "id"], unique=False
        )
        batch_op.create_index(
            "assets_by_group", ["owner", "group_name", "create_time", "id"], unique=False
        )
        batch_op.create_index(
            "assets_by_kind", ["owner", "kind", "create_time", "id"], unique=False
        )
        batch_op.create_index(
            "assets_by_project", ["owner", "project", "create_time", "id"], unique=False
        )
        batch_op.create_index("assets_by_recipe", ["recipe_version", "id"], unique=False)
        batch_op.create_index("assets_by_sha256", ["owner", "sha256"], unique=False)
        batch_op.create_index(
            "assets_by_source", ["owner", "source", "create_time", "id"], unique=False
        )
        batch_op.create_index(
            "assets_by_state", ["owner", "state", "create_time", "id"], unique=False
        )
        batch_op.create_index("assets_newest", ["owner", "create_time", "id"], unique=False)

    op.create_table(
        "changes",
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("asset_id", sa.String(length=22), nullable=False),
        sa.Column("change", sa.String(length=16), nullable=False),
        sa.Column("asset", sa.LargeBinary(), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", "sequence"),
    )
    op.create_table(
        "owners",
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.Column("last_sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("owner"),
    )
    op.create_table(
        "garbage",
        sa.Column("storage_key", KEY, nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("storage_key"),
    )
    op.create_table(
        "renditions",
        sa.Column("asset_id", sa.String(length=22), nullable=False),
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("storage_key", KEY, nullable=False),
        sa.Column("content_type", sa.String(length=255), nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("etag", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("asset_id", "name"),
        sa.UniqueConstraint("storage_key"),
    )
    op.create_table(
        "tags",
        sa.Column("asset_id", sa.String(length=22), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("asset_id", "position"),
    )
    with op.batch_alter_table("tags", schema=None) as batch_op:
        batch_op.create_index("tags_by_tag", ["tag", "asset_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("tags", schema=None) as batch_op:
        batch_op.drop_index("tags_by_tag")

    op.drop_table("tags")
    op.drop_table("renditions")
    op.drop_table("garbage")
    op.drop_table("owners")
    op.drop_table("changes")
    with op.batch_alter_table("assets", schema=None) as batch_op:
        batch_op.drop_index("assets_newest")
        batch_op.drop_index("assets_by_state")
        batch_op.drop_index("assets_by_source")
        batch_op.drop_index("assets_by_sha256")
        batch_op.drop_index("assets_by_recipe")
        batch_op.drop_index("assets_by_project")
        batch_op.drop_index("assets_by_kind")
        batch_op.drop_index("assets_by_group")
        batch_op.drop_index("assets_by_category")

    op.drop_table("assets")
