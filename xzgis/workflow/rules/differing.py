"""What a version changes in another, in words: steps added, removed, renamed, their clocks, and where the ways lead."""

from collections.abc import Iterator, Mapping

from xzgis.core.words import Words
from xzgis.workflow.terms import Definition, Flow, Grounded, Node

FACTS: Mapping[str, Words] = {
    "actor": Words("办理人", "who acts"),
    "working_days": Words("时限（工作日）", "working days"),
    "hours": Words("时限（小时）", "hours"),
    "stops_clock": Words("不计入时限", "does not count"),
    "document": Words("文书", "document"),
    "note": Words("说明", "remark"),
    "basis": Words("依据", "legal basis"),
    "confidence": Words("可信程度", "how well known"),
    "source": Words("来源", "source"),
    "statutory_days": Words("法定时限（工作日）", "statutory working days"),
    "extension_days": Words("可延长（工作日）", "extension in working days"),
    "promised_days": Words("承诺时限（工作日）", "promised working days"),
}


def differences(before: Definition, after: Definition) -> tuple[Words, ...]:
    """What ``after`` changes in ``before``, the clock of the whole first; empty: nothing, not even the drawing."""
    told = [
        *_renamed(Words("流程", "process"), before.name, after.name),
        *_facts(Words("流程", "process"), before.procedure, after.procedure),
        *_nodes(before, after),
        *_ways(before, after),
    ]
    told += _words_alone(before, after) if not told else []
    if not told and before.drawing != after.drawing:
        told.append(Words("只改了图形的位置", "only the drawing is laid out anew"))
    return tuple(told)


def called(node: Node) -> Words:
    """A node as it is spoken of."""
    name = node.name if node.name.zh else node.kind.words
    return Words(f"“{name.zh}”", f"“{name.en}”")


def _nodes(before: Definition, after: Definition) -> Iterator[Words]:
    for node in after.nodes.values():
        if node.id not in before.nodes:
            kind, name = node.kind.words, called(node)
            yield Words(f"新增{kind.zh}{name.zh}", f"added: {kind.en} {name.en}")
    for node in before.nodes.values():
        other = after.nodes.get(node.id)
        if other is None:
            kind, name = node.kind.words, called(node)
            yield Words(f"删去{kind.zh}{name.zh}", f"removed: {kind.en} {name.en}")
        else:
            yield from _changed(node, other)


def _changed(before: Node, after: Node) -> Iterator[Words]:
    name = called(after)
    yield from _renamed(before.kind.words, before.name, after.name)
    if before.kind is not after.kind:
        yield _told(name, Words("类型", "kind"), before.kind.words, after.kind.words)
    if before.step is not None and after.step is not None:
        yield from _facts(name, before.step, after.step)
    elif (before.step is None) is not (after.step is None):
        yield Words(f"{name.zh}的办理事实有增删", f"{name.en}: its facts came or went")
    for label, old, new in (
        (Words("定时", "timer"), before.timer, after.timer),
        (Words("所在步骤", "step it sits on"), before.on, after.on),
        (Words("到时是否中止该步骤", "ends its step"), str(before.interrupts), str(after.interrupts)),
        (Words("调用的流程", "process called"), before.called, after.called),
        (Words("逐项办理的清单", "once for each of"), before.many, after.many),
        (Words("是否依次办理", "one after the other"), str(before.in_turn), str(after.in_turn)),
    ):
        if old != new:
            yield _told(name, label, Words(old, old), Words(new, new))


def _renamed(what: Words, before: Words, after: Words) -> Iterator[Words]:
    if before.zh != after.zh:
        yield Words(
            f"{what.zh}“{before.zh}”改名为“{after.zh}”", f"{what.en} “{before.en}” is renamed “{after.en}”"
        )


def _facts(name: Words, before: Grounded, after: Grounded) -> Iterator[Words]:
    for token, label in FACTS.items():
        old, new = getattr(before, token, None), getattr(after, token, None)
        if old != new:
            yield _told(name, label, _value(old), _value(new))


def _value(value: object) -> Words:
    if isinstance(value, str) and not hasattr(value, "words"):
        value = {"yes": Words("是", "yes"), "no": Words("否", "no")}.get(value, value)
    said = getattr(value, "words", value)
    return said if isinstance(said, Words) else Words(str(said or ""), str(said or ""))


def _told(name: Words, what: Words, old: Words, new: Words) -> Words:
    return Words(
        f"{name.zh}的{what.zh}由 {old.zh or '无'} 改为 {new.zh or '无'}",
        f"{name.en}: {what.en} from {old.en or 'none'} to {new.en or 'none'}",
    )


def _way(found: Definition, flow: Flow) -> Words:
    source, target = called(found.nodes[flow.source]), called(found.nodes[flow.target])
    named = Words(f"（{flow.name.zh}）", f" ({flow.name.en})") if flow.name.zh else Words("", "")
    return Words(f"{source.zh}→{target.zh}{named.zh}", f"{source.en} → {target.en}{named.en}")


def _ways(before: Definition, after: Definition) -> Iterator[Words]:
    """Ways by what they join, since a modeler gives a redrawn one another id."""

    def by_ends(found: Definition) -> dict[tuple[str, str, str], Flow]:
        return {(flow.source, flow.target, flow.condition): flow for flow in found.flows.values()}

    old, new = by_ends(before), by_ends(after)
    for key in sorted(new.keys() - old.keys()):
        way, condition = _way(after, new[key]), key[2]
        tail = Words(f"，条件 {condition}", f", where {condition}") if condition else Words("", "")
        yield Words(f"新增去向 {way.zh}{tail.zh}", f"new way {way.en}{tail.en}")
    for key in sorted(old.keys() - new.keys()):
        way, condition = _way(before, old[key]), key[2]
        tail = Words(f"，条件 {condition}", f", where {condition}") if condition else Words("", "")
        yield Words(f"取消去向 {way.zh}{tail.zh}", f"way gone {way.en}{tail.en}")


def _words_alone(before: Definition, after: Definition) -> list[Words]:
    """Where nothing but wording differs: names of ways, English, remarks."""

    def said(found: Definition) -> object:
        nodes = {node.id: (node.name, node.step) for node in found.nodes.values()}
        ways = sorted((flow.source, flow.target, flow.name.zh, flow.name.en) for flow in found.flows.values())
        return found.about, found.name, nodes, ways, sorted(note.text for note in found.notes.values())

    return [Words("只改了文字", "only wording changes")] if said(before) != said(after) else []
