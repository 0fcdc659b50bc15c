"""What the servers of the tests cannot do, though what they stand for can."""

from datetime import timedelta

# Azurite sorts all it has for every page of a list: a page of ten thousand takes seconds.
AZURITE_TIMEOUT = timedelta(minutes=3)


class MinioLimits:
    """MinIO makes a folder of every segment of a key. S3 itself has none of these limits."""

    longest_segment_bytes = 255
    lists_below_objects = False


class AzuriteLimits:
    """Azurite sorts as JavaScript does, by UTF-16, and looks up every key that it folds."""

    lists_in_utf16_order = True
    folds_key_by_key = True
