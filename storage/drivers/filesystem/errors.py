"""What the operating system says about a disk, in the store's own words."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from storage.errors import AccessDenied, StoreFull, StoreReadOnly, StoreUnavailable

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_DENIED = {errno.EACCES, errno.EPERM}
# Too many open files, a failing disk, a network mount that went away.
_AWAY = {errno.EMFILE, errno.ENFILE, errno.EIO, errno.ESTALE, errno.ENODEV, errno.EAGAIN}


@contextmanager
def disk_errors() -> Iterator[None]:
    """Raise what a disk refuses as the store's errors.

    Only the store's own file operations belong inside: an OSError of the caller's
    chunks is the caller's.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StoreFull(f"the disk has no room left ({error.strerror})") from error
        if error.errno == errno.EROFS:
            raise StoreReadOnly("the disk takes no writes (mounted read-only)") from error
        if error.errno in _DENIED:
            raise AccessDenied(
                f"the storage process may not use its folder ({error.strerror})"
            ) from error
        if error.errno in _AWAY:
            raise StoreUnavailable(f"the disk did not answer ({error.strerror})") from error
        raise
