"""A process definition as it is read from BPMN 2.0: nodes, flows, the legal facts of each step, and the drawing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from xzgis.core.words import Words

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
#: The facts that BPMN has no words for; a modeler keeps them as extension elements.
OWN = "urn:xzgis:workflow:1"

LARGEST_FILE_BYTES = 1_000_000
MOST_NODES = 200
MOST_FLOWS = 400
LONGEST_NAME = 60
LONGEST_KEY = 40


class NodeKind(StrEnum):
    """What a node is, by its BPMN name: the whole list of what may stand in a process."""

    START = "startEvent"
    END = "endEvent"
    USER = "userTask"
    MANUAL = "manualTask"
    CALL = "callActivity"
    EXCLUSIVE = "exclusiveGateway"
    PARALLEL = "parallelGateway"
    INCLUSIVE = "inclusiveGateway"
    BOUNDARY = "boundaryEvent"
    CATCH = "intermediateCatchEvent"

    @property
    def is_step(self) -> bool:
        """Whether somebody acts here."""
        return self in (NodeKind.USER, NodeKind.MANUAL, NodeKind.CALL)

    @property
    def is_gateway(self) -> bool:
        """Whether it only leads on."""
        return self in (NodeKind.EXCLUSIVE, NodeKind.PARALLEL, NodeKind.INCLUSIVE)

    @property
    def words(self) -> Words:
        """What people read."""
        return _KINDS[self]


_KINDS: Mapping[NodeKind, Words] = {
    NodeKind.START: Words("开始", "start"),
    NodeKind.END: Words("结束", "end"),
    NodeKind.USER: Words("经办", "done on screen"),
    NodeKind.MANUAL: Words("线下办理", "done off screen"),
    NodeKind.CALL: Words("子流程", "process called"),
    NodeKind.EXCLUSIVE: Words("选择", "choice"),
    NodeKind.PARALLEL: Words("并行", "all at once"),
    NodeKind.INCLUSIVE: Words("按需并行", "those that apply"),
    NodeKind.BOUNDARY: Words("超时", "time runs out"),
    NodeKind.CATCH: Words("等待", "wait"),
}

Text = Annotated[str, Field(max_length=300)]
Days = Annotated[int | None, Field(ge=1, le=400)]


class Confidence(StrEnum):
    """How well a figure is known: read at its source, remembered, or set by the city itself."""

    VERIFIED = "verified"
    MEMORY = "memory"
    LOCAL = "local"

    @property
    def words(self) -> Words:
        """What people read."""
        return _CONFIDENCES[self]


_CONFIDENCES: Mapping[Confidence, Words] = {
    Confidence.VERIFIED: Words("已核对原文", "verified"),
    Confidence.MEMORY: Words("凭记忆，待核对", "from memory, to be checked"),
    Confidence.LOCAL: Words("本地规定", "local rule"),
}


class Told(BaseModel):
    """What stands in an ``xz:`` element: nothing beside the known names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    en: Text = ""


class Grounded(Told):
    """Facts that come from somewhere: legal basis, how well it is known, and the key of its source."""

    basis: Text = ""
    confidence: Confidence | None = None
    source: Text = ""


class Procedure(Grounded):
    """The clock of a whole process in working days: as the law says, how far it may be extended, as promised here.

    None: the law sets none; the city has not entered its own promise.
    """

    statutory_days: Days = None
    extension_days: Days = None
    promised_days: Days = None


class Step(Grounded):
    """Who acts, within how long, and which document is issued.

    ``stops_clock``: its time does not count towards the clock of the process. ``working_days`` and ``hours`` None: no
    time of its own.
    """

    actor: Annotated[str, Field(min_length=1, max_length=100)]
    actor_en: Text = ""
    working_days: Days = None
    hours: Annotated[int | None, Field(ge=1, le=720)] = None
    stops_clock: Literal["yes", "no"] = "no"
    document: Text = ""
    document_en: Text = ""
    note: Text = ""
    note_en: Text = ""

    @property
    def actor_words(self) -> Words:
        """Who acts."""
        return Words(self.actor, self.actor_en or self.actor)

    @property
    def document_words(self) -> Words:
        """What is issued; empty: nothing."""
        return Words(self.document, self.document_en or self.document)

    @property
    def note_words(self) -> Words:
        """What else is to be known."""
        return Words(self.note, self.note_en or self.note)


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the process.

    Attributes
    ----------
    step
        Its legal facts; None where nobody acts.
    timer
        When it fires: an expression that gives a date, or a constant of hours; empty without a timer.
    on
        The step on whose edge it sits; empty elsewhere.
    interrupts
        Whether that step ends when it fires.
    called
        Key of the process that is called.
    many
        What it is done once for each of; empty: once.
    in_turn
        Those are done one after the other.
    """

    id: str
    kind: NodeKind
    name: Words
    line: int
    step: Step | None = None
    timer: str = ""
    on: str = ""
    interrupts: bool = True
    called: str = ""
    many: str = ""
    in_turn: bool = False
    default: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """A way from one node to the next; ``condition`` empty: always, or where no other holds."""

    id: str
    source: str
    target: str
    name: Words
    line: int
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A remark in the drawing."""

    id: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody proposes: a file, why, on what ground, and from when (None: once approved)."""

    bpmn: bytes
    reason: str
    source: str
    wanted_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """Where something is drawn: left upper corner and size, in pixels."""

    x: float
    y: float
    width: float
    height: float


Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The drawing as it came in the file: boxes by node or note, ways by flow, places of names."""

    boxes: Mapping[str, Box]
    ways: Mapping[str, tuple[Point, ...]]
    labels: Mapping[str, Box]


@dataclass(frozen=True, slots=True)
class Definition:
    """One process as its file says it; nodes and flows in the order of the file."""

    key: str
    name: Words
    procedure: Procedure
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    notes: Mapping[str, Note]
    drawing: Drawing
    about: str = ""

    def steps(self) -> tuple[Node, ...]:
        """Where somebody acts, in the order in which they are reached, near ones first."""
        ahead, seen = (
            [node.id for node in self.nodes.values() if node.kind is NodeKind.START],
            dict[str, None](),
        )
        while ahead:
            at = ahead.pop(0)
            if at in seen:
                continue
            seen[at] = None
            ahead += [one.id for one in self.nodes.values() if one.on == at]
            ahead += [flow.target for flow in self.flows.values() if flow.source == at]
        return tuple(self.nodes[at] for at in seen if self.nodes[at].kind.is_step)

    def calls(self) -> tuple[str, ...]:
        """Keys of the processes that it calls."""
        return tuple(dict.fromkeys(node.called for node in self.nodes.values() if node.called))
