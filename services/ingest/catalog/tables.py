"""The catalog's tables. Every change here has a migration in migrations/versions."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class UtcDateTime(TypeDecorator[datetime]):
    """A point in time, aware and in UTC on every database; SQLite alone forgets the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Bring a time to UTC.

        Raises:
            ValueError: the time has no zone.
        """
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables of the catalog."""


# Keys sort by their bytes, as stores list them, whatever language the database speaks.
KEY = String(1024).with_variant(String(1024, collation="C"), "postgresql")


class AssetRow(Base):
    """One asset: a picture or a document.

    Attributes:
        kind, source, state: names of the proto's enum values without their prefix,
            in lower case, as "draft".
        external_id: the caller's own name; NULL, not empty, when there is none, so
            that the unique constraint leaves such rows alone.
        colors: [["#rrggbb", share], ...], five for an image.
        version: counts the changes of this row; the asset's etag.
    """

    __tablename__ = "assets"

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    owner: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    external_id: Mapped[str | None] = mapped_column(String(255))
    source_url: Mapped[str] = mapped_column(Text, default="")
    file_name: Mapped[str] = mapped_column(String(255), default="")
    error_reason: Mapped[str] = mapped_column(String(64), default="")
    error_message: Mapped[str] = mapped_column(Text, default="")
    error_retryable: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    width_px: Mapped[int] = mapped_column(default=0)
    height_px: Mapped[int] = mapped_column(default=0)
    format: Mapped[str] = mapped_column(String(16), default="")
    size_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32), default=b"")
    thumbhash: Mapped[bytes] = mapped_column(LargeBinary(64), default=b"")
    frame_count: Mapped[int] = mapped_column(default=0)
    page_count: Mapped[int] = mapped_column(default=0)
    colors: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    warnings: Mapped[list[str]] = mapped_column(JSON, default=list)
    title: Mapped[str] = mapped_column(String(500), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    category: Mapped[str] = mapped_column(String(200), default="")
    group: Mapped[str] = mapped_column("group_name", String(200), default="")
    project: Mapped[str] = mapped_column(String(200), default="")
    style: Mapped[str] = mapped_column(String(200), default="")
    shot: Mapped[str] = mapped_column(String(200), default="")
    proposed_colors: Mapped[list[str]] = mapped_column(JSON, default=list)
    recipe_version: Mapped[int] = mapped_column(default=0)
    create_time: Mapped[datetime] = mapped_column(UtcDateTime)
    update_time: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    renditions: Mapped[list["RenditionRow"]] = relationship(
        cascade="all, delete-orphan", order_by="RenditionRow.position", lazy="selectin"
    )
    tags: Mapped[list["TagRow"]] = relationship(
        cascade="all, delete-orphan", order_by="TagRow.position", lazy="selectin"
    )

    __table_args__ = (
        UniqueConstraint("owner", "external_id", name="assets_external_id"),
        # One index for every filter that a list offers, in the order of the list.
        Index("assets_newest", "owner", "create_time", "id"),
        Index("assets_by_state", "owner", "state", "create_time", "id"),
        Index("assets_by_kind", "owner", "kind", "create_time", "id"),
        Index("assets_by_source", "owner", "source", "create_time", "id"),
        Index("assets_by_group", "owner", "group_name", "create_time", "id"),
        Index("assets_by_project", "owner", "project", "create_time", "id"),
        Index("assets_by_category", "owner", "category", "create_time", "id"),
        Index("assets_by_sha256", "owner", "sha256"),
        Index("assets_by_recipe", "recipe_version", "id"),
    )


class RenditionRow(Base):
    """One stored picture of an asset.

    Attributes:
        position: its place in the asset's list, original first.
    """

    __tablename__ = "renditions"

    asset_id: Mapped[str] = mapped_column(
        ForeignKey("assets.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    position: Mapped[int]
    storage_key: Mapped[str] = mapped_column(KEY, unique=True)
    content_type: Mapped[str] = mapped_column(String(255))
    width_px: Mapped[int] = mapped_column(default=0)
    height_px: Mapped[int] = mapped_column(default=0)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    etag: Mapped[str] = mapped_column(String(255))


class TagRow(Base):
    """One tag of an asset, each once.

    Attributes:
        owner, create_time: the asset's, by which the tag's list is ordered.
    """

    __tablename__ = "tags"

    asset_id: Mapped[str] = mapped_column(
        ForeignKey("assets.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(String(100))
    owner: Mapped[str] = mapped_column(String(128))
    create_time: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("tags_by_tag", "owner", "tag", "create_time", "asset_id"),)


class ChangeRow(Base):
    """One change of one asset, for those who watch.

    Attributes:
        sequence: counts an owner's changes in the order of their commits; without gaps as
            long as none was overtaken and forgotten.
        asset: the asset right after the change, as an encoded proto message.
    """

    __tablename__ = "changes"

    owner: Mapped[str] = mapped_column(String(128), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    asset_id: Mapped[str] = mapped_column(String(22))
    change: Mapped[str] = mapped_column(String(16))
    asset: Mapped[bytes] = mapped_column(LargeBinary)
    time: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("changes_by_asset", "owner", "asset_id", "sequence"),)


class OwnerRow(Base):
    """One owner.

    Attributes:
        last_sequence: number of the owner's newest change. Every change locks this
            row, so that sequences are handed out in the order of commits.
    """

    __tablename__ = "owners"

    owner: Mapped[str] = mapped_column(String(128), primary_key=True)
    last_sequence: Mapped[int] = mapped_column(BigInteger, default=0)


class AliasRow(Base):
    """The id of an asset that made way for an equal one of the same owner, and leads there.

    Attributes:
        external_id: the caller's own name for it; NULL when there is none.
    """

    __tablename__ = "aliases"

    asset_id: Mapped[str] = mapped_column(String(22), primary_key=True)
    owner: Mapped[str] = mapped_column(String(128))
    external_id: Mapped[str | None] = mapped_column(String(255))
    target_id: Mapped[str] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"))

    __table_args__ = (
        Index("aliases_by_external_id", "owner", "external_id"),
        Index("aliases_by_target", "target_id"),
    )


class GarbageRow(Base):
    """One object that no asset names any more and that is to be deleted."""

    __tablename__ = "garbage"

    storage_key: Mapped[str] = mapped_column(KEY, primary_key=True)
    time: Mapped[datetime] = mapped_column(UtcDateTime)


class JobRow(Base):
    """What is to be done for an asset that is not whole, or failed; gone when it is whole.

    Attributes:
        work: "image" or "document".
        url: where the original is to be fetched; empty when it is in the store.
        dedupe, tolerate_truncated: what the caller asked for.
        run: number of the asset's newest workflow, larger than that of any other; only
            this one may change it.
        attempts: runs of this job that failed in a way that waiting may cure.
        executions: how often the run was begun. More than once: whoever had begun it
            has died.
        update_time: when a run was last enqueued or begun.
    """

    __tablename__ = "jobs"

    asset_id: Mapped[str] = mapped_column(
        ForeignKey("assets.id", ondelete="CASCADE"), primary_key=True
    )
    work: Mapped[str] = mapped_column(String(16))
    url: Mapped[str] = mapped_column(Text, default="")
    dedupe: Mapped[bool] = mapped_column(default=False)
    tolerate_truncated: Mapped[bool] = mapped_column(default=False)
    run: Mapped[int] = mapped_column(BigInteger, default=1)
    attempts: Mapped[int] = mapped_column(default=0)
    executions: Mapped[int] = mapped_column(default=0)
    update_time: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("jobs_by_time", "update_time", "asset_id"),)


class PageRow(Base):
    """The text of one page of a document, counted from 1."""

    __tablename__ = "pages"

    asset_id: Mapped[str] = mapped_column(
        ForeignKey("assets.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
