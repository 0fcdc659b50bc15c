"""What a server says when it refuses, and its other answers in XML."""

from xml.etree import ElementTree as ET

from minio.error import S3Error
from minio.xml import findtext

from storage.drivers.answer import Answer


def refusal(answer: Answer, method: str) -> S3Error | None:
    """Return the error that the answer is, if it is one. Reads the body then."""
    if answer.status < 300:
        return None
    answer.load()
    code: str = answer.headers.get("x-minio-error-code") or str(answer.status)
    message = f"{method} answered {answer.status}"
    try:
        element = parse_xml(answer.body)
    except ET.ParseError:
        pass  # the answer to a HEAD, or not from an S3 server at all
    else:
        code = find_text(element, "Code") or code
        message = find_text(element, "Message") or message
    return S3Error(answer.response, code, message, None, None, None)


def find_text(element: ET.Element, name: str) -> str:
    """Return the text of a child; empty if there is none."""
    return findtext(element, name) or ""


def parse_xml(body: bytes) -> ET.Element:
    """Read an answer's body.

    Raises:
        xml.etree.ET.ParseError: it is no XML.
    """
    return ET.fromstring(body)  # noqa: S314  # expat 2.4 and newer bound expansion
