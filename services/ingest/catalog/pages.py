"""The pages of documents."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from services.ingest.catalog.tables import AssetRow, PageRow
from services.ingest.errors import AssetNotFound
from services.rpc.errors import InvalidRequest

_DEFAULT_SIZE = 20
_MAX_SIZE = 100
_INSERT_ROWS = 500  # at one time, so that a long book is no statement of many megabytes


def write_pages(session: Session, asset_id: str, texts: Sequence[str]) -> None:
    """Replace a document's pages, inside the transaction."""
    session.execute(delete(PageRow).where(PageRow.asset_id == asset_id))
    for start in range(0, len(texts), _INSERT_ROWS):
        rows = [
            {"asset_id": asset_id, "number": number, "text": text}
            for number, text in enumerate(texts[start : start + _INSERT_ROWS], start + 1)
        ]
        session.execute(insert(PageRow), rows)


def read_pages(
    session: Session, owner: str, asset_id: str, size: int, token: str
) -> tuple[list[tuple[int, str]], str]:
    """Return number and text of some pages, in order, and the next answer's token.

    Raises:
        AssetNotFound: the owner has no such document.
        InvalidRequest: more pages are asked for than one answer holds, or the token is none.
    """
    if not 0 <= size <= _MAX_SIZE:
        raise InvalidRequest(f"page_size must be 0 to {_MAX_SIZE}, not {size}")
    if token and not (token.isascii() and token.isdigit() and len(token) < 10):
        raise InvalidRequest(f"page_token {token!r} is none that this service gave")
    size, after = size or _DEFAULT_SIZE, int(token or 0)
    if session.scalar(select(AssetRow.id).filter_by(owner=owner, id=asset_id)) is None:
        raise AssetNotFound(asset_id)
    query = (
        select(PageRow.number, PageRow.text)
        .where(PageRow.asset_id == asset_id, PageRow.number > after)
        .order_by(PageRow.number)
        .limit(size + 1)
    )
    pages = [(number, text) for number, text in session.execute(query)]
    return pages[:size], str(pages[size - 1][0]) if len(pages) > size else ""
