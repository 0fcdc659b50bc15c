"""What can be wrong with a request before any rule of a service is asked."""


class RequestError(Exception):
    """The request itself is wrong."""


class InvalidRequest(RequestError):
    """A field has a value it may not have, or a message came out of turn."""


class ChecksumMismatch(RequestError):
    """Content does not have the CRC-32C or SHA-256 that the caller gave for it."""


class SizeMismatch(RequestError):
    """Content has another number of bytes than its header or its finish says."""


class IncompleteStream(RequestError):
    """A request stream ended before its finish."""


class Overloaded(Exception):
    """The process has as much to do as it can hold."""

    retry_after_s = 1.0
