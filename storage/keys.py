"""Keys: the rules every store keeps, and new ones that nobody can guess."""

import secrets
import string

from storage.errors import InvalidKey

MAX_KEY_BYTES = 1024
_BASE62 = string.digits + string.ascii_letters
# 22 digits of base 62 hold 131 bits.
_RANDOM_DIGITS = 22


def check_key(key: str) -> None:
    """Hold a key against the rules at the top of the storage contract.

    Raises:
        InvalidKey: names the rule and the key.
    """
    broken = _broken_rule(key)
    if broken:
        shown = key if len(key) <= 80 else key[:77] + "..."
        raise InvalidKey(f"key {shown!r}: {broken}", key=shown.encode(errors="replace").decode())


def upload_key(prefix: str, ext: str) -> str:
    """Return an unguessable key `{prefix}/{random}.{ext}`.

    Args:
        prefix: folder of the key, without a slash at its ends; may be empty.
        ext: extension with or without its dot; may be empty.
    """
    name = random_base62()
    dotted = f".{ext.lstrip('.')}" if ext else ""
    key = f"{prefix}/{name}{dotted}" if prefix else name + dotted
    check_key(key)
    return key


def random_base62() -> str:
    """Return 22 random characters, 131 bits."""
    return "".join(secrets.choice(_BASE62) for _ in range(_RANDOM_DIGITS))


def _broken_rule(key: str) -> str:
    """Return the first rule that the key breaks; empty when it keeps all."""
    try:
        size = len(key.encode())
    except UnicodeEncodeError:
        return "must be UTF-8"
    segments = key.split("/")
    rules = {
        "must not be empty": not key,
        f"must be at most {MAX_KEY_BYTES} bytes of UTF-8, not {size}": size > MAX_KEY_BYTES,
        "must have no control character": any(c < " " or c == "\x7f" for c in key),
        "must have no backslash": "\\" in key,
        "must not begin or end with '/'": not segments[0] or not segments[-1],
        "must have no empty segment ('//')": "" in segments,
        "must have no '.' segment": "." in segments,
        "must have no '..' segment": ".." in segments,
    }
    return next((rule for rule, broken in rules.items() if broken), "")
