"""Identifiers that nobody can guess."""

import secrets
import string

_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
# log2(62 ** 22) is 130.99 bits, as much as a random UUID has and a little more.
_ID_CHARACTERS = 22


def new_id() -> str:
    """Return 22 random characters of base62."""
    return "".join(secrets.choice(_BASE62) for _ in range(_ID_CHARACTERS))
