"""All that can go wrong with an image, in the imaging service's own words."""


class ImagingError(Exception):
    """Something is wrong with an image or with what is asked of it.

    The text is meant for the caller: it names what was wrong, with the value.
    """


class UnsupportedFormat(ImagingError):
    """The bytes are no image that is allowed in; the text says what they look like."""


class DamagedImage(ImagingError):
    """The bytes begin like an image but cannot be decoded to their end."""


class ImageTooLarge(ImagingError):
    """The image has more bytes, pixels or frames than the budget allows."""


class InvalidSpec(ImagingError):
    """What is asked for cannot be made."""


class DecoderCrashed(ImagingError):
    """The worker process died of this image."""


class DecoderTimeout(ImagingError):
    """The worker process was ended because this image took too long."""


class WorkersLost(ImagingError):
    """Worker processes were ended from outside before one took this image."""

    retry_after_s = 1.0


class QueueFull(ImagingError):
    """More images are waiting than the service takes in."""

    retry_after_s = 1.0
