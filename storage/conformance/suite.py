"""The whole suite, put together of its chapters."""

from storage.conformance.basics import Basics
from storage.conformance.conditions import Conditions
from storage.conformance.interruptions import Interruptions
from storage.conformance.keys import Keys
from storage.conformance.listing import Listing
from storage.conformance.ranges import Ranges
from storage.conformance.upload_listing import UploadListing
from storage.conformance.uploads import Uploads


class ObjectStoreSuite(Basics, Keys, Ranges, Conditions, Listing, Interruptions):
    """What every `ObjectStore` must do."""


class UploadStoreSuite(Uploads, UploadListing):
    """What every `UploadStore` must do besides."""
