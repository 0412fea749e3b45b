"""Shapes of process definitions, their steps and their versions."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from xzgis.catalogue.terms.changes import LONGEST_REASON, ChangeState
from xzgis.core.words import Words
from xzgis.workflow.models import ProcessVersion
from xzgis.workflow.terms import LARGEST_FILE_BYTES, Confidence, Definition, Node, NodeKind

Said = Annotated[str, Field(min_length=2, max_length=LONGEST_REASON, pattern=r"^[^\x00-\x1f\x7f]*$")]
Bpmn = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LARGEST_FILE_BYTES,
        description="The text of a BPMN 2.0 file, one process in it",
    ),
]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FileIn(_In):
    """A process to look at."""

    bpmn: Bpmn


class VersionIn(FileIn):
    """A version of the process that the file names, or a process that is new; somebody else decides."""

    reason: Said
    source: Annotated[Said, Field(description="Law and clause, or the number of the decision")]
    wanted_from: Annotated[
        AwareDatetime | None, Field(description="From when, with its time zone; null: once approved")
    ] = None


class DecisionIn(_In):
    """What a second person decides, and why; ``from_at`` null is the time that was asked for."""

    approved: bool
    reason: Said
    from_at: AwareDatetime | None = None


class ReasonIn(_In):
    """Why."""

    reason: Said


class WordsOut(BaseModel):
    """A name or sentence in both languages."""

    zh: str
    en: str

    @classmethod
    def of(cls, words: Words) -> "WordsOut":
        """The words as they are answered."""
        return cls(zh=words.zh, en=words.en)


class StepOut(BaseModel):
    """A step: who acts, within how long, which document is issued, and on what legal basis.

    ``working_days`` and ``hours`` null: no time of its own. ``stops_clock``: it does not count towards the clock of the
    process. ``confidence`` ``memory``: the figure is to be checked against its source.
    """

    id: str
    kind: NodeKind
    name: WordsOut
    actor: WordsOut
    working_days: int | None
    hours: int | None
    stops_clock: bool
    document: WordsOut
    note: WordsOut
    basis: str
    confidence: Confidence | None
    source: str
    called: str
    for_each: str

    @classmethod
    def of(cls, node: Node) -> "StepOut":
        """The step as it is answered."""
        step, nothing = node.step, Words("", "")
        return cls(
            id=node.id, kind=node.kind, name=WordsOut.of(node.name), called=node.called, for_each=node.many,
            actor=WordsOut.of(step.actor_words if step else nothing), working_days=step.working_days if step else None,
            hours=step.hours if step else None, stops_clock=step is not None and step.stops_clock == "yes",
            document=WordsOut.of(step.document_words if step else nothing),
            note=WordsOut.of(step.note_words if step else nothing), basis=step.basis if step else "",
            confidence=step.confidence if step else None, source=step.source if step else "",
        )  # fmt: skip


class DefinitionOut(BaseModel):
    """A process as its file says it: its clock in working days, and its steps as they are reached."""

    process: str
    name: WordsOut
    about: str
    statutory_days: int | None
    extension_days: int | None
    promised_days: int | None
    basis: str
    confidence: Confidence | None
    source: str
    steps: list[StepOut]

    @classmethod
    def of(cls, found: Definition) -> "DefinitionOut":
        """The process as it is answered."""
        told = found.procedure
        return cls(
            process=found.key, name=WordsOut.of(found.name), about=found.about, statutory_days=told.statutory_days,
            extension_days=told.extension_days, promised_days=told.promised_days, basis=told.basis,
            confidence=told.confidence, source=told.source, steps=[StepOut.of(node) for node in found.steps()],
        )  # fmt: skip


class VersionOut(BaseModel):
    """A version: its number once approved, who proposed and who decided it, from when it is in force."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    process_key: str
    number: int | None
    digest: str
    is_shipped: bool
    reason: str
    source: str
    wanted_from: datetime | None
    proposed_by: str
    proposed_for: str | None
    proposed_at: datetime
    state: ChangeState
    decided_by: str | None
    decided_at: datetime | None
    decided_reason: str | None
    in_force_from: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    withdrawn_reason: str | None

    @classmethod
    def of(cls, version: ProcessVersion) -> "VersionOut":
        """The version as it is answered."""
        return cls.model_validate(version)


class ProcessOut(BaseModel):
    """A process as it is in force."""

    version: VersionOut
    definition: DefinitionOut


class ProcessesOut(BaseModel):
    """Every process that is in force, and the versions that wait for a decision."""

    items: list[ProcessOut]
    waiting: list[VersionOut]


class VersionsOut(BaseModel):
    """Versions of one process, the newest first."""

    items: list[VersionOut]


class WholeVersionOut(ProcessOut):
    """A version, what it says, and what it changes in ``against``; null: in nothing, the process is new."""

    against: int | None
    differences: list[WordsOut]
