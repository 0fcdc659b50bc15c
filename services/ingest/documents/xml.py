"""Reading XML as a stream of events, with nothing of XML that can be used as a weapon."""

from collections.abc import Iterable, Iterator
from xml.parsers import expat

from services.ingest.errors import DamagedDocument

# ("start", local name, attributes), ("end", local name, {}) or ("text", characters, {}).
Event = tuple[str, str, dict[str, str]]
_SEPARATOR = "\n"  # no namespace contains it


def read_events(chunks: Iterable[bytes]) -> Iterator[Event]:
    """Yield a document's elements and characters, holding one chunk's worth of them.

    Names come without their namespace; an attribute of the relationships namespace
    comes as "r:" and its name. What stands in mc:Fallback is left out: it repeats its
    neighbour for older readers.

    Raises:
        DamagedDocument: it is not well-formed, or has a document type, which Office
            never writes and which is where entities come from.
    """
    events: list[Event] = []
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.buffer_text = True
    fallback_depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal fallback_depth
        tag = _local(name)
        if tag == "Fallback" or fallback_depth:
            fallback_depth += 1
        else:
            events.append(("start", tag, {_key(key): attributes[key] for key in attributes}))

    def end(name: str) -> None:
        nonlocal fallback_depth
        if fallback_depth:
            fallback_depth -= 1
        else:
            events.append(("end", _local(name), {}))

    def text(characters: str) -> None:
        if not fallback_depth:
            events.append(("text", characters, {}))

    def refuse(*_: object) -> None:
        raise DamagedDocument("the Office file has a document type in its XML")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            yield from events
            events.clear()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise DamagedDocument(f"the Office file is damaged: its XML has an {error}") from error


def _local(name: str) -> str:
    return name.rpartition(_SEPARATOR)[2]


def _key(name: str) -> str:
    namespace, _, local = name.rpartition(_SEPARATOR)
    return f"r:{local}" if namespace.endswith("/relationships") else local
