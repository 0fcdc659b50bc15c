"""The catalog behaves the same on SQLite and on a real Postgres."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine

from services.ingest.catalog.catalog import Catalog
from services.ingest.catalog.database import MIGRATIONS
from services.ingest.catalog.tables import AssetRow, Base, TagRow
from services.ingest.errors import AssetNotFound, CatalogUnavailable, ExternalIdTaken
from services.ingest.urls import Urls
from services.rpc.errors import InvalidRequest
from tintype.ingest.v1 import asset_pb2, ingest_pb2

NewRow = Callable[..., AssetRow]
ANY = ingest_pb2.AssetFilter()


def test_an_asset_is_read_back_as_it_was_inserted(catalog: Catalog, row: NewRow) -> None:
    before = datetime.now(UTC)
    inserted = catalog.insert(
        row(
            colors=[["#ff0000", 0.5]],
            sha256=bytes(range(32)),
            title="Größe 📷",
            tags=[TagRow(position=0, tag="b"), TagRow(position=1, tag="a")],
        )
    )
    asset = catalog.get("ann", inserted.id)
    assert asset == inserted
    assert asset.state == asset_pb2.ASSET_STATE_DRAFT
    assert asset.colors[0].hex == "#ff0000"
    assert list(asset.details.tags) == ["b", "a"]
    assert asset.renditions[0].url.startswith("http://edge.test/uploads/media-uploads/2026/")
    assert before <= asset.create_time.ToDatetime(UTC) <= datetime.now(UTC)


def test_somebody_elses_asset_is_not_there(catalog: Catalog, row: NewRow) -> None:
    asset = catalog.insert(row("ann"))
    with pytest.raises(AssetNotFound, match=asset.id):
        catalog.get("bob", asset.id)
    with pytest.raises(AssetNotFound):
        catalog.delete("bob", asset.id)
    assert catalog.get("ann", asset.id) == asset


def test_of_twenty_writers_of_one_external_id_one_wins(catalog: Catalog, row: NewRow) -> None:
    def insert(_number: int) -> str | None:
        try:
            return catalog.insert(row(external_id="message-1")).id
        except ExternalIdTaken:
            return None

    with ThreadPoolExecutor(8) as threads:
        winners = [winner for winner in threads.map(insert, range(20)) if winner]
    assert len(winners) == 1
    found = catalog.find_external("ann", "message-1")
    assert found is not None
    assert found.id == winners[0]
    # The same name of another owner is another asset.
    catalog.insert(row("bob", external_id="message-1"))


def test_pages_hold_every_asset_once_newest_first(catalog: Catalog, row: NewRow) -> None:
    inserted = [catalog.insert(row()).id for _ in range(23)]
    listed, token, pages = [], "", 0
    while True:
        assets, token = catalog.list_page("ann", ANY, 5, token)
        listed += [asset.id for asset in assets]
        pages += 1
        if not token:
            break
    assert listed == inserted[::-1]
    assert pages == 5


@pytest.mark.parametrize("wanted", [{"states": [99]}, {"kind": 99}, {"source": 99}])
def test_a_filter_with_a_number_that_has_no_name_is_refused(
    catalog: Catalog, wanted: dict[str, Any]
) -> None:
    with pytest.raises(InvalidRequest, match="99"):
        catalog.list_page("ann", ingest_pb2.AssetFilter(**wanted), 10, "")


def test_a_text_that_postgres_cannot_keep_is_refused_or_finds_nothing(
    catalog: Catalog, engine: Engine
) -> None:
    wanted = ingest_pb2.AssetFilter(group="a\x00b")
    if engine.dialect.name == "postgresql":
        with pytest.raises(InvalidRequest, match="NUL"):
            catalog.list_page("ann", wanted, 10, "")
        with pytest.raises(InvalidRequest, match="NUL"):
            catalog.get("ann", "a\x00b")
    else:
        assert catalog.list_page("ann", wanted, 10, "") == ([], "")


def test_a_list_holds_what_its_filter_wants(catalog: Catalog, row: NewRow) -> None:
    wanted = catalog.insert(
        row(state="queued", source="discord", group="g", tags=[TagRow(position=0, tag="cat")])
    )
    catalog.insert(row())
    for only in (
        ingest_pb2.AssetFilter(states=[asset_pb2.ASSET_STATE_QUEUED]),
        ingest_pb2.AssetFilter(source=asset_pb2.ASSET_SOURCE_DISCORD),
        ingest_pb2.AssetFilter(group="g"),
        ingest_pb2.AssetFilter(tag="cat", kind=asset_pb2.ASSET_KIND_IMAGE),
    ):
        assert [asset.id for asset in catalog.list_page("ann", only, 0, "")[0]] == [wanted.id]
    assert catalog.list_page("ann", ingest_pb2.AssetFilter(tag="dog"), 0, "") == ([], "")


@pytest.mark.parametrize(("size", "token"), [(-1, ""), (1001, ""), (0, "nonsense"), (0, "YWJj")])
def test_a_page_that_cannot_be_is_refused(catalog: Catalog, size: int, token: str) -> None:
    with pytest.raises(InvalidRequest):
        catalog.list_page("ann", ANY, size, token)


def test_a_deleted_assets_objects_are_garbage_until_forgotten(
    catalog: Catalog, row: NewRow
) -> None:
    asset = catalog.insert(row())
    key = asset.renditions[0].storage_key
    catalog.delete("ann", asset.id)
    with pytest.raises(AssetNotFound):
        catalog.get("ann", asset.id)
    assert list(catalog.garbage()) == [key]
    catalog.add_garbage([key])  # twice does no harm
    catalog.forget_garbage([key])
    assert list(catalog.garbage()) == []


def test_an_object_that_an_asset_names_never_becomes_garbage(catalog: Catalog, row: NewRow) -> None:
    # As after a commit that the database could not confirm any more.
    named = catalog.insert(row()).renditions[0].storage_key
    assert catalog.add_garbage([named, "media-uploads/nobodys"]) == ["media-uploads/nobodys"]
    assert list(catalog.garbage()) == ["media-uploads/nobodys"]


def test_a_database_that_is_away_is_said_in_the_catalogs_words(row: NewRow) -> None:
    nowhere = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    catalog = Catalog(nowhere, Urls("http://edge.test", "uploads", "media-uploads"))
    with pytest.raises(CatalogUnavailable):
        catalog.get("ann", "x")
    with pytest.raises(CatalogUnavailable):
        catalog.insert(row())


def test_a_change_that_is_refused_leaves_the_asset_as_it_was(catalog: Catalog, row: NewRow) -> None:
    asset = catalog.insert(row())

    def refuse(changed: AssetRow) -> None:
        changed.title = "half done"
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        catalog.change("ann", asset.id, refuse)
    assert catalog.get("ann", asset.id) == asset
    changed = catalog.change("ann", asset.id, lambda changed: setattr(changed, "title", "done"))
    assert changed.details.title == "done"
    assert changed.etag != asset.etag


def test_the_migrations_make_the_tables_that_the_code_knows(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_migrations_go_down_and_up_again(engine: Engine, row: NewRow) -> None:
    migrate(engine, "base", down=True)
    migrate(engine)
    Catalog(engine, Urls("http://edge.test", "uploads", "media-uploads")).insert(row())


def test_tags_are_listed_after_their_migration(engine: Engine, row: NewRow) -> None:
    catalog = Catalog(engine, Urls("http://edge.test", "uploads", "media-uploads"))
    tags = [TagRow(position=0, tag="cat"), TagRow(position=1, tag="dog")]
    tagged = catalog.insert(row(tags=tags))
    migrate(engine, "0003", down=True)
    migrate(engine)
    wanted = ingest_pb2.AssetFilter(tag="dog")
    assert catalog.list_page("ann", wanted, 10, "") == ([tagged], "")


def migrate(engine: Engine, revision: str = "head", *, down: bool = False) -> None:
    """Bring the tables to a revision."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.execution_options(writes=True).begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, revision)
