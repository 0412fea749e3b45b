"""BPMN 2.0 into a :class:`Definition`: only what is known may stand in the file, and every fault names its place."""

import hashlib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from lxml import etree

from xzgis.catalogue.rules.typed import typed
from xzgis.core.errors import Fault, Invalid
from xzgis.core.words import Words
from xzgis.workflow.rules.soundness import faults_of
from xzgis.workflow.rules.told import Slip, own_words, unknown
from xzgis.workflow.terms import (
    BPMN,
    BPMNDI,
    DC,
    DI,
    LARGEST_FILE_BYTES,
    OWN,
    Box,
    Definition,
    Drawing,
    Flow,
    Node,
    NodeKind,
    Note,
    Point,
    Procedure,
    Step,
    Told,
)

ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,79}")
KEY = re.compile(r"[a-z][a-z0-9_]{1,39}")
DECLARES = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
ENCODING = re.compile(r"^<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)[\"']")
FARTHEST_PX = 20_000.0
NODES = frozenset(kind.value for kind in NodeKind)
#: What may stand below what; names of other spaces than BPMN's are told with their prefix.
BELOW: dict[str, frozenset[str]] = {
    "definitions": frozenset({"process", "bpmndi:BPMNDiagram"}),
    "process": NODES
    | {"sequenceFlow", "documentation", "extensionElements", "property", "textAnnotation", "association"},
    "sequenceFlow": frozenset({"documentation", "extensionElements", "conditionExpression"}),
    "textAnnotation": frozenset({"text"}),
    "association": frozenset(),
    "property": frozenset(),
    "timerEventDefinition": frozenset({"timeDate", "timeDuration"}),
    "multiInstanceLoopCharacteristics": frozenset({"loopDataInputRef", "inputDataItem"}),
}
_EACH = frozenset({"documentation", "extensionElements", "incoming", "outgoing"})
for _name in NODES:
    _kind = NodeKind(_name)
    _more = {"multiInstanceLoopCharacteristics"} if _kind.is_step else set()
    _more |= {"timerEventDefinition"} if _kind in (NodeKind.BOUNDARY, NodeKind.CATCH) else set()
    BELOW[_name] = _EACH | _more
XSI = "http://www.w3.org/2001/XMLSchema-instance"
FOREIGN = Words("删去其他产品的扩展属性。", "Remove attributes of other products.")
PREFIXES = {BPMN: "", BPMNDI: "bpmndi:", DC: "dc:", DI: "di:", OWN: "xz:"}


@dataclass
class _Reading:
    """One pass over a file: the faults found so far."""

    slips: list[Slip] = field(default_factory=list)

    def slip(self, element: Any, zh: str, en: str, remedy: Words) -> None:
        """Note a fault of ``element``."""
        self.slips.append(
            Slip(element.get("id") or _short(element), element.sourceline or 1, Words(zh, en), remedy)
        )


def content_of(text: str) -> bytes:
    """The file that was sent as text.

    Raises
    ------
    Invalid
        It holds what no text holds.
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise _whole("不是 UTF-8", "not UTF-8", Words("另存为 UTF-8。", "Save as UTF-8.")) from None


def digest_of(content: bytes) -> str:
    """SHA-256 of a file, by which it is known again."""
    return hashlib.sha256(content).hexdigest()


@lru_cache(maxsize=32)
def read(content: bytes) -> Definition:
    """The one process that ``content`` describes, found sound.

    Raises
    ------
    Invalid
        Each fault with element, line and remedy; ``loc`` is ("bpmn", element, line).
    """
    root = _root(content)
    reading = _Reading()
    _only_known(reading, root)
    processes = root.findall(f"{{{BPMN}}}process")
    if len(processes) != 1:
        reading.slip(root, f"文件里有 {len(processes)} 个流程，应为一个", f"{len(processes)} processes instead of one",
                     Words("每个文件只画一个流程。", "Draw one process in a file."))  # fmt: skip
    _refuse(reading.slips)
    found = _definition(reading, processes[0], root)
    _refuse(reading.slips)
    _refuse(faults_of(found))
    return found


def _refuse(slips: list[Slip]) -> None:
    if not slips:
        return
    faults = tuple(
        Fault(
            ("bpmn", slip.element, slip.line),
            Words(
                f"第 {slip.line} 行 {slip.element}：{slip.words.zh}",
                f"line {slip.line}, {slip.element}: {slip.words.en}",
            ),
            slip.remedy,
        )
        for slip in sorted(slips, key=lambda slip: slip.line)
    )
    first = faults[0].words
    raise Invalid(
        Words(
            f"流程图有 {len(faults)} 处错误，首处：{first.zh}",
            f"The process has {len(faults)} faults, the first: {first.en}",
        ),
        faults=faults,
    )


def _root(content: bytes) -> Any:
    """The root of a file that is XML, and nothing that makes a reader of XML work for others."""
    if not content.strip():
        raise _whole(
            "文件是空的", "the file is empty", Words("选择流程图文件（.bpmn）。", "Choose a BPMN file.")
        )
    if len(content) > LARGEST_FILE_BYTES:
        raise _whole(f"文件超过 {LARGEST_FILE_BYTES // 1000} kB", f"larger than {LARGEST_FILE_BYTES // 1000} kB",
                     Words("拆成几个流程，用子流程相连。", "Split it into processes that call each other."))  # fmt: skip
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _whole("不是 UTF-8", "not UTF-8", Words("另存为 UTF-8。", "Save as UTF-8.")) from None
    named = ENCODING.match(text)
    if named is not None and named.group(1).lower() != "utf-8":
        raise _whole("不是 UTF-8", "not UTF-8", Words("另存为 UTF-8。", "Save as UTF-8."))
    if DECLARES.search(text):
        raise _whole("含有 DTD 或实体声明", "it declares a document type or entities",
                     Words("删去 <!DOCTYPE …> 与 <!ENTITY …>。", "Remove <!DOCTYPE …> and <!ENTITY …>."))  # fmt: skip
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.lstrip("\ufeff").encode(), parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise _whole("不是有效的 XML：标签没有成对，或写法有误", f"not well-formed: {error.msg}",
                     Words("用建模工具重新导出。", "Export it anew from the modeler."), line) from None  # fmt: skip
    if root.tag != f"{{{BPMN}}}definitions":
        raise _whole(
            "不是 BPMN 2.0",
            "no BPMN 2.0",
            Words("用建模工具导出 BPMN 2.0 文件。", "Export BPMN 2.0 from the modeler."),
        )
    return root


def _whole(zh: str, en: str, remedy: Words, line: int = 1) -> Invalid:
    words = Words(f"第 {line} 行：{zh}", f"line {line}: {en}")
    return Invalid(
        Words(f"流程图无法读取：{zh}。", f"The process cannot be read: {en}."),
        faults=(Fault(("bpmn", line), words, remedy),),
    )


def _short(element: Any) -> str:
    """The name of an element as people know it."""
    tag = etree.QName(element)
    return f"{PREFIXES.get(tag.namespace or '', '?:')}{tag.localname}"[:80]


def _only_known(reading: _Reading, root: Any) -> None:
    """Note whatever is not on the list of what may stand where."""
    for parent in root.iter(f"{{{BPMN}}}*"):
        allowed = BELOW.get(_short(parent), frozenset())
        is_extension = _short(parent) == "extensionElements"
        for name in parent.attrib:
            if name.startswith("{") and not name.startswith(f"{{{XSI}}}"):
                reading.slip(
                    parent,
                    f"不允许的属性 {name[:80]}",
                    f"the attribute {name[:80]} may not stand here",
                    FOREIGN,
                )
        for child in parent:
            name = _short(child)
            if name.startswith("xz:") if is_extension else name in allowed:
                continue
            reading.slips.append(unknown(name, child.get("id") or name, child.sourceline or 1))


def _definition(reading: _Reading, process: Any, root: Any) -> Definition:
    key = process.get("id") or ""
    if not KEY.fullmatch(key):
        remedy = Words(
            "流程的 id 用小写字母、数字与下划线，2 至 40 字，如 road_occupation。",
            "Give the process an id of 2 to 40 small letters, digits and underscores, as road_occupation.",
        )
        said = key[:60]
        reading.slip(process, f"流程标识“{said}”写法不符", f"the id {said!r} is no key of a process", remedy)
    seen: dict[str, Any] = {}
    for element in process.iter(f"{{{BPMN}}}*"):
        name = element.get("id")
        if name is None:
            continue
        if name in seen or not ID.fullmatch(name):
            reading.slip(element, "标识重复或写法不符", "its id is taken, or no id",
                         Words("给它另一个标识。", "Give it another id."))  # fmt: skip
        seen[name] = element
    procedure = _told(reading, process, "procedure", Procedure) or Procedure()
    nodes = {node.id: node for node in _nodes(reading, process)}
    flows = {flow.id: flow for flow in _flows(reading, process)}
    notes = {
        one.get("id", ""): Note(
            one.get("id", ""), (one.findtext(f"{{{BPMN}}}text") or "").strip()[:500], one.sourceline or 1
        )
        for one in process.findall(f"{{{BPMN}}}textAnnotation")
    }
    about = (process.findtext(f"{{{BPMN}}}documentation") or "").strip()[:1000]
    return Definition(
        key,
        own_words(process.get("name") or "", procedure.en),
        procedure,
        nodes,
        flows,
        notes,
        _drawing(reading, root),
        about,
    )


def _told(reading: _Reading, element: Any, name: str, kind: type[Told]) -> Any:
    """The ``xz:`` element of that name below ``element``, typed; None without one or where it is faulty."""
    found = element.findall(f"{{{BPMN}}}extensionElements/{{{OWN}}}*")
    for other in found:
        if _short(other) != f"xz:{name}" or len(other) or (other.text or "").strip() or len(found) > 1:
            reading.slip(element, f"扩展元素应为一个 xz:{name}，内容写在属性里", f"it takes one xz:{name}, told in attributes",
                         Words("按 layers/README.md 改正。", "See layers/README.md."))  # fmt: skip
            return None
    if not found:
        return None
    value, slips = typed(kind, {key: text for key, text in found[0].attrib.items() if text})
    for slip in slips:
        at = ".".join(str(part) for part in slip.loc)
        reading.slip(
            element,
            f"xz:{name} 的 {at}：{slip.reason.zh}",
            f"{at} of xz:{name}: {slip.reason.en}",
            slip.remedy,
        )
    return value


def _nodes(reading: _Reading, process: Any) -> Iterator[Node]:
    for element in process:
        name = _short(element)
        if name not in NODES:
            continue
        kind = NodeKind(name)
        is_step = kind in (NodeKind.USER, NodeKind.MANUAL)
        told = _told(reading, element, "step" if kind.is_step else "named", Step if kind.is_step else Told)
        if is_step and element.find(f"{{{BPMN}}}extensionElements/{{{OWN}}}step") is None:
            reading.slip(element, "没有写明由谁办理", "it does not say who acts",
                         Words("加上 <xz:step actor=\"…\"/>。", "Add <xz:step actor=\"…\"/>."))  # fmt: skip
        many = element.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
        yield Node(
            id=element.get("id", ""), kind=kind, name=own_words(element.get("name") or "", told.en if told else ""),
            line=element.sourceline or 1, step=told if isinstance(told, Step) else None, timer=_timer(element),
            on=element.get("attachedToRef", "") if kind is NodeKind.BOUNDARY else "",
            interrupts=element.get("cancelActivity", "true") == "true",
            called=element.get("calledElement", "")[:80] if kind is NodeKind.CALL else "",
            many="" if many is None else _many(reading, element, many),
            in_turn=many is not None and many.get("isSequential") == "true", default=element.get("default", ""),
        )  # fmt: skip


def _timer(element: Any) -> str:
    """What its timer says: ``date:…`` or ``hours:…``; empty without one."""
    for name, short in (("timeDate", "date"), ("timeDuration", "hours")):
        found = element.findtext(f"{{{BPMN}}}timerEventDefinition/{{{BPMN}}}{name}")
        if found is not None:
            return f"{short}:{found.strip()[:400]}"
    return ""


def _many(reading: _Reading, element: Any, loop: Any) -> str:
    told = (loop.findtext(f"{{{BPMN}}}loopDataInputRef") or "").strip()
    known = {one.get("id") for one in element.getparent().findall(f"{{{BPMN}}}property")}
    if told not in known:
        # A modeler drops a reference to what is not declared, without a word.
        remedy = Words(
            "在流程中加 <bpmn:property id=… name=…/>，loopDataInputRef 指向它。",
            "Declare <bpmn:property id=… name=…/> in the process and refer to it by loopDataInputRef.",
        )
        said = told[:60]
        reading.slip(element, f"多实例的清单“{said}”未声明", f"the list {said!r} is not declared", remedy)
    return told[:60]


def _flows(reading: _Reading, process: Any) -> Iterator[Flow]:
    for element in process.findall(f"{{{BPMN}}}sequenceFlow"):
        told = _told(reading, element, "named", Told)
        condition = element.findtext(f"{{{BPMN}}}conditionExpression")
        yield Flow(
            element.get("id", ""), element.get("sourceRef", ""), element.get("targetRef", ""),
            own_words(element.get("name") or "", told.en if told else ""), element.sourceline or 1,
            "" if condition is None else condition.strip() or " ",
        )  # fmt: skip


def _drawing(reading: _Reading, root: Any) -> Drawing:
    boxes, ways, labels = dict[str, Box](), dict[str, tuple[Point, ...]](), dict[str, Box]()
    for shape in root.iter(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge"):
        of = shape.get("bpmnElement", "")
        if shape.tag.endswith("BPMNShape"):
            box = _box(reading, shape, shape.find(f"{{{DC}}}Bounds"))
            if box is not None:
                boxes[of] = box
        else:
            points = tuple(_point(one) for one in shape.findall(f"{{{DI}}}waypoint"))
            if len(points) < 2 or not all(_is_near(*point) for point in points):
                reading.slip(shape, "连线的折点不全或超出图幅", "its way lacks points or leaves the sheet",
                             Words("在建模工具里重新连线。", "Draw the connection anew in the modeler."))  # fmt: skip
            ways[of] = points
        label = shape.find(f"{{{BPMNDI}}}BPMNLabel/{{{DC}}}Bounds")
        if label is not None and (placed := _box(reading, shape, label)) is not None:
            labels[of] = placed
    return Drawing(boxes, ways, labels)


def _number(text: str | None) -> float:
    try:
        return float(text or "")
    except ValueError:
        return math.nan


def _point(element: Any) -> Point:
    return _number(element.get("x")), _number(element.get("y"))


def _is_near(*values: float) -> bool:
    return all(math.isfinite(value) and abs(value) <= FARTHEST_PX for value in values)


def _box(reading: _Reading, shape: Any, bounds: Any) -> Box | None:
    values = (
        [math.nan]
        if bounds is None
        else [_number(bounds.get(name)) for name in ("x", "y", "width", "height")]
    )
    if not _is_near(*values) or min(values[2:], default=0.0) <= 0:
        reading.slip(shape, "图形没有位置或大小", "the shape has no place or size",
                     Words("在建模工具里重新放置。", "Place it anew in the modeler."))  # fmt: skip
        return None
    return Box(*values)
