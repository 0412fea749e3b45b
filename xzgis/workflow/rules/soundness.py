"""Whether a process can run to an end from wherever it stands; every fault with its element."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from xzgis.core.words import Words
from xzgis.workflow.rules.expressions import is_hours, is_name, refusal_of
from xzgis.workflow.rules.running import standing_still
from xzgis.workflow.rules.told import Slip
from xzgis.workflow.terms import LONGEST_NAME, MOST_FLOWS, MOST_NODES, Definition, Flow, Node, NodeKind

CHOOSES = (NodeKind.EXCLUSIVE, NodeKind.INCLUSIVE)
_EXPRESSION = Words(
    "只用名称、常量、比较、与或非、列表与下标，如 decision == 'grant'。",
    "Use names, constants, comparisons, and/or/not, lists and subscripts, as decision == 'grant'.",
)
_JOIN = Words("把连线接到流程里的节点上。", "Connect it to nodes of the process.")


def faults_of(found: Definition) -> list[Slip]:
    """Everything that is wrong with a definition; empty: it is sound."""
    if len(found.nodes) > MOST_NODES or len(found.flows) > MOST_FLOWS:
        words = Words(
            f"超过 {MOST_NODES} 个节点或 {MOST_FLOWS} 条连线",
            f"more than {MOST_NODES} nodes or {MOST_FLOWS} flows",
        )
        remedy = Words("拆成几个流程，用子流程相连。", "Split it into processes that call each other.")
        return [Slip(found.key, 1, words, remedy)]
    broken = list(_flows_join(found))
    # Where a flow leads nowhere, what can be reached cannot be told.
    walks = [] if broken else [*_ends(found), *_reached(found)]
    if not broken and not walks:
        walks = standing_still(found)
    return [
        *broken,
        *chain.from_iterable(_node(found, node) for node in found.nodes.values()),
        *chain.from_iterable(_flow(found, flow) for flow in found.flows.values()),
        *_drawn(found), *_named(found), *walks,
    ]  # fmt: skip


def _of(thing: Node | Flow, zh: str, en: str, remedy: Words) -> Slip:
    return Slip(thing.id, thing.line, Words(zh, en), remedy)


def _flows_join(found: Definition) -> Iterator[Slip]:
    for flow in found.flows.values():
        if flow.source not in found.nodes or flow.target not in found.nodes:
            yield _of(flow, "连线的一端不是流程里的节点", "one of its ends is no node of the process", _JOIN)
        elif found.nodes[flow.source].kind is NodeKind.END:
            yield _of(flow, "结束之后不能再有连线", "nothing follows an end", _JOIN)
        elif found.nodes[flow.target].kind in (NodeKind.START, NodeKind.BOUNDARY):
            yield _of(flow, "连线不能通向开始或边界定时", "it leads into a start or a boundary timer", _JOIN)
    for node in found.nodes.values():
        host = found.nodes.get(node.on)
        if node.kind is NodeKind.BOUNDARY and (host is None or not host.kind.is_step):
            yield _of(node, "边界定时没有挂在办理步骤上", "it sits on no step",
                      Words("把它放到一个步骤的边上。", "Place it on the edge of a step."))  # fmt: skip


def _node(found: Definition, node: Node) -> Iterator[Slip]:
    out = [flow for flow in found.flows.values() if flow.source == node.id]
    if node.kind.is_step:
        yield from _step(node)
    if not node.kind.is_gateway and len(out) > 1:
        yield _of(node, f"有 {len(out)} 条去向", f"{len(out)} flows leave it",
                  Words("在它后面加网关，由网关分路。", "Put a gateway behind it that parts the ways."))  # fmt: skip
    if node.kind in (NodeKind.BOUNDARY, NodeKind.CATCH):
        yield from _timer(node)
    if node.kind in CHOOSES and len(out) > 1:
        yield from _choice(node, out)
    elif node.default:
        yield _of(node, "只有分路的选择网关才有默认去向", "only a gateway that chooses has a default",
                  Words("取消默认去向。", "Take the default away."))  # fmt: skip


def _step(node: Node) -> Iterator[Slip]:
    step = node.step
    if node.kind is NodeKind.CALL and not node.called:
        yield _of(node, "没有写明调用哪个流程", "it does not say which process it calls",
                  Words("填写 calledElement。", "Fill in calledElement."))  # fmt: skip
    if node.many and not is_name(node.many):
        yield _of(
            node, f"多实例的清单“{node.many}”不是名称", f"the list {node.many!r} is no name", _EXPRESSION
        )
    if step is not None and (step.working_days or step.hours) and not (step.basis and step.confidence):
        yield _of(node, "有时限而没有依据", "it has a clock and no legal basis",
                  Words("填写 basis 与 confidence（verified、memory、local）。",
                        "Fill in basis and confidence (verified, memory, local)."))  # fmt: skip
    if step is not None and step.working_days and step.hours:
        yield _of(node, "同时写了工作日与小时", "it has working days and hours",
                  Words("只留一种时限。", "Keep one of them."))  # fmt: skip


def _timer(node: Node) -> Iterator[Slip]:
    sort, _, text = node.timer.partition(":")
    if not sort:
        yield _of(
            node,
            "没有定时",
            "it has no timer",
            Words("填写 timeDate 或 timeDuration。", "Fill in timeDate or timeDuration."),
        )
    elif sort == "hours" and not is_hours(text):
        remedy = Words(
            '写如 "PT24H"；以工作日计的期限由日历算出，用 timeDate 引用，如 due_at。',
            'Write as "PT24H"; working days come from the calendar: refer to their date by timeDate, as due_at.',
        )
        said = text[:60]
        yield _of(node, f"时长“{said}”不是以小时计的常量", f"{said!r} is no constant of hours", remedy)
    elif sort == "date" and (why := refusal_of(text)) is not None:
        yield Slip(node.id, node.line, why, _EXPRESSION)


def _choice(node: Node, out: list[Flow]) -> Iterator[Slip]:
    if node.default not in {flow.id for flow in out}:
        yield _of(node, "没有默认去向，条件都不成立时事项会停在这里", "without a default a case stands still where nothing holds",
                  Words("把其中一条连线设为默认去向。", "Make one of its flows the default."))  # fmt: skip
    for flow in out:
        if not flow.condition and flow.id != node.default:
            yield _of(flow, "没有条件，也不是默认去向", "it has no condition and is not the default",
                      Words("填写条件。", "Fill in a condition."))  # fmt: skip
        if flow.condition and flow.id == node.default:
            yield _of(
                flow,
                "默认去向不能有条件",
                "a default has no condition",
                Words("删去条件。", "Remove the condition."),
            )


def _flow(found: Definition, flow: Flow) -> Iterator[Slip]:
    if not flow.condition:
        return
    source = found.nodes.get(flow.source)
    out = sum(one.source == flow.source for one in found.flows.values())
    if source is not None and (source.kind not in CHOOSES or out < 2):
        yield _of(flow, "只有分路的选择网关的去向才有条件", "only ways out of a gateway that chooses have conditions",
                  Words("删去条件，或在前面加选择网关。", "Remove it, or put a choosing gateway before it."))  # fmt: skip
    why = refusal_of(flow.condition)
    if why is not None:
        yield Slip(flow.id, flow.line, why, _EXPRESSION)


def _named(found: Definition) -> Iterator[Slip]:
    remedy = Words(f"起一个 1 至 {LONGEST_NAME} 字的名称。", f"Give it a name of 1 to {LONGEST_NAME} signs.")
    if not 0 < len(found.name.zh) <= LONGEST_NAME:
        yield Slip(
            found.key,
            1,
            Words("流程没有名称，或名称过长", "the process has no name, or one too long"),
            remedy,
        )
    things: list[Node | Flow] = [*found.nodes.values(), *found.flows.values()]
    for thing in things:
        is_step = isinstance(thing, Node) and thing.kind.is_step
        if len(thing.name.zh) > LONGEST_NAME or (is_step and not thing.name.zh):
            yield _of(thing, "没有名称，或名称过长", "it has no name, or one too long", remedy)


def _drawn(found: Definition) -> Iterator[Slip]:
    remedy = Words("在建模工具里画出它再导出。", "Draw it in the modeler and export again.")
    lost = [one for one in found.nodes.values() if one.id not in found.drawing.boxes]
    ways: list[Node | Flow] = [
        *lost,
        *(one for one in found.flows.values() if one.id not in found.drawing.ways),
    ]
    for thing in ways:
        yield _of(thing, "图上没有它", "it is not in the drawing", remedy)


def _ends(found: Definition) -> Iterator[Slip]:
    starts = [node for node in found.nodes.values() if node.kind is NodeKind.START]
    if len(starts) != 1:
        yield Slip(found.key, 1, Words(f"有 {len(starts)} 个开始，应为一个", f"{len(starts)} starts instead of one"),
                   Words("只留一个开始。", "Keep one start."))  # fmt: skip
    if not any(node.kind is NodeKind.END for node in found.nodes.values()):
        yield Slip(found.key, 1, Words("没有结束", "it has no end"), Words("加上结束。", "Add an end."))


def _reached(found: Definition) -> Iterator[Slip]:
    def onward(at: str) -> Iterable[str]:
        yield from (flow.target for flow in found.flows.values() if flow.source == at)
        yield from (node.id for node in found.nodes.values() if node.on == at)

    def back(at: str) -> Iterable[str]:
        yield from (flow.source for flow in found.flows.values() if flow.target == at)

    reached = _walk((one.id for one in found.nodes.values() if one.kind is NodeKind.START), onward)
    ending = _walk((one.id for one in found.nodes.values() if one.kind is NodeKind.END), back)
    for node in found.nodes.values():
        if node.id not in reached:
            yield _of(
                node,
                "从开始走不到这里",
                "no way leads here from the start",
                Words("连上它，或删去它。", "Connect or remove it."),
            )
        elif node.id not in ending:
            yield _of(
                node,
                "从这里走不到结束",
                "no way leads from here to an end",
                Words("连到结束。", "Lead it to an end."),
            )


def _walk(begun: Iterable[str], onward: Callable[[str], Iterable[str]]) -> set[str]:
    ahead, seen = list(begun), set[str]()
    while ahead:
        at = ahead.pop()
        if at not in seen:
            seen.add(at)
            ahead += onward(at)
    return seen
