"""A picture of a page for documents that say no more of it than its text."""

import re

import cv2
import numpy as np

# A4 upright, as wide as every preview.
_WIDTH_PX, _HEIGHT_PX = 800, 1131
_MARGIN_PX = 64
_FONT_PX = 18
_QUALITY = 82
# More than a page of the narrowest letters.
_MAX_CHARACTERS = 10_000


def draw_text(text: str) -> tuple[bytes, tuple[int, int]]:
    """Write the beginning of a text in black on a white page.

    The font is OpenCV's own "uni", which has Latin, Greek, Cyrillic and the scripts of
    China, Japan and Korea; what it lacks is drawn as a question mark.

    Returns:
        The picture as JPEG, and its size, (width, height) in pixels.
    """
    page = np.full((_HEIGHT_PX, _WIDTH_PX, 3), 255, np.uint8)
    shown = text[:_MAX_CHARACTERS].replace("\t", "    ")
    cv2.putText(
        page,
        re.sub(r"[^\S\n ]|[\x00-\x09\x0b-\x1f\x7f-\x9f]", " ", shown),
        (_MARGIN_PX, _MARGIN_PX + _FONT_PX),
        (0, 0, 0),
        cv2.FontFace("uni"),
        _FONT_PX,
        flags=cv2.PUT_TEXT_WRAP,
        wrap=(_MARGIN_PX, _WIDTH_PX - _MARGIN_PX),
    )
    page[_HEIGHT_PX - _MARGIN_PX :] = 255
    encoded = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1]
    return encoded.tobytes(), (_WIDTH_PX, _HEIGHT_PX)
