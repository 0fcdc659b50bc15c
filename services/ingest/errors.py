"""All that can go wrong with an asset, in the catalog's own words."""


class AssetError(Exception):
    """Something is wrong with an asset or with what is asked of it."""


class AssetNotFound(AssetError):
    """The owner has no such asset."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no asset {name!r}")
        self.metadata = {"asset": name}
