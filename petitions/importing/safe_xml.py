"""XML from elsewhere, without what makes XML dangerous: a document that declares entities is refused as a whole."""

from pathlib import Path
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from csan.lib.csvfiles import UnusableFile

MOST_BYTES = 20 * 1024 * 1024


def read_xml(path: Path) -> Element:
    """The document's root. Raises UnusableFile, OSError.

    The parser itself reports a DOCTYPE, whatever the encoding; without one there are no entities to expand or fetch.
    """
    if path.stat().st_size > MOST_BYTES:
        raise UnusableFile(f"The file is larger than {MOST_BYTES // 1024**2} MB.")
    builder = TreeBuilder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(path.read_bytes(), True)
    except expat.ExpatError as error:
        raise UnusableFile(f"It is not whole XML: {error}.") from error
    return builder.close()


def _refuse(*declaration: object) -> None:
    raise UnusableFile("It has a DOCTYPE, which the official files do not have; it was not read.")
