"""All that can go wrong with an asset, in the catalog's own words."""


class AssetError(Exception):
    """Something is wrong with an asset or with what is asked of it."""


class AssetNotFound(AssetError):
    """The owner has no such asset."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no asset {name!r}")
        self.metadata = {"asset": name}


class ExternalIdTaken(AssetError):
    """The owner has an asset with this external id already."""

    def __init__(self, external_id: str) -> None:
        super().__init__(f"there is an asset with the external_id {external_id!r} already")
