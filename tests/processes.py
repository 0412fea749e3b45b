"""Process files for tests: say only what the test is about."""

from collections.abc import Sequence

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:xz="urn:xzgis:workflow:1" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="t">\n'
)
ACT = '<bpmn:extensionElements><xz:step actor="窗口" {facts}/></bpmn:extensionElements>'
DATE = "<bpmn:timerEventDefinition><bpmn:timeDate>{text}</bpmn:timeDate></bpmn:timerEventDefinition>"
START, END = '<bpmn:startEvent id="start"/>', '<bpmn:endEvent id="end"/>'


def a_task(
    name: str, said: str = "", *, kind: str = "userTask", inner: str = "", facts: str = "", more: str = ""
) -> str:
    """A step with somebody who acts."""
    return f'<bpmn:{kind} id="{name}" name="{said or name}" {more}>{ACT.format(facts=facts)}{inner}</bpmn:{kind}>'


def a_flow(source: str, target: str, condition: str = "") -> str:
    """A way from one node to another."""
    inner = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    return f'<bpmn:sequenceFlow id="f_{source}_{target}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'


def a_choice(name: str, default: str = "") -> str:
    """A gateway that chooses."""
    said = f' default="{default}"' if default else ""
    return f'<bpmn:exclusiveGateway id="{name}"{said}/>'


def a_file(
    *parts: str,
    key: str = "trial",
    name: str = "试验流程",
    facts: str = 'en="Trial"',
    drawn: Sequence[str] | None = None,
) -> bytes:
    """A whole file of these nodes and flows, drawn in a row; ``drawn`` None: all of them are."""
    body = "\n".join(parts)
    ids = [one.split('"')[0] for one in body.split(' id="')[1:]]
    shapes = [one for one in ids if not one.startswith("f_")] if drawn is None else drawn
    drawing = [
        f'<bpmndi:BPMNShape bpmnElement="{one}"><dc:Bounds x="{at * 150}" y="0" width="100" height="80"/></bpmndi:BPMNShape>'
        for at, one in enumerate(shapes)
    ]
    drawing += [
        f'<bpmndi:BPMNEdge bpmnElement="{one}"><di:waypoint x="0" y="0"/><di:waypoint x="50" y="0"/></bpmndi:BPMNEdge>'
        for one in ids
        if one.startswith("f_")
    ]
    told = f"<bpmn:extensionElements><xz:procedure {facts}/></bpmn:extensionElements>"
    text = (
        f'{HEAD}<bpmn:process id="{key}" name="{name}" isExecutable="true">{told}\n{body}\n</bpmn:process>\n'
        f'<bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="{key}">{"".join(drawing)}</bpmndi:BPMNPlane>'
        "</bpmndi:BPMNDiagram>\n</bpmn:definitions>\n"
    )
    return text.encode()


def a_process(
    *more: str, said: str = "受理", facts: str = "", key: str = "trial", name: str = "试验流程"
) -> bytes:
    """The smallest sound process: start, one step, end."""
    parts = (
        START,
        a_task("accept", said, facts=facts),
        END,
        a_flow("start", "accept"),
        a_flow("accept", "end"),
    )
    return a_file(*parts, *more, key=key, name=name)
