"""What people do to to-dos that no record ends, past tense. Reading a notice is nobody's business but the reader's."""

from dataclasses import dataclass
from typing import ClassVar

from xzgis.audit.record import Event


@dataclass(frozen=True)
class TodoCalledDone(Event):
    """Somebody called a to-do done by hand; ``object_id`` is its number."""

    name: ClassVar[str] = "notices.todo.called_done"
    about: ClassVar[str] = "notices.notice"
    kind: str
    cause: str
