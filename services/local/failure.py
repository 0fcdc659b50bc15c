"""The one error of this package."""


class Failure(Exception):
    """It cannot go on; the text is the one line to show."""
