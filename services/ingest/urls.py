"""Where an asset's objects open."""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Urls:
    """Builds URLs under the address by which the public reaches the edge.

    Attributes:
        base_url: without a trailing "/".
        bucket: the public bucket's name.
        upload_prefix: keys under it are readable by everyone.
        public_read: False turns every URL into an owner-scoped one.
    """

    base_url: str
    bucket: str
    upload_prefix: str
    public_read: bool = True

    def object_url(self, storage_key: str, asset_id: str, name: str) -> str:
        """Return the URL of one of an asset's objects: public, or the owner's file route."""
        if self.public_read and storage_key.startswith(f"{self.upload_prefix}/"):
            return f"{self.base_url}/{self.bucket}/{quote(storage_key)}"
        return self.owner_url(asset_id, name)

    def owner_url(self, asset_id: str, name: str) -> str:
        """Return the URL of the file route, which asks who is asking."""
        return f"{self.base_url}/files/{asset_id}/{name}"
