"""Processes that call others: what is called is there, and nothing calls itself in a circle."""

from collections.abc import Mapping

from xzgis.core.errors import Fault, Invalid
from xzgis.core.words import Words
from xzgis.workflow.terms import Definition

KNOWN = Words(
    "先提出被调用的流程，批准后再提出本流程。",
    "Propose the process that is called first, and this one once it is approved.",
)
CIRCLE = Words("改为不互相调用。", "Let them not call each other.")


def check_calls(found: Definition, known: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse a process that calls what is not there, or that would come back to itself.

    Parameters
    ----------
    known
        What each process in force calls.

    Raises
    ------
    Invalid
        Each call that does not hold, with its element and line.
    """
    faults = []
    for node in found.nodes.values():
        if not node.called:
            continue
        if node.called != found.key and node.called not in known:
            faults.append(
                _fault(
                    node.id,
                    node.line,
                    Words(f"没有流程“{node.called}”", f"no process {node.called!r}"),
                    KNOWN,
                )
            )
        elif _comes_back(node.called, found.key, known):
            faults.append(
                _fault(node.id, node.line, Words("流程最终调用了自己", "in the end it calls itself"), CIRCLE)
            )
    if faults:
        raise Invalid(faults[0].words, faults=tuple(faults))


def _fault(element: str, line: int, why: Words, remedy: Words) -> Fault:
    words = Words(f"第 {line} 行 {element}：{why.zh}", f"line {line}, {element}: {why.en}")
    return Fault(("bpmn", element, line), words, remedy)


def _comes_back(called: str, key: str, known: Mapping[str, tuple[str, ...]]) -> bool:
    ahead, seen = [called], set[str]()
    while ahead:
        at = ahead.pop()
        if at == key:
            return True
        if at not in seen:
            seen.add(at)
            ahead += known.get(at, ())
    return False
