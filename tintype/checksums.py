"""CRC-32C of a whole made of the CRC-32Cs of its parts, without reading them again.

storage/checksums.py has the same formula: neither package may import the other.
"""

from functools import lru_cache

# The Castagnoli polynomial, reflected: the highest power of x is the lowest bit.
_POLYNOMIAL = 0x82F63B78
_ONE = 1 << 31
_X_TO_8 = 1 << 23


def combine(first: int, second: int, second_bytes: int) -> int:
    """Return the CRC-32C of two runs, one after the other.

    Args:
        first: CRC-32C of the first run.
        second: CRC-32C of the second run.
        second_bytes: length of the second run.

    Appending n bytes multiplies a checksum by x^(8n) modulo the polynomial; see Mark
    Adler's derivation, https://stackoverflow.com/a/23126768.
    """
    if not second_bytes:
        return first
    return _multiply(_x_to_bytes(second_bytes), first) ^ second


@lru_cache(maxsize=256)
def _x_to_bytes(count: int) -> int:
    """Return x^(8 * count) modulo the polynomial, by squaring."""
    result, square = _ONE, _X_TO_8
    while count:
        if count & 1:
            result = _multiply(square, result)
        square = _multiply(square, square)
        count >>= 1
    return result


def _multiply(first: int, second: int) -> int:
    """Multiply two polynomials over GF(2) modulo the Castagnoli polynomial."""
    product = 0
    while first:
        if first & _ONE:
            product ^= second
        first = (first << 1) & 0xFFFFFFFF
        second = (second >> 1) ^ (_POLYNOMIAL if second & 1 else 0)
    return product
