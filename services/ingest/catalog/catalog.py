"""What can be asked of the catalog, and how it changes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, Select, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.ingest.catalog.changes import (
    forget_overtaken,
    last_sequence,
    read_changes,
    record_change,
)
from services.ingest.catalog.equals import (
    alias_of_external_id,
    alias_of_id,
    find_equal,
    lead_to,
)
from services.ingest.catalog.filters import filtered
from services.ingest.catalog.garbage import Garbage, add_garbage
from services.ingest.catalog.messages import asset_message
from services.ingest.catalog.pages import read_pages
from services.ingest.catalog.paging import decode_token, encode_token, page_size
from services.ingest.catalog.tables import AssetRow, TagRow
from services.ingest.errors import AssetNotFound, ContentTaken, ExternalIdTaken
from services.ingest.urls import Urls
from tintype.ingest.v1 import asset_pb2 as pb
from tintype.ingest.v1 import ingest_pb2

# What else is to be done in a transaction of the catalog.
InTransaction = Callable[[Session], None]


def _nothing(_session: Session) -> None:
    """Do no more in the transaction."""


class Catalog(Garbage):
    """All assets of all owners. Safe to share between threads and processes.

    Every change of an asset and its record for watchers are one transaction.
    Answers are proto messages, complete and detached from the database.
    """

    def __init__(self, engine: Engine, urls: Urls) -> None:
        super().__init__(engine)
        self._urls = urls

    def insert(
        self, row: AssetRow, also: InTransaction = _nothing, *, dedupe: bool = False
    ) -> pb.Asset:
        """Make an asset exist; its times are set here.

        Args:
            row: the asset.
            also: called in the same transaction, once the row is there.
            dedupe: not if the owner has an asset with the same bytes.

        Raises:
            ExternalIdTaken: the owner has an asset with this external id.
            ContentTaken: the owner has an asset with the same bytes.
        """
        row.create_time = row.update_time = datetime.now(UTC)
        try:
            with self.write() as session:
                _place_tags(row)
                session.add(row)
                session.flush()
                also(session)
                return self._record(session, row, "upserted", dedupe=dedupe)
        except IntegrityError as error:
            if row.external_id and self.find_external(row.owner, row.external_id):
                raise ExternalIdTaken(row.external_id) from error
            raise

    def get(self, owner: str, asset_id: str) -> pb.Asset:
        """Return an owner's asset, or the one that it made way for.

        Raises:
            AssetNotFound: the owner has none of this id.
        """
        try:
            with self.read() as session:
                return asset_message(_row(session, owner, asset_id), self._urls)
        except AssetNotFound:
            if (other := self._first(alias_of_id(owner, asset_id))) is not None:
                return other
            raise

    def find_external(self, owner: str, external_id: str) -> pb.Asset | None:
        """Return the owner's asset of this external id, or the one that it made way for.

        None if there is none.
        """
        own = select(AssetRow).filter_by(owner=owner, external_id=external_id)
        return self._first(own) or self._first(alias_of_external_id(owner, external_id))

    def list_page(
        self, owner: str, wanted: ingest_pb2.AssetFilter, size: int, token: str
    ) -> tuple[list[pb.Asset], str]:
        """Return one page of an owner's assets, newest first, and the next page's token."""
        size = page_size(size)
        query = filtered(owner, wanted)
        # Of the table whose index is read, so that the rows come in their order.
        time, asset_id = (
            (TagRow.create_time, TagRow.asset_id)
            if wanted.tag
            else (AssetRow.create_time, AssetRow.id)
        )
        if token:
            query = query.where(tuple_(time, asset_id) < decode_token(token))
        query = query.order_by(time.desc(), asset_id.desc()).limit(size + 1)
        with self.read() as session:
            rows = session.scalars(query).all()
            assets = [asset_message(row, self._urls) for row in rows[:size]]
            last = rows[size - 1] if len(rows) > size else None
            return assets, encode_token(last.create_time, last.id) if last else ""

    def change(
        self,
        owner: str,
        asset_id: str,
        apply: Callable[[AssetRow], None],
        also: InTransaction = _nothing,
        *,
        dedupe: bool = False,
    ) -> pb.Asset:
        """Change one asset in one transaction; `apply` may raise to leave it as it is.

        Objects that the asset no longer names afterwards become garbage.

        Args:
            owner: whose.
            asset_id: which.
            apply: the change.
            also: called in the same transaction, after the change.
            dedupe: not if the owner has another asset with the bytes that it now has.

        Raises:
            AssetNotFound: the owner has none of this id.
            ContentTaken: the owner has an asset with the same bytes.
        """
        with self.write() as session:
            row = _row(session, owner, asset_id, lock=True)
            named = {rendition.storage_key for rendition in row.renditions}
            apply(row)
            _place_tags(row)
            still = {rendition.storage_key for rendition in row.renditions}
            add_garbage(session, sorted(named - still))
            row.update_time = datetime.now(UTC)
            row.version += 1
            session.flush()
            also(session)
            return self._record(session, row, "upserted", dedupe=dedupe)

    def make_way(self, owner: str, asset_id: str, target_id: str) -> None:
        """Delete an asset for one that has the same bytes; its ids lead there from now on.

        Raises:
            AssetNotFound: the owner has none of this id.
        """
        with self.write() as session:
            row = _row(session, owner, asset_id, lock=True)
            self._delete(session, row)
            lead_to(session, row, target_id)

    def delete(self, owner: str, asset_id: str) -> pb.Asset:
        """Make an asset not exist any more; returns what it was. Its objects become garbage.

        Raises:
            AssetNotFound: the owner has none of this id.
        """
        with self.write() as session:
            return self._delete(session, _row(session, owner, asset_id, lock=True))

    def pages(
        self, owner: str, asset_id: str, size: int, token: str
    ) -> tuple[list[ingest_pb2.DocumentPage], str]:
        """Return some pages of a document, in order, and the next answer's token.

        Raises:
            AssetNotFound: the owner has no such document.
        """
        with self.read() as session:
            pages, token = read_pages(session, owner, asset_id, size, token)
        url = self._urls.owner_url(asset_id, "original")
        return [
            ingest_pb2.DocumentPage(number=number, text=text, url=f"{url}#page={number}")
            for number, text in pages
        ], token

    def changes_after(
        self, owner: str, sequence: int, limit: int
    ) -> list[tuple[int, ingest_pb2.WatchAssetsResponse]]:
        """Return an owner's changes after a sequence number, in order, each with its own."""
        with self.read() as session:
            return read_changes(session, owner, sequence, limit)

    def forget_overtaken(self, age: timedelta, limit: int = 1000) -> int:
        """Delete old changes that newer ones of their assets have overtaken; returns how many."""
        with self.write() as session:
            return forget_overtaken(session, datetime.now(UTC) - age, limit)

    def last_sequence(self, owner: str) -> int:
        """Return the number of an owner's newest change; 0 if there is none."""
        with self.read() as session:
            return last_sequence(session, owner)

    def _record(
        self, session: Session, row: AssetRow, change: str, *, dedupe: bool = False
    ) -> pb.Asset:
        asset = asset_message(row, self._urls)
        # From here on the owner's other writers wait, so that one of two equals sees the other.
        record_change(session, asset, change)
        equal = find_equal(session, row.owner, row.sha256, row.id) if dedupe else None
        if equal is not None:
            raise ContentTaken(asset_message(equal, self._urls))
        return asset

    def _delete(self, session: Session, row: AssetRow) -> pb.Asset:
        asset = self._record(session, row, "deleted")
        add_garbage(session, [rendition.storage_key for rendition in row.renditions])
        session.delete(row)
        return asset

    def _first(self, query: Select[AssetRow]) -> pb.Asset | None:
        with self.read() as session:
            row = session.scalars(query).first()
            return asset_message(row, self._urls) if row else None


def _place_tags(row: AssetRow) -> None:
    """Keep with the tags what their lists are ordered by."""
    for tag in row.tags:
        tag.owner, tag.create_time = row.owner, row.create_time


def _row(session: Session, owner: str, asset_id: str, *, lock: bool = False) -> AssetRow:
    """Read an owner's row; `lock` keeps other writers out until the transaction ends."""
    query = select(AssetRow).filter_by(owner=owner, id=asset_id)
    row = session.scalars(query.with_for_update() if lock else query).first()
    if row is None:
        raise AssetNotFound(asset_id)
    return row
