"""XML from strangers: streamed, no entity expanded, no network, no document type at all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

from xzgis.core.errors import Invalid
from xzgis.core.words import Words

XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
XSI_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
GML_ID = "{http://www.opengis.net/gml/3.2}id"


def ended_elements(path: Path, *, file: str, wrapper: frozenset[str]) -> Iterator[Any]:
    """Every child of an element whose local name is in ``wrapper``, complete; memory is freed behind it.

    Refuses a document type declaration (where entities live) and text that is not well-formed.
    """
    try:
        # Our own handle: lxml leaves its one open when a document ends in the middle.
        with path.open("rb") as stream:
            yield from _ended(stream, file, wrapper)
    except etree.XMLSyntaxError as wrong:
        line = wrong.lineno
        raise _refused(
            file,
            f"第 {line} 行不是合法 XML，文件可能已截断",
            f"line {line} is not well-formed XML; is it cut off?",
        ) from wrong
    except (etree.LxmlError, OSError, UnicodeDecodeError) as wrong:
        raise _refused(file, "不是合法的 XML", "it is not sound XML") from wrong


def _ended(stream: BinaryIO, file: str, wrapper: frozenset[str]) -> Iterator[Any]:
    # huge_tree stays off: it keeps the depth and text limits of libxml2 in force.
    events = etree.iterparse(
        stream,
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    is_first = True
    for event, element in events:
        if is_first:
            _judge_root(element, file)
            is_first = False
        if event == "end" and local(element) in wrapper:
            yield from list(element)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def refuse_document_type(path: Path, *, file: str) -> None:
    """Refuse a document with a document type declaration, before another parser sees it."""
    try:
        with path.open("rb") as stream:
            events = etree.iterparse(
                stream, events=("start",), resolve_entities=False, no_network=True, load_dtd=False
            )
            _judge_root(next(iter(events))[1], file)
    except (etree.LxmlError, OSError, StopIteration) as wrong:
        raise _refused(file, "不是合法的 XML", "it is not sound XML") from wrong


def watch(path: Path, target: Any, *, file: str) -> None:
    """Show every element of a document to ``target``, a target of a parser; nothing of it is kept."""
    # huge_tree stays off, as above.
    parser = etree.XMLParser(target=target, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        with path.open("rb") as stream:
            etree.parse(stream, parser)
    except (etree.LxmlError, OSError, UnicodeDecodeError) as wrong:
        raise _refused(
            file, "不是合法的 XML，文件可能已截断", "it is not sound XML; is it cut off?"
        ) from wrong


def _judge_root(root: Any, file: str) -> None:
    info = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise _refused(
            file, "含有 DOCTYPE 声明，不予读取", "it holds a DOCTYPE declaration, which is not read"
        )


def local(element: Any) -> str:
    """The element's name without its namespace, '' for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _refused(file: str, zh: str, en: str) -> Invalid:
    return Invalid(
        Words(
            f"文件 {file} 无法读取：{zh}。请重新索取或导出该文件。",
            f"File {file} cannot be read: {en}. Ask for the file again or export it anew.",
        )
    )
